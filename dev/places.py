"""Where things lie: what belongs to the code, and what belongs to one running desk."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Places:
    """The folders of one desk; several desks may share the code and each have its own `var`."""

    root: Path
    var: Path

    @property
    def python(self) -> str:
        """The interpreter of the tools' and the service's environment."""
        return sys.executable

    @property
    def bot_python(self) -> str:
        """The interpreter of the bot's environment."""
        return str(self.root / "bot" / ".venv" / "bin" / "python")

    @property
    def models(self) -> Path:
        """Trained models: they follow from the code alone, so that every desk shares them."""
        return self.root / "var" / "models"

    @property
    def training_cache(self) -> Path:
        """What Rasa keeps between trainings."""
        return self.root / "var" / "rasa-cache"

    @property
    def postgres(self) -> Path:
        """The private PostgreSQL server."""
        return self.var / "postgres"

    @property
    def secrets(self) -> Path:
        """The secrets made for this desk."""
        return self.var / "secrets.json"

    @property
    def lock(self) -> Path:
        """Held while a desk runs here."""
        return self.var / "dev.lock"

    @property
    def ready(self) -> Path:
        """Addresses, process ids and environment of the running desk, for tests and tools."""
        return self.var / "ready.json"

    def tool(self, name: str) -> str:
        """A command of the tools' environment."""
        return str(Path(self.python).with_name(name))


def find(settings: Mapping[str, str] = os.environ, var: str | None = None) -> Places:
    """The places of the desk in `var`, or in BALCAO_VAR, or in the root's own var/."""
    chosen = Path(var or settings.get("BALCAO_VAR") or ROOT / "var")
    return Places(root=ROOT, var=chosen.expanduser().resolve())
