"""Rules of routing at work: handoffs go where they say, and can be tried beforehand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from typer.testing import CliRunner, Result

from sla_service.cli.routing import routing
from sla_service.database.sessions import Database
from sla_service.handoff import routing_documents
from sla_service.handoff.routing_documents import RulesUnreadable
from tests.sla_service.handoff.shop import browser_of, is_there, waits
from tests.sla_service.people import BRUNO, CARLA, DIEGO
from tests.sla_service.world import Desk, says, written

SWAPS: dict[str, Any] = {
    "name": "trocas",
    "when": {"keywords": ["trocar", "devolver"]},
    "then": {"skill": "trocas", "priority": "high", "tags": ["troca"]},
}
LATE: dict[str, Any] = {
    "name": "atrasos",
    "when": {"intent": "delivery_late"},
    "then": {"agent": 2},
}
TO_PICK: dict[str, Any] = {"name": "escolher", "then": {"queue": "picked"}}


async def _put(desk: Desk, *rules: dict[str, Any], status: int = 200) -> httpx2.Response:
    carla = await browser_of(desk, CARLA)
    answer = await carla.asks("PUT", "routing-rules", {"rules": list(rules)})
    assert answer.status_code == status, answer.text
    return answer


async def _offered(desk: Desk) -> list[tuple[int, int]]:
    found = await desk.rows("SELECT conversation_id, agent_id FROM offers ORDER BY id")
    return [tuple(row) for row in found]


async def test_a_handoff_goes_where_the_first_rule_that_fits_says(
    desk: Desk, database: Database
) -> None:
    await is_there(database, BRUNO, CARLA)
    await _put(desk, SWAPS, LATE)
    await waits(desk, 1, "quero TROCAR um tênis")
    await desk.settle()
    assert await _offered(desk) == [(1, BRUNO)]
    assert await desk.rows("SELECT priority, tags FROM tickets") == [("high", ["troca"])]
    facts = await desk.rows(
        "SELECT state -> 'facts' ->> 'priority' AS priority, state -> 'facts' -> 'tags' AS tags "
        "FROM sla_tickets"
    )
    assert facts == [("high", ["troca"])]


async def test_the_bots_understanding_decides_where_it_was_not_said_in_words(
    desk: Desk, database: Database
) -> None:
    desk.world.bot = lambda _: says("Vou ver.", intent="delivery_late")
    await is_there(database, BRUNO, CARLA)
    await _put(desk, SWAPS, LATE)
    await waits(desk, 1, "ainda nada aqui")
    await desk.settle()
    assert await _offered(desk) == [(1, CARLA)]


async def test_what_is_to_be_picked_is_offered_to_nobody(desk: Desk, database: Database) -> None:
    await is_there(database, BRUNO)
    await _put(desk, TO_PICK)
    answer = await waits(desk)
    await desk.settle()
    assert await _offered(desk) == []
    assert answer.json()["wait"]["kind"] != "now"
    bruno = await browser_of(desk, BRUNO)
    assert (await bruno.takes()).status_code == 200


async def test_what_comes_back_is_routed_as_before(desk: Desk, database: Database) -> None:
    await is_there(database, BRUNO, CARLA)
    await _put(desk, SWAPS)
    await waits(desk, 1, "quero devolver")
    diego = await browser_of(desk, DIEGO)
    await diego.takes()
    await diego.asks("DELETE", "conversations/1/assignment")
    assert await desk.rows("SELECT skill FROM queue_places") == [("trocas",)]


async def test_rules_are_kept_in_their_order_and_replaced_as_a_whole(desk: Desk) -> None:
    off = {**TO_PICK, "is_active": False}
    kept = (await _put(desk, LATE, SWAPS, off)).json()["rules"]
    assert [rule["name"] for rule in kept] == ["atrasos", "trocas", "escolher"]
    assert [rule["is_active"] for rule in kept] == [True, True, False]
    await _put(desk, SWAPS)
    carla = await browser_of(desk, CARLA)
    rules = (await carla.asks("GET", "routing-rules")).json()["rules"]
    assert [rule["name"] for rule in rules] == ["trocas"]
    assert rules[0]["when"]["keywords"] == ["trocar", "devolver"]
    acts = await desk.rows("SELECT act FROM audit_log WHERE target_kind = 'routing_rules'")
    assert acts == [("routing.changed",), ("routing.changed",)]


async def test_rules_with_a_fault_or_for_an_unknown_agent_change_nothing(desk: Desk) -> None:
    await _put(desk, SWAPS)
    await _put(desk, {"name": "x", "then": {"agent": 99}}, status=404)
    await _put(desk, {"name": "x", "when": {"moon": "full"}, "then": {}}, status=422)
    assert await desk.rows("SELECT name FROM routing_rules") == [("trocas",)]


async def test_only_supervisors_look_at_the_rules(desk: Desk) -> None:
    bruno = await browser_of(desk, BRUNO)
    for method, path, body in (
        ("GET", "routing-rules", None),
        ("PUT", "routing-rules", {"rules": []}),
        ("POST", "routing-rules/dry-run", {}),
    ):
        assert (await bruno.asks(method, path, body)).status_code == 403


async def test_a_dry_run_says_who_would_have_gone_where_and_changes_nothing(desk: Desk) -> None:
    await _put(desk, SWAPS)
    await waits(desk, 1, "quero trocar")
    await waits(desk, 2, "cadê?", reason="complaint")
    await desk.deliver(written("é urgente", "wamid.U1"))
    await desk.settle()
    carla = await browser_of(desk, CARLA)
    wanted = {"name": "reclamações", "when": {"reason": "complaint"}, "then": {"team": "senior"}}
    body = {"rules": [wanted, SWAPS], "handoffs": 50}
    answer = (await carla.asks("POST", "routing-rules/dry-run", body)).json()
    assert answer["changed"] == 1
    assert answer["by_rule"] == {"trocas": 1, "reclamações": 1, "": 1}
    seen = {
        one["ticket"]: (one["was"], (one["would"] or {}).get("name")) for one in answer["handoffs"]
    }
    assert seen == {1001: ("trocas", "trocas"), 1002: (None, "reclamações"), 1003: (None, None)}
    same = (await carla.asks("POST", "routing-rules/dry-run", {})).json()
    assert same["changed"] == 0
    assert await desk.rows("SELECT name FROM routing_rules") == [("trocas",)]


async def test_a_dry_run_looks_at_no_more_than_it_is_told(desk: Desk) -> None:
    for number in (1, 2, 3):
        await waits(desk, number)
    carla = await browser_of(desk, CARLA)
    answer = await carla.asks("POST", "routing-rules/dry-run", {"handoffs": 2})
    assert [one["ticket"] for one in answer.json()["handoffs"]] == [1003, 1002]


async def test_the_contact_and_the_hours_are_facts_too(desk: Desk) -> None:
    contact = {"name": "atacado", "when": {"contact": "+55 11 98760-0001"}, "then": {"team": "b2b"}}
    await _put(desk, contact)
    await waits(desk, 1)
    await waits(desk, 2)
    teams = await desk.rows("SELECT team FROM queue_places ORDER BY conversation_id")
    assert teams == [("b2b",), (None,)]


type Run = Callable[..., Result]


@pytest.fixture
def command(database_url: str) -> Run:
    """`bin/desk routing`, on the tests' database."""
    env = {"DESK_DATABASE_URL": database_url, "DESK_DEMO": "true", "COLUMNS": "200"}

    def run(*words: str) -> Result:
        return CliRunner().invoke(routing, list(words), env=env)

    return run


