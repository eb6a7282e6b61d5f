"""`bin/desk crowd` needs a desk to write to."""

from pathlib import Path

import pytest

from dev import crowd, desk
from dev.errors import SetupError


def test_without_a_desk_it_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALCAO_VAR", str(tmp_path))
    with pytest.raises(SetupError, match="No desk runs here"):
        desk.main(["crowd"])


def test_its_options_are_explained_without_a_desk(capfd: pytest.CaptureFixture[str]) -> None:
    assert crowd.main(["--help"]) == 0
    assert "--goals" in capfd.readouterr().out
