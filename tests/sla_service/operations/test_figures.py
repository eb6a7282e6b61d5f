"""`/metrics` tells what waits and what is late, to whoever has the token, and of nobody."""

import re
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import closing
from socket import socket

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from sla_service.app import create_app
from sla_service.database.sessions import Database
from sla_service.operations import gauges, worker_page
from sla_service.operations.worker_figures import (
    CountedBot,
    CountedGraph,
    CountedIntake,
    CountedSweep,
    WorkerFigures,
)
from sla_service.settings import Settings
from sla_service.worker import Worker
from tests.sla_service.world import Desk, World, open_desk, refusal, settings_for, written

TOKEN = "a token for the figures"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(text: str) -> Samples:
    """What a page of figures says, as Prometheus reads it."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
async def watched(database: Database, world: World) -> AsyncIterator[Desk]:
    settings = settings_for(database.url, world, metrics={"token": TOKEN})
    async with open_desk(database, world, settings) as opened:
        yield opened


async def figures(desk: Desk) -> Samples:
    answer = await desk.http.get("/metrics", headers=SHOWN)
    assert answer.status_code == 200
    return read(answer.text)


async def test_without_a_token_there_is_no_such_page(desk: Desk) -> None:
    assert (await desk.http.get("/metrics", headers=SHOWN)).status_code == 404


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
async def test_the_page_is_for_whoever_shows_the_token(watched: Desk, shown: str) -> None:
    answer = await watched.http.get("/metrics", headers={"Authorization": shown})
    assert answer.status_code == 401
    assert answer.json()["type"] == "wrong_token"


async def test_what_waits_is_counted_and_gone_when_it_is_done(watched: Desk) -> None:
    await watched.deliver(written("oi", "wamid.A1"), written("tudo bem?", "wamid.A2"))
    waiting = await figures(watched)
    assert waiting["balcao_inbox_waiting", ()] == 2
    assert waiting["balcao_inbox_oldest_seconds", ()] > 0
    await watched.settle()
    done = await figures(watched)
    assert done["balcao_inbox_waiting", ()] == 0
    assert done["balcao_inbox_oldest_seconds", ()] == 0
    assert done["balcao_lanes_due", ()] == 0
    assert sum(v for (name, _), v in done.items() if name == "balcao_tickets_open") == 1
    assert done["balcao_database_bytes", ()] > 1_000_000
    assert (
        0 < done["balcao_database_connections", ()] <= done["balcao_database_connections_most", ()]
    )


async def test_what_is_parked_is_counted_by_its_kind(watched: Desk) -> None:
    await watched.post(b"{")
    await watched.deliver(written("oi", "wamid.A1"))
    await watched.rows("UPDATE whatsapp_updates SET state = 'parked' RETURNING key")
    found = await figures(watched)
    assert found["balcao_inbox_parked_deliveries", ()] == 1
    assert found["balcao_inbox_parked_updates", (("kind", "message"),)] == 1
    assert found["balcao_inbox_parked_updates", (("kind", "status"),)] == 0


async def test_requests_are_counted_by_the_route_as_it_is_written(watched: Desk) -> None:
    for path in ("/api/tickets/1001", "/api/tickets/4711", "/nowhere/5511987650001", "/healthz"):
        await watched.http.get(path)
    found = await figures(watched)

    def count(route: str, status: int) -> float:
        labels = (("method", "GET"), ("route", route), ("status", str(status)))
        return found["balcao_http_requests_total", labels]

    assert count("/api/tickets/{number}", 401) == 2
    assert count("/healthz", 200) == 1
    assert count("unknown", 404) == 1
    assert found["balcao_http_answer_seconds_count", (("route", "/healthz"),)] == 1


async def test_no_label_tells_of_anybody_and_none_grows_without_end(watched: Desk) -> None:
    await watched.deliver(written("me liga em 5511987650001", "wamid.A1"))
    await watched.settle()
    for number in range(40):
        await watched.http.request(f"X{number}", f"/ana-souza/{number}")
    told = (await watched.http.get("/metrics", headers=SHOWN)).text
    assert not re.search(r"5511987650001|11987650001|Ana|Souza|souza|wamid|BR\.8842", told)
    labels = {key for key in read(told) if dict(key[1]).get("route") == "unknown"}
    assert len({key for key in labels if key[0] == "balcao_http_requests_total"}) == 1
    webhook = (("method", "POST"), ("route", "/webhooks/whatsapp"), ("status", "200"))
    assert read(told)["balcao_http_requests_total", webhook] == 1


async def test_a_label_nobody_knows_is_counted_with_the_others(watched: Desk) -> None:
    await watched.deliver(written("oi", "wamid.A1"))
    await watched.settle()
    await watched.rows("UPDATE tickets SET status = '5511987650001' RETURNING id")
    found = await figures(watched)
    assert found["balcao_tickets_open", (("status", gauges.OTHER),)] == 1


async def test_the_statement_looks_through_no_large_table(database: Database) -> None:
    """Each count of a large table has an index of exactly what it counts."""
    async with database.step() as connection:
        await connection.execute("SET LOCAL enable_seqscan = off")
        plan = await (await connection.execute(f"EXPLAIN {gauges.STATEMENT}")).fetchall()
    told = "\n".join(row[0] for row in plan)
    looked = set(re.findall(r"Seq Scan on (\w+)", told))
    assert looked.isdisjoint(
        {"messages", "conversations", "tickets", "turns", "contacts", "whatsapp_updates"}
        | {
            "whatsapp_deliveries",
            "sla_tickets",
            "media_files",
            "webhook_deliveries",
            "notice_sends",
        }
    ), told


async def test_the_page_answers_when_the_database_does_not(world: World) -> None:
    nowhere = "postgresql://postgres@127.0.0.1:1/balcao"
    app = create_app(settings_for(nowhere, world, metrics={"token": TOKEN}))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk.test") as http:
        told = await http.get("/metrics", headers=SHOWN)
    found = read(told.text)
    assert found["balcao_database_up", ()] == 0
    assert ("balcao_inbox_waiting", ()) not in found
    assert found["process_resident_memory_bytes", ()] > 0
    await app.state.database.close()


async def test_the_version_says_what_runs_and_which_tables_it_expects(desk: Desk) -> None:
    told = (await desk.http.get("/version")).json()
    (at,) = await desk.rows("SELECT version_num FROM alembic_version")
    assert told["schema"] == at[0]
    assert re.fullmatch(r"\d+\.\d+\.\d+", told["version"])


async def test_an_old_version_goes_on_while_a_new_one_is_brought_in(desk: Desk) -> None:
    (head,) = (await desk.rows("SELECT version_num FROM alembic_version"))[0]
    for at, status in (("9999", 200), ("0008", 503), (head, 200)):
        await desk.rows(f"UPDATE alembic_version SET version_num = '{at}' RETURNING 1")  # noqa: S608
        assert (await desk.http.get("/readyz")).status_code == status


async def test_a_worker_counts_its_turns_its_sends_and_what_it_took_in(
    database: Database, world: World
) -> None:
    settings = settings_for(database.url, world, metrics={"token": TOKEN})
    figures = WorkerFigures(settings)
    bot, graph = CountedBot(settings, figures), CountedGraph(settings, figures)
    async with open_desk(database, world, settings) as desk:
        worker = desk.worker = Worker(settings, database, bot, graph)
        worker.sweep = CountedSweep(database, figures)
        worker.intake = CountedIntake.of(worker.intake, figures)
        world.answers = [refusal(131026)]
        await desk.deliver(written("oi", "wamid.A1"))
        await desk.settle()
        await desk.deliver(written("oi?", "wamid.A2"))
        await desk.settle()
    await bot.close()
    await graph.close()
    found = read(worker_page.exposition.text(figures.registry).decode())
    assert found["balcao_turns_total", (("outcome", "answered"),)] == 2
    assert found["balcao_turns_total", (("outcome", "failed"),)] == 0
    assert found["balcao_sends_total", (("outcome", "accepted"),)] == 1
    assert found["balcao_sends_total", (("outcome", "permanent"),)] == 1
    assert found["balcao_inbox_batch_updates_sum", ()] == 2


def test_a_worker_shows_its_figures_on_a_port_of_their_own(world: World) -> None:
    settings = worker_settings(world, free_port())
    with worker_page.served(settings, WorkerFigures(settings).registry) as port:
        assert ask(port, "/metrics", SHOWN)[0] == 200
        assert "balcao_turns_total" in ask(port, "/metrics", SHOWN)[1]
        assert ask(port, "/metrics", {})[0] == 401
        assert ask(port, "/metrics", {"Authorization": "Bearer x"})[0] == 401
        assert ask(port, "/", SHOWN)[0] == 404
    with worker_page.served(worker_settings(world, 0), WorkerFigures(settings).registry) as port:
        assert port is None


def test_a_port_that_is_taken_is_no_reason_not_to_work(world: World) -> None:
    with closing(socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = worker_settings(world, taken.getsockname()[1])
        with worker_page.served(settings, WorkerFigures(settings).registry) as port:
            assert port is None


def worker_settings(world: World, port: int) -> Settings:
    metrics = {"token": TOKEN, "worker_port": port}
    return settings_for("postgresql:///nowhere", world, metrics=metrics)


def free_port() -> int:
    with closing(socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def ask(port: int | None, path: str, headers: dict[str, str]) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, ""
