"""The trained model, known by a fingerprint of what it is made from."""

import fcntl
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dev import commands
from dev.errors import SetupError
from dev.places import Places
from dev.progress import Progress
from sla_service.operations.model import fingerprint

_KEPT = 4
_TAIL = 8
_EXCEPTION = re.compile(r"(\w+\.)*[A-Z]\w+:(?! +\d+%)")  # not a progress bar
_FRAME = re.compile(r'\s+File "(?!.*/site-packages/)')


def path_of(places: Places) -> Path:
    """Where the model of the files as they are now is, or would be."""
    return places.models / f"{fingerprint(places.root)}.tar.gz"


def ensure(
    places: Places, progress: Progress, env: Mapping[str, str], group: int | None = None
) -> Path:
    """The model of the files as they are now, trained unless it has been before."""
    if path_of(places).exists():
        path_of(places).touch()  # the least recently used are the ones to go
        return path_of(places)
    with progress.step("Training the bot's model (its data has changed)"), _alone(places):
        model = path_of(places)
        if not model.exists():  # another process may have trained it while we waited
            _train(places, model, env, group)
    _forget_old(places.models)
    return model


def _train(places: Places, model: Path, env: Mapping[str, str], group: int | None) -> None:
    """Train in a folder of its own, so that an interrupted training leaves no half model."""
    with tempfile.TemporaryDirectory(dir=places.models, prefix="training-") as scratch:
        command = [places.bot_python, "-W", "ignore", "-m", "rasa", "train"]
        command += ["--fixed-model-name", "model", "--out", scratch]
        trained = commands.run(command, cwd=places.root, env=env, group=group)
        made = Path(scratch) / "model.tar.gz"
        if trained.code or not made.exists():
            raise SetupError("The bot's model could not be trained. Rasa says:", explain(trained))
        shutil.move(made, model)


def explain(finished: commands.Finished) -> tuple[str, ...]:
    """The lines of Rasa's output that tell what is wrong, or its last ones.

    An exception is told with what follows it, and with the line of our own code that raised it.
    """
    lines = finished.lines
    raised = [at for at, line in enumerate(lines) if _EXCEPTION.match(line)]
    if raised:
        frames = [line for line in lines[: raised[-1]] if _FRAME.match(line)]
        where = frames[-1:] if "Traceback (most recent call last):" in lines else []
        return (*where, *lines[raised[-1] :])[:_TAIL]
    errors = [line for line in lines if "ERROR" in line]
    return tuple((errors or lines)[-_TAIL:])


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    places.models.mkdir(parents=True, exist_ok=True)
    with (places.models / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_old(models: Path) -> None:
    newest_first = sorted(models.glob("*.tar.gz"), key=lambda path: -path.stat().st_mtime)
    for old in newest_first[_KEPT:]:
        old.unlink(missing_ok=True)
