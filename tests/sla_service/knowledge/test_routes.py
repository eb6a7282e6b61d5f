"""Articles over HTTP: pages for anybody, search for agents, answers for the bot."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

import httpx2
import pytest

from sla_service.database.sessions import Database
from tests.sla_service.people import BRUNO, CARLA
from tests.sla_service.world import SERVICE_TOKEN, Desk, written

pytestmark = pytest.mark.usefixtures("few")

_AUTH = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
_UNANSWERED = "/api/knowledge/unanswered"


@pytest.fixture
async def talk(desk: Desk) -> Desk:
    """A desk with one conversation."""
    await desk.deliver(written("oi", "wamid.1"))
    await desk.settle()
    return desk


async def _ask(desk: Desk, text: str, *, message: str = "wamid.9", **body: Any) -> httpx2.Response:
    return await desk.http.post(
        "/api/conversations/1/questions",
        json={"text": text, "language": "pt", **body},
        headers={**_AUTH, "Idempotency-Key": message},
    )


async def _open(desk: Desk) -> list[dict[str, Any]]:
    carla = await desk.sign_in(CARLA)
    answer = await carla.get(_UNANSWERED)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_an_article_is_a_page_that_runs_nothing(desk: Desk) -> None:
    page = await desk.http.get("/knowledge/pt/frete")
    assert page.status_code == 200
    assert '<html lang="pt-BR">' in page.text
    assert "R$ 299,00" in page.text
    assert "<table>" in page.text
    assert '<a href="devolucoes">' in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


async def test_the_style_of_a_page_is_the_one_its_rules_allow(desk: Desk) -> None:
    page = await desk.http.get("/knowledge/en/delivery-cost")
    style = page.text.split("<style>")[1].split("</style>")[0]
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    assert f"'sha256-{allowed}'" in page.headers["content-security-policy"]


async def test_markup_in_an_article_is_text(desk: Desk, few: Database) -> None:
    async with few.step() as connection:
        await connection.execute(
            "UPDATE knowledge_articles SET body = %s, title = %s WHERE language = 'pt'",
            (
                "<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=y>",
                "A <b>{{content}}</b>",
            ),
        )
    page = (await desk.http.get("/knowledge/pt/frete")).text
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert 'href="javascript' not in page


async def test_all_articles_of_a_language_are_listed(desk: Desk) -> None:
    page = await desk.http.get("/knowledge/en")
    assert page.text.count("<li>") == 5
    assert '<a href="en/delivery-cost">' in page.text


@pytest.mark.parametrize("path", ["pt/none", "fr/frete", "fr", "pt/%00", "pt/..%2f..", "en/frete"])
async def test_there_is_no_page_for_what_is_no_article(desk: Desk, path: str) -> None:
    assert (await desk.http.get(f"/knowledge/{path}")).status_code == 404


async def test_agents_search_articles(desk: Desk) -> None:
    bruno = await desk.sign_in(BRUNO)
    query = {"q": "troca de tamanho", "language": "pt"}
    found = (await bruno.get("/api/knowledge/search", params=query)).json()
    assert found[0]["id"] == "exchanges"
    assert found[0]["url"] == "http://127.0.0.1:8000/knowledge/pt/trocas"
    listed = (await bruno.get("/api/knowledge/articles", params={"language": "en"})).json()
    assert len(listed) == 5


@pytest.mark.parametrize(
    "query",
    [{"q": "x"}, {"language": "pt"}, {"q": "", "language": "pt"}, {"q": "x", "language": "fr"}],
)
async def test_a_search_without_its_parts_is_refused(desk: Desk, query: dict[str, str]) -> None:
    bruno = await desk.sign_in(BRUNO)
    assert (await bruno.get("/api/knowledge/search", params=query)).status_code == 422


async def test_the_bot_gets_an_answer_with_its_page(talk: Desk) -> None:
    answer = (await _ask(talk, "qual o valor do frete?")).json()["article"]
    assert answer["id"] == "delivery-cost"
    assert "R$ 19,90" in answer["answer"]
    assert answer["url"].endswith("/knowledge/pt/frete")


async def test_an_answered_question_is_not_kept(talk: Desk) -> None:
    await _ask(talk, "qual o valor do frete?", keep="always")
    assert await _open(talk) == []


async def test_a_question_without_an_answer_is_kept_once(talk: Desk) -> None:
    for message in ("wamid.9", "wamid.9", "wamid.10"):
        answer = await _ask(talk, "Tem estacionamento??", message=message, keep="always")
        assert answer.json() == {"article": None}
    await _ask(talk, "tem ESTACIONAMENTO", message="wamid.11", keep="always")
    found = await _open(talk)
    assert [(one["text"], one["times"], one["conversation"]) for one in found] == [
        ("tem ESTACIONAMENTO", 3, 1)
    ]


async def test_small_talk_is_not_kept_as_a_question(talk: Desk) -> None:
    await _ask(talk, "kkkk hahaha", keep="if_near")
    await _ask(talk, "xyz", keep="always")
    await _ask(talk, "tem estacionamento?", keep="never")
    assert await _open(talk) == []


async def test_an_article_that_did_not_help_is_told_with_its_question(talk: Desk) -> None:
    asked = {"keep": "always", "look": False, "unhelpful": "delivery-cost"}
    answer = await _ask(talk, "qual o valor do frete pra Marte?", **asked)
    assert answer.json() == {"article": None}
    assert [one["article"] for one in await _open(talk)] == ["delivery-cost"]


async def test_what_is_kept_has_no_address_and_no_long_number(talk: Desk) -> None:
    await _ask(talk, "tem estacionamento? sou ana@example.com 11987650001", keep="always")
    assert [one["text"] for one in await _open(talk)] == ["tem estacionamento? sou ••• •••"]


async def test_a_settled_question_leaves_the_list_until_it_is_asked_again(talk: Desk) -> None:
    await _ask(talk, "tem estacionamento?", message="wamid.9", keep="always")
    await _ask(talk, "tem estacionamento", message="wamid.10", keep="always")
    (one,) = await _open(talk)
    carla = await talk.sign_in(CARLA)
    path = f"{_UNANSWERED}/{one['id']}/settlement"
    assert (await carla.post(path)).status_code == 204
    assert await _open(talk) == []
    assert (await carla.post(path)).status_code == 404
    await _ask(talk, "tem estacionamento", message="wamid.11", keep="always")
    assert [again["times"] for again in await _open(talk)] == [1]


async def test_a_conversation_that_goes_takes_its_questions_along(talk: Desk) -> None:
    await _ask(talk, "tem estacionamento?", keep="always")
    await _ask(talk, "de um estranho", message="wamid.77", keep="always")
    assert (
        await talk.http.post(
            "/api/conversations/99/questions",
            json={"text": "tem wifi na loja", "language": "pt", "keep": "always"},
            headers={**_AUTH, "Idempotency-Key": "m"},
        )
    ).status_code == 200
    assert {one["conversation"] for one in await _open(talk)} == {1}


@pytest.mark.parametrize(
    "body",
    [
        {"text": ""},
        {"text": "x" * 2001},
        {"text": "a\x00b"},
        {"language": "fr"},
        {"ranking": [{"id": "../x", "score": 1.0}]},
        {"ranking": [{"id": "pix", "score": 99.0}]},
        {"ranking": [{"id": "pix", "score": 1.0}] * 51},
        {"keep": "sometimes"},
        {"more": 1},
    ],
)
async def test_what_is_no_question_is_refused(talk: Desk, body: dict[str, Any]) -> None:
    text = body.pop("text", "tem pix?")
    assert (await _ask(talk, text, **body)).status_code == 422


async def test_only_the_bot_asks(talk: Desk) -> None:
    carla = await talk.sign_in(CARLA)
    body = {"text": "tem pix?", "language": "pt"}
    answer = await carla.post(
        "/api/conversations/1/questions", json=body, headers={"Idempotency-Key": "m"}
    )
    assert answer.status_code == 403
