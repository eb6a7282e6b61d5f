"""Feeds the reader of webhooks with bodies that grow out of what reached new lines of it.

Runs in a process of its own: `python -m tests.sla_service.security.fuzzing CORPUS RUNS`.
"""

import contextlib
import json
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["sla_service.whatsapp"]):
    from sla_service.whatsapp import payload, reading, redaction

_READERS = {
    payload.UpdateKind.MESSAGE: (reading.message,),
    payload.UpdateKind.STATUS: (reading.status,),
    payload.UpdateKind.IDENTITY: (reading.identity_change,),
}


def body(given: bytes) -> None:
    """One body: it is unreadable, or each part of it is kept and can be forgotten."""
    try:
        updates = payload.split(given)
    except payload.UnreadableBody:
        return
    assert [one.key for one in updates] == [one.key for one in payload.split(given)]
    for one in updates:
        assert "\x00" not in one.key
        assert len(one.key) <= 300
        json.dumps(one.content)
        for read in _READERS.get(one.kind, ()):
            with contextlib.suppress(reading.UnreadableUpdate):
                read(one.content)
    redaction.without(given, ["5511987650001"])


def main() -> None:
    """Fuzz for a fixed number of runs; what breaks ends the process with a report."""
    corpus, runs = sys.argv[1], sys.argv[2]
    options = ["-seed=7", f"-runs={runs}", "-max_len=4096", "-print_final_stats=1"]
    folder = Path(corpus) / "found"
    folder.mkdir()
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/", corpus], body)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
