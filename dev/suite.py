"""What `bin/test` runs: every test, in the environment and with the processes that it needs."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from dev import bot, environment, guardian, model, places, postgres
from dev.places import Places
from dev.progress import Progress
from dev.steps import Run, Step

_OF_THE_BOT = ("tests/bot", "tests/actions", "tests/conversations")
_END_TO_END = "tests/e2e"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A page and six processes share two cores: one test in thousands loses its patience. What failed is
# tried once more, with a desk of its own, until one fails again; both tries can be read.
_ONCE_MORE = ("--last-failed", "--last-failed-no-failures", "none", "--maxfail", "1")
_HELP = """\
usage: bin/test [--fast] [pytest options and paths]

Without paths every test is run, each in the environment it belongs to, then the bot's stories
(`rasa test`) and the tests in a real browser. Paths and options go to pytest.

  --fast    leave out the tests in a real browser"""


def main(arguments: Sequence[str]) -> int:
    """Set up what the tests need, run them, and say how long each part took."""
    if {"-h", "--help"} & set(arguments):
        print(_HELP)
        return 0
    fast = "--fast" in arguments
    options = [argument for argument in arguments if argument != "--fast"]
    progress = Progress()
    chosen = environment.settings(places.find())
    here = places.find(chosen)
    bot.sync(here, progress)
    env = environment.of_python(here, chosen)
    trained = model.ensure(here, progress, env)
    with _database(here, progress, env) as address:
        tested = {"BOT_MODEL": str(trained), "DESK_TEST_DATABASE_URL": address}
        run = Run(here.root, env | tested, progress)
        for step in _steps(here, trained, options):
            run.step(step)
        if not fast:
            _end_to_end(here, run, options)
    return run.summary()


@contextmanager
def _database(here: Places, progress: Progress, env: Mapping[str, str]) -> Iterator[str]:
    """A PostgreSQL of this run's own, or the one that the person names."""
    named = env.get("DESK_TEST_DATABASE_URL")
    if named:
        yield named
        return
    here.var.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=here.var, prefix="test-") as folder,
        guardian.watching(database=Path(folder) / "postgres"),
    ):
        yield postgres.start(Path(folder) / "postgres", progress)


def _steps(here: Places, trained: Path, options: list[str]) -> list[Step]:
    """The tests without a browser, those that `options` name or all."""
    paths, others = _split(here, options)
    of_the_desk = [path for path in paths if not path.startswith((*_OF_THE_BOT, _END_TO_END))]
    of_the_bot = [path for path in paths if path.startswith(_OF_THE_BOT)]
    steps = []
    if of_the_desk or not paths:
        steps.append(_desk(here, of_the_desk, others))
    if of_the_bot or not paths:
        steps.append(_bot(here, of_the_bot, others))
    if not options:
        steps.append(_stories(here, trained))
    return steps


def _desk(here: Places, paths: list[str], options: list[str]) -> Step:
    command = [here.python, "-m", "pytest", *options]
    if not paths:
        elsewhere = [f"--ignore={path}" for path in (*_OF_THE_BOT, _END_TO_END)]
        command += ["-n", "2", *elsewhere, "tests"]
    title = "Tests of the desk, the simulator and the tools"
    return Step(title, [*command, *paths], quiet=False, may_be_empty=bool(options))


def _bot(here: Places, paths: list[str], options: list[str]) -> Step:
    all_paths = [path for path in _OF_THE_BOT if (here.root / path).is_dir()]
    configured = ["-c", "bot/pyproject.toml", "--rootdir", str(here.root)]
    command = [
        here.bot_python,
        "-W",
        "ignore",
        "-m",
        "pytest",
        *configured,
        *options,
    ]
    title = "Tests of the bot and its actions"
    return Step(title, [*command, *(paths or all_paths)], quiet=False, may_be_empty=bool(options))


def _stories(here: Places, trained: Path) -> Step:
    command = [
        here.bot_python,
        "-W",
        "ignore",
        "-m",
        "rasa",
        "test",
        "core",
        "--e2e",
    ]
    command += [
        "--model",
        str(trained),
        "--stories",
        "tests/bot",
        "--out",
        str(here.var / "results"),
    ]
    command += ["--fail-on-prediction-errors", "--no-plot"]
    return Step("Stories of the bot (rasa test)", command)


def _end_to_end(here: Places, run: Run, options: list[str]) -> None:
    paths, others = _split(here, options)
    wanted = [path for path in paths if path.startswith(_END_TO_END)]
    if paths and not wanted:
        return
    title = "Tests with real processes and a real browser"
    if not any(map(shutil.which, _BROWSERS)):
        run.failed(
            title,
            "The tests in a real browser need Chromium. Install it (on Debian and Ubuntu: "
            "apt-get install chromium), or leave them out with `bin/test --fast`.",
        )
        return
    remembered = f"cache_dir={here.var / 'e2e' / 'remembered'}"
    command = [here.python, "-m", "pytest", "-o", remembered, *others, *(wanted or [_END_TO_END])]
    again = [*command, *_ONCE_MORE]
    run.step(Step(title, command, quiet=False, may_be_empty=bool(options), again=again))


def _split(here: Places, options: list[str]) -> tuple[list[str], list[str]]:
    """Pytest's arguments as paths, seen from the root, and the rest."""
    paths = [
        option
        for option in options
        if not option.startswith("-") and (here.root / option.split("::")[0]).exists()
    ]
    return paths, [option for option in options if option not in paths]
