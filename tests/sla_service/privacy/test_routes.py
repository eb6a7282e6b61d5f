"""Consent, copies and erasures through the API: who may, and what they get."""

import io
import json
import zipfile

import pytest

from sla_service.privacy import field_names
from sla_service.web.principals import Scope
from tests.sla_service.people import ALICE, BRUNO, CARLA, key_for
from tests.sla_service.privacy.telling import found, tells_all
from tests.sla_service.world import SERVICE_TOKEN, Desk, written

BOT = {"Authorization": f"Bearer {SERVICE_TOKEN}", "Idempotency-Key": "wamid.1"}
PATH = "/api/conversations/1"


async def test_a_supervisor_gets_everything_in_one_archive(desk: Desk) -> None:
    await tells_all(desk)
    await desk.sign_in(CARLA)
    answer = await desk.http.get(f"{PATH}/data-export")
    assert answer.status_code == 200, answer.text
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    names = archive.namelist()
    assert names[:2] == ["seus-dados.html", "seus-dados.json"]
    assert [archive.read(name) for name in names[2:]] == [b"\x89PNG\r\n\x1a\n girassol"]
    document = json.loads(archive.read("seus-dados.json"))
    assert document["contact"]["number"] == "5511987650001"
    said = [one.get("text") for one in document["messages"]]
    assert "Meu girassol chegou quebrado, sou Ana Souza" in said
    assert document["notes"][0]["text"] == "Souza, do girassol"
    assert document["ratings"][0]["comment"] == "pobre girassol"
    page = archive.read("seus-dados.html").decode()
    assert "Souza, do girassol" in page
    acts = await desk.rows("SELECT act, details FROM audit_log WHERE act LIKE 'contact.%'")
    assert [(row.act, row.details) for row in acts] == [("contact.exported", {})]


async def test_the_copy_the_bot_sends_is_read_by_people_and_programs(desk: Desk) -> None:
    await tells_all(desk)
    desk.http.cookies.clear()
    answer = await desk.http.post(f"{PATH}/data-copy", json={"language": "en"}, headers=BOT)
    assert answer.status_code == 200, answer.text
    copy = answer.json()
    assert copy["name"] == "your-data.txt"
    assert "girassol chegou quebrado" in copy["text"]
    assert "Souza, do girassol" not in copy["text"]  # what people wrote to each other
    document = json.loads(copy["text"].split("(JSON) ==\n", 1)[1])
    assert document["contact"]["name"] == "Ana Souza"


@pytest.mark.parametrize("language", ["pt", "en"])
async def test_a_copy_names_every_field_in_the_language_of_its_reader(
    desk: Desk, language: str
) -> None:
    await tells_all(desk)
    await desk.sign_in(CARLA)
    answer = await desk.http.get(f"{PATH}/data-export", params={"language": language})
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    page_name, json_name = archive.namelist()[:2]
    page, document = archive.read(page_name).decode(), json.loads(archive.read(json_name))
    named = {
        name: field_names.named(section, name, language)
        for section, content in document.items()
        if section != "bot_memory"
        for one in (content if isinstance(content, list) else [content])
        for name in one
    }
    as_stored = [name for name, shown in named.items() if shown == name]
    assert [name for name in as_stored if language == "pt" or "_" in name] == []
    assert "_at:" not in page
    assert ("quem: você" if language == "pt" else "who: you") in page


async def test_what_a_contact_wrote_is_text_on_the_page(desk: Desk) -> None:
    await desk.deliver(written("<script>alert(1)</script>", "wamid.1"))
    await desk.settle()
    await desk.sign_in(CARLA)
    answer = await desk.http.get(f"{PATH}/data-export", params={"language": "en"})
    page = zipfile.ZipFile(io.BytesIO(answer.content)).read("your-data.html").decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


async def test_a_supervisor_erases_and_sees_how_far_it_is(desk: Desk) -> None:
    await tells_all(desk)
    await desk.sign_in(BRUNO)
    assert (await desk.http.post(f"{PATH}/erasure")).status_code == 403
    await desk.sign_in(CARLA)
    asked = await desk.http.post(f"{PATH}/erasure")
    assert asked.status_code == 202, asked.text
    assert asked.json()["requested_by"] == "Carla Mendes"
    await desk.settle()
    seen = (await desk.http.get(f"/api/erasures/{asked.json()['id']}")).json()
    assert seen["step"] == "done"
    view = (await desk.http.get(f"{PATH}/privacy")).json()
    assert view["erased_at"] is not None
    assert found(desk.database.url) == []
    again = await desk.http.post(f"{PATH}/erasure")
    assert again.status_code == 409
    acts = await desk.rows(
        "SELECT act, details FROM audit_log WHERE act LIKE 'contact.%' ORDER BY id"
    )
    assert [row.act for row in acts] == ["contact.erasure_requested", "contact.erased"]


async def test_a_key_with_the_scope_erases_another_does_not(desk: Desk) -> None:
    await desk.deliver(written("oi", "wamid.1"))
    await desk.settle()
    weak = await key_for(desk.database, Scope.CONVERSATIONS_WRITE)
    assert (await desk.http.post(f"{PATH}/erasure", headers=weak)).status_code == 403
    strong = await key_for(desk.database, Scope.PRIVACY_WRITE)
    asked = await desk.http.post(f"{PATH}/erasure", headers=strong)
    assert asked.status_code == 202
    assert asked.json()["cause"] == "program"


async def test_under_a_legal_hold_nothing_goes_until_it_is_lifted(desk: Desk) -> None:
    await desk.deliver(written("oi", "wamid.1"))
    await desk.settle()
    await desk.sign_in(CARLA)
    held = await desk.http.put(f"{PATH}/legal-hold", json={"reason": "processo 123"})
    assert held.status_code == 403
    await desk.sign_in(ALICE)
    held = await desk.http.put(f"{PATH}/legal-hold", json={"reason": "processo 123"})
    assert held.json()["legal_hold"] == "processo 123"
    assert (await desk.http.post(f"{PATH}/erasure")).json()["type"] == "under_legal_hold"
    bot = await desk.http.post(f"{PATH}/erasure-request", headers=BOT)
    assert bot.json() == {"state": "legal_hold"}
    assert (await desk.http.delete(f"{PATH}/legal-hold")).status_code == 204
    bot = await desk.http.post(f"{PATH}/erasure-request", headers=BOT)
    assert bot.json() == {"state": "accepted"}


async def test_what_the_bot_writes_down_stands_in_the_ledger(desk: Desk) -> None:
    await desk.deliver(written("oi", "wamid.1"))
    await desk.settle()
    body = {
        "purposes": ["proactive", "rating"],
        "granted": False,
        "wording": {"text": "parem de mandar avisos"},
        "cause": "said",
    }
    first = await desk.http.post(f"{PATH}/consents", json=body, headers=BOT)
    again = await desk.http.post(f"{PATH}/consents", json=body, headers=BOT)
    assert (first.json(), again.json()) == ({"changed": 2}, {"changed": 0})
    await desk.sign_in(BRUNO)
    view = (await desk.http.get(f"{PATH}/privacy")).json()
    assert view["allowed"] == {
        "service": True, "proactive": False, "rating": False, "marketing": False,
    }  # fmt: skip
    assert [one["wording"] for one in view["ledger"]] == ["parem de mandar avisos"] * 2


@pytest.mark.parametrize("path", ["privacy", "data-export"])
async def test_a_conversation_that_is_not_there_has_no_data(desk: Desk, path: str) -> None:
    await desk.sign_in(CARLA)
    answer = await desk.http.get(f"/api/conversations/99/{path}")
    assert answer.status_code == 404
