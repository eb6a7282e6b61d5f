"""What deploy/ asks for is there: each figure a rule or a panel reads is one that is shown."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from prometheus_client import CollectorRegistry

from sla_service.env_example import render
from sla_service.operations import gauges
from sla_service.operations.exposition import PREFIX
from sla_service.operations.requests import Requests
from sla_service.operations.worker_figures import WorkerFigures
from sla_service.settings import ROOT
from tests.sla_service.world import World, settings_for

DEPLOY = ROOT / "deploy"
_FIGURE = re.compile(rf"\b{PREFIX}_[a-z_]+")
_SETTING = re.compile(r"\b(?:DESK|ORDER_SYSTEM|SHOP)_[A-Z0-9_]*[A-Z0-9]\b")
# Of deploy/ itself, and of what starts the images.
_OF_DEPLOY = frozenset(
    {"DESK_DOMAIN", "DESK_UPSTREAM", "DESK_DB_PASSWORD", "DESK_TAG", "DESK_DATABASE_URL"}
)


def _shown(world: World) -> set[str]:
    """The names of all samples, of web and worker."""
    web = CollectorRegistry()
    Requests(web).answered("GET", "/", 200, 0.1)
    worker = WorkerFigures(settings_for("postgresql:///nowhere", world)).registry
    found = {f"{PREFIX}_{gauge.name}" for gauge in gauges.GAUGES} | {f"{PREFIX}_database_up"}
    for registry in (web, worker):
        for family in registry.collect():
            found |= {sample.name for sample in family.samples}
            found |= {f"{family.name}_bucket"} if family.type == "histogram" else set()
            found |= {f"{family.name}_total"} if family.type == "counter" else set()
    return found


def _asked() -> Iterator[tuple[Path, str]]:
    """Every query, with the file it stands in."""
    rules = DEPLOY / "prometheus" / "rules.yml"
    for group in yaml.safe_load(rules.read_text())["groups"]:
        yield from ((rules, rule["expr"]) for rule in group["rules"])
    board = DEPLOY / "grafana" / "balcao.json"
    for panel in json.loads(board.read_text())["panels"]:
        yield from ((board, target["expr"]) for target in panel.get("targets", ()))


async def test_every_figure_that_is_asked_for_is_shown(world: World) -> None:
    shown = _shown(world)
    asked = {(path.name, name) for path, query in _asked() for name in _FIGURE.findall(query)}
    assert len(asked) > 40
    assert sorted(one for one in asked if one[1] not in shown) == []


async def test_every_figure_that_tells_of_trouble_is_watched(world: World) -> None:
    """Whatever waits, fails or is parked stands on the dashboard at least."""
    asked = {name for _, query in _asked() for name in _FIGURE.findall(query)}
    assert {f"{PREFIX}_{gauge.name}" for gauge in gauges.GAUGES} - asked == set()


def test_labels_that_are_asked_for_are_ones_that_can_be() -> None:
    values = {gauge.name: gauge for gauge in gauges.GAUGES if gauge.label}
    for _, query in _asked():
        for name, label, value in re.findall(r'balcao_(\w+)\{(\w+)="(\w+)"', query):
            if name in values:
                assert label == values[name].label
                assert value in values[name].values, query


def test_every_setting_that_deploy_names_is_one_that_there_is() -> None:
    known = set(_SETTING.findall(render())) | _OF_DEPLOY | {"DESK_WHATSAPP"}
    known |= {"DESK_COMMIT", "DESK_URL"}
    named = {
        (path.relative_to(DEPLOY).as_posix(), name)
        for path in DEPLOY.rglob("*")
        if path.is_file()
        for name in _SETTING.findall(path.read_text())
    }
    assert sorted(one for one in named if one[1] not in known) == []


def test_what_an_image_is_made_of_is_in_the_project() -> None:
    for path in DEPLOY.glob("*.Dockerfile"):
        for line in path.read_text().splitlines():
            if line.startswith("COPY ") and "--from" not in line:
                for source in line.split()[1:-1]:
                    assert (ROOT / source).exists(), f"{path.name}: {line}"


def test_nothing_secret_goes_into_an_image() -> None:
    left_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".env", ".git", "var"} <= set(left_out)
