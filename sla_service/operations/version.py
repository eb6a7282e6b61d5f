"""What this desk is: its version, what it was built from, and the tables it expects."""

import tomllib
from dataclasses import dataclass

from alembic.script import ScriptDirectory

from sla_service.database import migrations
from sla_service.settings import ROOT, Settings


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the desk."""

    version: str
    commit: str
    """Empty where nobody wrote it down."""
    schema: str
    """The revision of the tables that it expects."""


def of(settings: Settings) -> Version:
    """The version of this code."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return Version(project["version"], settings.commit, expected_schema())


def expected_schema() -> str:
    """The newest revision of the tables that this code knows."""
    return str(ScriptDirectory.from_config(migrations.configuration("")).get_current_head())


def known_schemas() -> list[str]:
    """The revisions that this code knows, newest first."""
    scripts = ScriptDirectory.from_config(migrations.configuration(""))
    return [script.revision for script in scripts.walk_revisions()]
