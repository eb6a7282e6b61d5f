"""Any Rasa command, in the bot's environment and with our model."""

import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from dev import bot, environment, guardian, health, model, places, ports, running
from dev.errors import SetupError
from dev.places import Places
from dev.progress import Progress

_USE_A_MODEL = frozenset({"run", "shell", "test"})
_TALK = frozenset({"interactive", "shell"})
_OPEN_TO_ALL = frozenset({"run", "shell"})  # unless told otherwise
_HELP = frozenset({"-h", "--help"})
_PATIENCE = 60.0  # seconds for the action server to start


def main(arguments: Sequence[str]) -> int:
    """Run `rasa …` at the root of the project."""
    progress = Progress()
    here = places.find(environment.settings(places.find()))
    bot.sync(here, progress)
    env = running.env_of(here) or running.env_without(here)
    env.pop("DESK_DATABASE_URL", None)  # what is tried out here stays out of the desk's database
    command = [here.bot_python, "-W", "ignore", "-m", "rasa"]
    command += _completed(list(arguments), here, progress, env)
    talks = bool(_TALK & set(arguments[:1])) and not ({"nlu", *_HELP} & set(arguments))
    if not talks or health.answers(_health_of_actions(env["ACTIONS_URL"])):
        return _run(command, here, env)
    with _actions(here, progress, env) as address:
        return _run(command, here, env | {"ACTIONS_URL": address})


def _completed(
    arguments: list[str], here: Places, progress: Progress, env: Mapping[str, str]
) -> list[str]:
    """`arguments` and what they leave open: the model, a free port, this machine alone."""
    name = arguments[0] if arguments else ""
    if _HELP & set(arguments) or arguments[:2] == ["run", "actions"]:
        return arguments
    extra: list[str] = []
    if name in _USE_A_MODEL and not _has(arguments, "-m", "--model"):
        extra += ["--model", str(model.ensure(here, progress, env))]
    if name in _TALK and "nlu" not in arguments and not _has(arguments, "-p", "--port"):
        extra += ["--port", str(ports.free().rasa)]
    if name in _OPEN_TO_ALL and "nlu" not in arguments and not _has(arguments, "-i", "--interface"):
        extra += ["--interface", ports.HOST]
    if name == "train" and not {"core", "nlu"} & set(arguments[1:2]):
        extra += _where_to_train(arguments, model.path_of(here))
    return arguments + extra


def _where_to_train(arguments: list[str], trained: Path) -> list[str]:
    if _has(arguments, "--out", "--fixed-model-name", "--dry-run"):
        return []
    return ["--out", str(trained.parent), "--fixed-model-name", trained.name.split(".")[0]]


def _has(arguments: list[str], *options: str) -> bool:
    return any(argument.split("=")[0] in options for argument in arguments)


@contextmanager
def _actions(here: Places, progress: Progress, env: Mapping[str, str]) -> Iterator[str]:
    """An action server for the length of a talk; gives the address for Rasa."""
    port = ports.free().actions
    address = f"http://{ports.HOST}:{port}/webhook"
    command = [here.bot_python, "-W", "ignore", "-m", "rasa_sdk"]
    command += ["--actions", "actions", "--port", str(port)]
    log = here.var / "actions.log"
    with guardian.watching() as group, log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=here.root, env=env, process_group=group, stdout=output, stderr=output
        )
        with progress.step("Starting the action server"):
            _wait_for(server, _health_of_actions(address), log)
        progress.console.print("· Orders can be looked up while [bold]bin/dev[/] runs as well.")
        yield address


def _wait_for(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = monotonic() + _PATIENCE
    while not health.answers(url):
        if server.poll() is not None or monotonic() > deadline:
            last = log.read_text(errors="replace").splitlines()[-5:]
            raise SetupError("The action server did not start. Its last words:", tuple(last))
        sleep(0.1)


def _health_of_actions(address: str) -> str:
    return address.removesuffix("/webhook") + "/health"


def _run(command: list[str], here: Places, env: Mapping[str, str]) -> int:
    """Run `command` on our terminal; Ctrl-C is for it to answer, not for us."""
    with subprocess.Popen(command, cwd=here.root, env=env) as process:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            raise
