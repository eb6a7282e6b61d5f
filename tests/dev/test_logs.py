"""What the processes say stays readable."""

import io

from dev.logs import Log


def said(*lines: tuple[str, str]) -> list[str]:
    stream = io.StringIO()
    log = Log(["rasa", "simulator"], stream)
    for name, text in lines:
        log.line(name, text)
    return stream.getvalue().splitlines()


def test_lines_bear_the_padded_name_of_their_process() -> None:
    assert said(("rasa", "up"), ("simulator", "up")) == ["rasa      │ up", "simulator │ up"]


def test_without_a_terminal_there_are_no_colours() -> None:
    assert said(("rasa", "\x1b[32mINFO\x1b[0m up")) == ["rasa      │ INFO up"]


def test_what_libraries_say_of_each_others_deprecations_is_left_out() -> None:
    assert said(
        ("rasa", "/x/site-packages/pkg_resources/__init__.py:3117: DeprecationWarning: Deprecated"),
        ("simulator", "an order moved along"),
        ("rasa", "Implementing implicit namespace packages is preferred."),
        ("rasa", "  declare_namespace(pkg)"),
        ("rasa", "  an indented line of its own"),
    ) == ["simulator │ an order moved along", "rasa      │   an indented line of its own"]


def test_a_warning_about_our_own_code_is_kept() -> None:
    ours = "/desk/bot/nlg.py:3: DeprecationWarning: this will go"

    assert said(("rasa", ours)) == [f"rasa      │ {ours}"]