def test_rules_go_out_and_come_in_as_a_file(command: Run, tmp_path: Path) -> None:
    file = tmp_path / "routing.yml"
    file.write_text(routing_documents.dump(routing_documents.parse(_FILE)), "utf-8")
    assert command("import", str(file)).output == "2 rules are in force.\n"
    exported = command("export").output
    assert exported == file.read_text("utf-8")
    assert routing_documents.parse(exported) == routing_documents.parse(_FILE)


def test_a_file_with_faults_is_refused_with_all_of_them(command: Run, tmp_path: Path) -> None:
    file = tmp_path / "routing.yml"
    file.write_text("rules:\n- {name: x, when: {moon: 1}}\n- {then: {}}\n", "utf-8")
    refused = command("import", str(file))
    assert refused.exit_code == 1
    flat = " ".join(refused.output.split())
    assert "x.when.moon" in flat
    assert "x.then" in flat
    assert "rule 2.name" in flat


@pytest.mark.parametrize("text", ["[", "", "rules: 3", "- x"])
def test_what_is_no_list_of_rules_is_refused(text: str) -> None:
    with pytest.raises(RulesUnreadable):
        routing_documents.parse(text)


def test_a_dry_run_without_handoffs_says_so(command: Run) -> None:
    assert "0 of 0 handoffs" in command("dry-run").output
    assert command("dry-run", "--json").output == "[]\n"


def test_a_dry_run_of_a_file_shows_what_would_go_another_way(
    command: Run, database_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_A_HANDOFF)
    file = tmp_path / "routing.yml"
    file.write_text(_FILE, "utf-8")
    shown = command("dry-run", str(file)).output
    assert "1 of 1 handoffs would have gone another way." in shown
    assert "skill trocas" in shown


_FILE = """
rules:
- name: trocas
  when: {keywords: [trocar, devolver], language: pt}
  then: {skill: trocas, priority: high}
- name: fora de hora
  when: {business_hours: closed}
  then: {queue: picked}
  is_active: false
"""
_A_HANDOFF = """
WITH contact AS (INSERT INTO contacts (wa_id) VALUES ('1') RETURNING id),
thread AS (
  INSERT INTO conversations (contact_id, phone_number_id) SELECT id, '1' FROM contact RETURNING id
), ticket AS (
  INSERT INTO tickets (conversation_id, last_message_at) SELECT id, now() FROM thread
  RETURNING id, conversation_id
)
INSERT INTO handoffs (conversation_id, ticket_id, from_owner, to_owner, reason, details)
SELECT conversation_id, id, 'bot', 'queue', 'wish',
       '{"facts": {"reason": "wish", "text": "quero trocar", "intent": null, "language": "pt",
         "priority": "normal", "tags": [], "contact": [], "channel": "whatsapp",
         "is_open": true}, "routed": {"rule": null}}'
FROM ticket
"""
