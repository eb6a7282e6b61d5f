"""What the security page claims, a test proves: each that it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_test_the_page_names_is_there_and_tests_something() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", _PAGE))
    assert len(named) > 20
    for name in named:
        assert re.search(r"^(async )?def test_", (ROOT / name).read_text("utf-8"), re.MULTILINE), (
            name
        )


def test_no_threat_stands_without_a_test() -> None:
    table = _PAGE.split("## What we do")[1].split("## What we don't")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "---" not in line]
    assert len(rows) > 12
    assert [row for row in rows[1:] if "`tests/" not in row] == []


def test_no_test_of_the_room_is_left_out() -> None:
    room = ROOT / "tests" / "sla_service" / "security"
    left_out = [one.name for one in room.glob("test_*.py") if one.name not in _PAGE]
    assert left_out == []
