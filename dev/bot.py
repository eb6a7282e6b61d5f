"""The bot's own environment (Python 3.10), brought up to date from its lock file."""

import os

from dev import commands
from dev.errors import SetupError
from dev.places import Places
from dev.progress import Progress

_TAIL = 6


def sync(places: Places, progress: Progress) -> None:
    """Make `bot/.venv` what `bot/uv.lock` says; costs milliseconds when nothing changed."""
    uv = os.environ.get("BALCAO_UV")
    if uv is None:
        raise SetupError("Start this through the scripts in bin/, which find uv first.")
    doing = "Bringing the bot's environment up to date (Python 3.10, Rasa; large the first time)"
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "PYTHONPATH"}
    }
    # uv asks the version manager from the folder it works in, so it has to work in bot/.
    in_bot = [uv, "--directory", str(places.root / "bot")]
    with progress.step(doing):
        synced = commands.run([*in_bot, "sync", "--frozen"], cwd=places.root, env=environment)
    if synced.code == 0:
        return
    if commands.run([*in_bot, "python", "find", "3.10"], cwd=places.root, env=environment).code:
        raise SetupError(
            "The bot needs Python 3.10 (Rasa runs on no newer one): it is not on this machine and "
            "could not be downloaded.",
            ("Install it (`uv python install 3.10` or `pyenv install 3.10`) and start again.",),
        )
    raise SetupError(
        "The bot's environment (bot/.venv) could not be brought up to date. uv says:",
        tuple(synced.lines[-_TAIL:]),
    )
