"""Steps get a second chance where they ask for one, and the summary says so."""

import os
from pathlib import Path

import pytest

from dev.progress import Progress
from dev.steps import Run, Step

_PASSES, _FAILS = ["true"], ["false"]


@pytest.mark.parametrize(
    ("command", "again", "code"),
    [
        (_PASSES, (), 0),
        (_FAILS, (), 1),
        (_PASSES, _FAILS, 0),
        (_FAILS, _PASSES, 0),
        (_FAILS, _FAILS, 1),
    ],
)
def test_a_step_is_as_good_as_its_last_try(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    command: list[str],
    again: list[str],
    code: int,
) -> None:
    run = Run(tmp_path, os.environ, Progress())
    run.step(Step("Browser", command, quiet=False, again=again))
    assert run.summary() == code
    told = capfd.readouterr()
    assert ("twice" in told.out + told.err) == (command == _FAILS and bool(again))
