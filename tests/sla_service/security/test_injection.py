"""What people type is looked for, filled in or shown; it is never SQL, a template or markup."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla_service import clock
from sla_service.knowledge import pages
from sla_service.knowledge.articles import Kept
from sla_service.privacy import readable
from sla_service.tickets import placeholders
from tests.sla_service.people import ALICE
from tests.sla_service.security.api import Asked
from tests.sla_service.world import Desk, written

SQL = [
    "' OR '1'='1",
    "'; DROP TABLE messages; --",
    '") OR true --',
    "1) UNION SELECT secret FROM api_keys --",
    "%' OR pg_sleep(9) IS NULL OR '%'='",
    "\\'; SELECT 1; --",
    ":me",
    "%(limit)s",
    "$1",
    "{where}",
    "%",
    "_",
    "\\",
    "'||version()||'",
]
MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](  JaVaScRiPt:alert(1))",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "{{content}}{{style}}</title></style><script>1</script>",
    "`</code><script>1</script>`",
    "| a |\n|---|\n| <b onclick=x> |",
]
SEARCHES = {
    "/api/conversations": ["q", "tag", "language", "cursor"],
    "/api/knowledge/search": ["q"],
    "/api/audit": ["act", "cursor", "target_kind"],
    "/api/tags": ["q"],
    "/api/canned-replies": ["q", "language"],
    "/api/order-notices": ["order", "cursor"],
    "/api/notices": ["cursor", "kind"],
    "/api/agents": ["q"],
    "/api/reports/breaches": ["channel", "intent", "priority"],
}
_TEXTS = st.sampled_from(SQL) | st.text(max_size=40)
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


async def test_a_search_finds_what_was_typed_and_nothing_else(desk: Desk) -> None:
    await desk.deliver(written("Chegou sem o cadarço", "wamid.A1"))
    await desk.settle()
    before = await desk.rows(_TABLES)
    assert [len(await _found(desk, sql)) for sql in SQL] == [0] * len(SQL)
    await desk.deliver(*(written(f"Digitei {sql}", f"wamid.{nth}") for nth, sql in enumerate(SQL)))
    await desk.settle()
    for sql in SQL:
        assert len(await _found(desk, sql)) == (len(sql) >= 3), sql
    assert await desk.rows(_TABLES) == before


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(sorted(SEARCHES)), text=_TEXTS, data=st.data())
def test_no_filter_breaks_a_statement(
    signed_in: dict[str, str], asked: Asked, path: str, text: str, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(SEARCHES[path]))
    params = {"view": "all", name: text.encode(errors="ignore").decode()}
    answer = asked.request(signed_in, method="GET", url=path, params=params)
    assert answer.status_code in {200, 422}, (path, params, answer.text)


@pytest.fixture
def signed_in(asked: Asked) -> dict[str, str]:
    """An administrator's page."""
    return asked.as_admin()


async def test_what_postgresql_can_not_store_is_refused_and_not_repeated(desk: Desk) -> None:
    person = await desk.sign_in(ALICE)
    rule = {"name": "a", "when": {"tag": ["segredo\x00"]}, "then": {}}
    answer = await person.put("/api/routing-rules", json={"rules": [rule]})
    assert (answer.status_code, answer.json()["type"]) == (422, "not_storable")
    assert "segredo" not in answer.text


@given(st.dictionaries(st.sampled_from(placeholders.KNOWN), st.text(max_size=20), min_size=1))
def test_a_value_is_never_a_placeholder_itself(values: dict[str, str]) -> None:
    hostile = {
        name: f"{{{{agent.name}}}}{{0.__class__}}%s${{7*7}}{value}"
        for name, value in values.items()
    }
    text = " · ".join(f"{{{{{name}}}}}" for name in values)
    assert placeholders.fill(text, hostile).text == " · ".join(hostile.values())


@pytest.mark.parametrize("text", ["{{contact.__class__}}", "{{7*7}}", "{{config}}", "{{ self }}"])
def test_a_placeholder_is_one_of_a_list_and_no_expression(text: str) -> None:
    assert [fault.kind for fault in placeholders.faults(text)] == ["unknown"]
    assert placeholders.fill(text, {"7*7": ""}).text.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("markup", MARKUP)
@pytest.mark.parametrize("place", ["title", "body"])
def test_an_article_runs_nothing(markup: str, place: str) -> None:
    told: dict[str, Any] = {"title": "Frete", "body": "Texto", place: markup}
    one = Kept("k", "pt", "frete", answer="…", updated=clock.now().date(), **told)
    assert _dangers(pages.article(one)) == []
    assert _dangers(pages.contents("pt", [one])) == []


@pytest.mark.parametrize("markup", MARKUP)
def test_a_copy_of_somebodys_data_runs_nothing(markup: str) -> None:
    row = {"name": markup, "text": markup, "file": markup, markup: markup, "tags": [markup]}
    document = {"contact": row, "messages": [row], "notes": [row], "order_notices": [row]}
    assert _dangers(readable.as_page(document, "pt")) == []


async def _found(desk: Desk, text: str) -> list[Any]:
    person = await desk.sign_in(ALICE)
    answer = await person.get("/api/conversations", params={"view": "all", "q": text})
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["items"]
    return found


class _Dangers(HTMLParser):
    """Collects what a browser would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "object", "embed", "svg", "img", "base", "form", "link"}:
            self.found.append(tag)
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or address.startswith(("javascript:", "data:", "vbscript:")):
                self.found.append(f"{tag} {name}={value}")


def _dangers(page: str) -> list[str]:
    parser = _Dangers()
    parser.feed(page)
    return parser.found
