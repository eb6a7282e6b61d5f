"""Bodies that a fuzzer grows break no reader of webhooks; a longer run: `FUZZ_RUNS=2000000`."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.sla_service.whatsapp import samples

ROOT = Path(__file__).parents[3]
_RUNS = os.environ.get("FUZZ_RUNS", "20000")
_PATIENCE = 600 + int(_RUNS) / 100  # seconds; it ends by its own count long before


def test_no_body_breaks_the_reader_of_webhooks(tmp_path: Path) -> None:
    for nth, message in enumerate(samples.EVERY_TYPE):
        changes = (
            samples.change(messages=[message], contacts=[samples.CONTACT]),
            samples.change(statuses=[{**message, "status": "sent"}]),
            samples.change("user_id_update", user_id_update=[message]),
        )
        for kind, change in enumerate(changes):
            body = json.dumps(samples.envelope(change))
            (tmp_path / f"{nth}-{kind}").write_text(body)
    (tmp_path / "deep").write_text('{"entry": [' + "[" * 400 + '"\\u0000"' + "]" * 401 + "}")
    command = [sys.executable, "-m", "tests.sla_service.security.fuzzing", str(tmp_path), _RUNS]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=_PATIENCE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    assert f"stat::number_of_executed_units: {_RUNS}" in ended.stderr
