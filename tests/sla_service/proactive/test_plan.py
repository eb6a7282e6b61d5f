"""The plan of the notices is checked before anybody is told anything."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from simulator.templates import demo_templates
from sla_service.cli.__main__ import app
from sla_service.conversations import wording
from sla_service.proactive import plan
from sla_service.proactive.kinds import NoticeKind
from sla_service.proactive.plan import PlanUnreadable
from sla_service.whatsapp import templates

ROOT = Path(__file__).parents[3]
OURS = ROOT / "data" / "notices" / "notices.yml"


def changed(folder: Path, **parts: Any) -> Path:
    """The shop's plan with other parts."""
    whole = yaml.safe_load(OURS.read_text(encoding="utf-8"))
    whole["notices"] |= parts
    path = folder / "notices.yml"
    path.write_text(yaml.safe_dump(whole), encoding="utf-8")
    return path


def test_the_shops_plan_tells_only_those_who_agreed() -> None:
    ours = plan.load(OURS)
    assert ours.opt_in == "asked"
    assert all(ours.of(kind).active for kind in NoticeKind)


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_kind_has_its_words_and_a_template_of_the_demo_that_can_be_filled(
    language: str,
) -> None:
    words = wording.load(ROOT / "data")
    known = {(one["name"], one["language"]): templates.read(one) for one in demo_templates()}
    for kind, one in plan.load(OURS).kinds.items():
        assert words.say(f"utter_desk_order_{kind.value}", language, order="48213")
        assert one.template is not None
        template = known[one.template.name, one.template.languages[language]]  # type: ignore[index]
        assert template is not None
        keys = {hole.key for hole in template.holes}
        assert keys == one.template.values.keys()


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"opt_in": "checkout", "checkout": None}, "opt_in: checkout needs"),
        ({"opt_in": "always"}, "opt_in"),
        ({"quiet": {"from": 1260, "until": "08:00", "time_zone": "Etc/UTC"}}, "quiet.from"),
        ({"quiet": {"from": "21:00", "until": "8", "time_zone": "Etc/UTC"}}, "quiet.until"),
        ({"quiet": {"from": "21:00", "until": "08:00", "time_zone": "Mars"}}, "quiet.time_zone"),
        ({"kinds": {"lost": {}}}, "kinds.lost"),
        ({"kinds": {"shipped": {"after_days": 2}}}, "after_days is for how_was_it alone"),
        ({"kinds": {"shipped": {"template": {"name": "Not a name", "languages": {}}}}}, "name"),
        (
            {
                "kinds": {
                    "shipped": {
                        "template": {
                            "name": "a",
                            "languages": {"pt": "pt_BR"},
                            "values": {"1": "x"},
                        }
                    }
                }
            },
            "is none of name, order",
        ),
        ({"too_late_after": "soon"}, "too_late_after"),
        ({"nameless": {"pt": "cliente"}}, "nameless"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, parts: dict[str, Any], told: str) -> None:
    with pytest.raises(PlanUnreadable, match=told.replace("[", r"\[")):
        plan.load(changed(tmp_path, **parts))


def test_the_command_line_checks_a_plan(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["notices", "check"]).exit_code == 0
    wrong = CliRunner().invoke(app, ["notices", "check", str(changed(tmp_path, opt_in="x"))])
    assert wrong.exit_code == 1
    assert "opt_in" in wrong.output
