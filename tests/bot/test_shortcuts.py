"""What Rasa need do only once gives what it gave, in the Rasa it was written for."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import pytest
from aiohttp import web
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import (
    ExecutionContext,
    GraphComponent,
    GraphSchema,
    SchemaNode,
)
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from bot import shortcuts, turn

shortcuts.apply()

SOURCES = {
    "Domain.is_empty": "884be90ef485f1d2",
    "DaskGraphRunner.run": "45f0f52f574f3aa9",
    "DaskGraphRunner._build_dask_graph": "5bb99f974d512a36",
    "GraphNode.__call__": "66127a2bfb6fcf1e",
    "EndpointConfig.session": "e55aa13d9d4fb4bc",
    "EndpointConfig.request": "ccdb778aed8208e2",
}
_PRINT_SOURCES = """
import hashlib, inspect
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
for name in {names!r}:
    print(hashlib.sha256(inspect.getsource(eval(name)).encode()).hexdigest()[:16])
"""


class Adds(GraphComponent):
    """Adds its number to what it is given."""

    runs: ClassVar[list[str]] = []

    def __init__(self, number: int, name: str) -> None:
        self._number = number
        self._name = name

    @classmethod
    def create(cls, config, model_storage, resource, execution_context):  # type: ignore[no-untyped-def]
        return cls(config["number"], execution_context.node_name)

    def start(self, given: int) -> int:
        self.runs.append(self._name)
        return given + self._number

    def add(self, one: int, other: int) -> int:
        self.runs.append(self._name)
        return one + other + self._number


def _node(fn: str, number: int, needs: dict[str, str]) -> SchemaNode:
    return SchemaNode(
        needs=needs, uses=Adds, constructor_name="create", fn=fn,
        config={"number": number}, eager=True, is_target=fn == "add",
    )  # fmt: skip


def _runner(tmp_path: Path) -> DaskGraphRunner:
    schema = GraphSchema(
        {
            "last": _node("add", 100, {"one": "left", "other": "right"}),
            "right": _node("add", 10, {"one": "left", "other": "left"}),
            "left": _node("start", 1, {"given": "number"}),
            "alone": _node("start", 5, {"given": "number"}),
        }
    )
    storage = LocalModelStorage(tmp_path)
    context = ExecutionContext(schema, "model")
    return DaskGraphRunner.create(schema, storage, context)


def test_what_is_replaced_is_what_it_was() -> None:
    script = _PRINT_SOURCES.format(names=list(SOURCES))
    fresh = [sys.executable, "-W", "ignore", "-c", script]
    found = subprocess.run(fresh, capture_output=True, text=True, check=True).stdout.split()
    assert dict(zip(SOURCES, found, strict=True)) == SOURCES


def test_a_graph_gives_what_rasa_gives_and_runs_each_needed_node_once(tmp_path: Path) -> None:
    runner = _runner(tmp_path)
    Adds.runs.clear()
    mine = runner.run(inputs={"number": 1}, targets=["last", "right"])
    assert sorted(Adds.runs) == ["last", "left", "right"]
    assert mine == shortcuts._run_by_dask(runner, {"number": 1}, ["last", "right"])
    assert mine == {"last": 116, "right": 14}
    assert runner.run(inputs={"number": 2})["last"] == 119


def test_a_graph_that_fails_says_so_as_rasa_does(tmp_path: Path) -> None:
    with pytest.raises(GraphRunError):
        _runner(tmp_path).run(inputs={"left": 1}, targets=["last"])
    with pytest.raises(GraphRunError):
        _runner(tmp_path).run(inputs={}, targets=["last"])


def test_an_empty_domain_is_told_from_one_that_is_not() -> None:
    assert Domain.empty().is_empty()
    assert not Domain.from_dict({"intents": ["greet"]}).is_empty()


@pytest.fixture
async def echo() -> AsyncIterator[tuple[str, set[str]]]:
    """A server that answers with what it got, and the connections it saw."""
    seen: set[str] = set()

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        seen.add(str(request.transport.get_extra_info("peername")))
        return web.json_response(await request.json())

    app = web.Application()
    app.router.add_post("/webhook", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/webhook", seen
    await runner.cleanup()


async def test_calls_of_turns_share_a_connection(echo: tuple[str, set[str]]) -> None:
    url, seen = echo
    endpoint = EndpointConfig(url)
    token = turn.current.set(turn.Turn("wamid.1", turn.Replies()))
    for number in range(3):
        assert await endpoint.request(json={"n": number}) == {"n": number}
    turn.current.reset(token)
    assert len(seen) == 1
    await shortcuts.close()
    assert await endpoint.request(json={"n": 9}) == {"n": 9}
    assert len(seen) == 2
