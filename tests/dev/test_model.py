"""A model is trained when something it is made from has changed, and only then."""

import sys
from pathlib import Path

import pytest

from dev import model
from dev.commands import Finished, without_colours
from dev.errors import SetupError
from dev.places import Places
from dev.progress import Progress

TRAINER = """\
#!{python}
import pathlib, sys
log = pathlib.Path("trainings")
log.write_text(log.read_text() + "x" if log.exists() else "x")
if "broken" in pathlib.Path("domain.yml").read_text():
    sys.exit("YamlException: a tab in domain.yml, line 3")
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
(out / "model.tar.gz").write_text("weights")
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project with a trainer of its own in the place of Rasa."""
    (tmp_path / "data" / "orders").mkdir(parents=True)
    (tmp_path / "data" / "orders" / "nlu.pt.yml").write_text("- cadê meu pedido?\n")
    (tmp_path / "domain.yml").write_text("intents: [track_order]\n")
    (tmp_path / "config.yml").write_text("pipeline: []\n")
    (tmp_path / "bot" / "components").mkdir(parents=True)
    (tmp_path / "bot" / "uv.lock").write_text("rasa 3.6.21\n")
    (tmp_path / "bot" / "components" / "intent.py").write_text("C = 10\n")
    trainer = tmp_path / "bot" / ".venv" / "bin" / "python"
    trainer.parent.mkdir(parents=True)
    trainer.write_text(TRAINER.replace("{python}", sys.executable))
    trainer.chmod(0o755)
    return tmp_path


def ensure(tree: Path) -> Path:
    return model.ensure(Places(root=tree, var=tree / "var"), Progress(), {})


def trainings(tree: Path) -> int:
    log = tree / "trainings"
    return len(log.read_text()) if log.exists() else 0


@pytest.mark.parametrize(
    "changed",
    [
        "data/orders/nlu.pt.yml",
        "data/orders/rules.yml",
        "domain.yml",
        "config.yml",
        "bot/components/intent.py",
        "bot/nlg.py",
        "bot/uv.lock",
    ],
)
def test_a_change_in_what_it_is_made_from_asks_for_another_model(tree: Path, changed: str) -> None:
    before = model.fingerprint(tree)
    (tree / changed).write_text("something else\n")

    assert model.fingerprint(tree) != before


@pytest.mark.parametrize(
    "changed",
    [
        "README.md",
        "bot/.venv/bin/site.py",
        "bot/__pycache__/nlg.py",
        "actions.py",
        "endpoints.yml",
    ],
)
def test_a_change_elsewhere_asks_for_none(tree: Path, changed: str) -> None:
    before = model.fingerprint(tree)
    (tree / changed).parent.mkdir(exist_ok=True)
    (tree / changed).write_text("something else\n")

    assert model.fingerprint(tree) == before


def test_a_renamed_file_asks_for_another_model(tree: Path) -> None:
    before = model.fingerprint(tree)
    (tree / "data" / "orders").rename(tree / "data" / "deliveries")

    assert model.fingerprint(tree) != before


def test_the_second_start_trains_nothing(tree: Path) -> None:
    first = ensure(tree)
    second = ensure(tree)

    assert first == second
    assert first.read_text() == "weights"
    assert trainings(tree) == 1


def test_going_back_to_earlier_data_finds_the_earlier_model(tree: Path) -> None:
    first = ensure(tree)
    (tree / "config.yml").write_text("pipeline: [another]\n")
    second = ensure(tree)
    (tree / "config.yml").write_text("pipeline: []\n")

    assert ensure(tree) == first != second
    assert trainings(tree) == 2


def test_only_the_last_few_models_are_kept(tree: Path) -> None:
    for number in range(6):
        (tree / "config.yml").write_text(f"pipeline: [{number}]\n")
        newest = ensure(tree)

    kept = sorted((tree / "var" / "models").glob("*.tar.gz"))
    assert len(kept) == 4
    assert newest in kept


def test_a_failed_training_says_what_rasa_said_and_leaves_no_model(tree: Path) -> None:
    (tree / "domain.yml").write_text("broken\n")

    with pytest.raises(SetupError) as trouble:
        ensure(tree)

    assert trouble.value.sentence == "The bot's model could not be trained. Rasa says:"
    assert trouble.value.details == ("YamlException: a tab in domain.yml, line 3",)
    assert not list((tree / "var" / "models").rglob("*.tar.gz"))


def test_a_traceback_is_told_by_its_end_and_the_place_in_our_code() -> None:
    output = (
        "2026-11-25 INFO rasa.engine - Starting to train component.\n"
        "Traceback (most recent call last):\n"
        '  File "/x/site-packages/rasa/__main__.py", line 133, in main\n'
        "    raise ValueError(error)\n"
        '  File "/desk/bot/components/intent.py", line 90\n'
        "    def broken(:\n"
        "SyntaxError: invalid syntax\n"
    )

    assert model.explain(Finished(1, output)) == (
        '  File "/desk/bot/components/intent.py", line 90',
        "SyntaxError: invalid syntax",
    )


def test_an_exception_is_told_with_the_place_it_names() -> None:
    output = (
        "/x/site-packages/keras/utils.py:206: DeprecationWarning: invalid escape sequence\n"
        "YamlSyntaxException: Failed to read 'data/greeting/rules.yml'. while parsing a node\n"
        '  in "<unicode string>", line 9, column 1\n'
    )

    assert model.explain(Finished(1, output)) == (
        "YamlSyntaxException: Failed to read 'data/greeting/rules.yml'. while parsing a node",
        '  in "<unicode string>", line 9, column 1',
    )


def test_an_exception_that_begins_with_its_name_alone_is_told_with_its_text() -> None:
    output = (
        "Epochs: 100%|█████| 4/4\n"
        "2026-11-25 ERROR    rasa.engine.graph  - Error running graph component.\n"
        "\x1b[91mInvalidRule: \n"
        "Contradicting rules or stories found\n"
    )

    assert model.explain(Finished(1, without_colours(output))) == (
        "InvalidRule:",
        "Contradicting rules or stories found",
    )


def test_output_without_a_telling_line_is_shown_by_its_end() -> None:
    output = "".join(f"line {number}\n" for number in range(20))

    assert model.explain(Finished(1, output))[-1] == "line 19"
