"""The page on several databases says of every table where it would be."""

import re
from importlib import import_module
from pathlib import Path

from sla_service.database.base import Base

ROOT = Path(__file__).parents[2]
_HEADING = "### One desk on a distributed PostgreSQL"


def test_every_table_has_its_place() -> None:
    for module in (ROOT / "sla_service").rglob("*tables.py"):
        import_module(".".join(module.relative_to(ROOT).with_suffix("").parts))
    page = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    placed = page.split(_HEADING)[1].split("A unique constraint must")[0]
    named = re.findall(r"`([\w.]+)`", placed)
    ours = set(Base.metadata.tables)
    assert sorted(one for one in named if one in ours) == sorted(ours)
