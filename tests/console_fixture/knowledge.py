"""The made-up desk's articles, and questions that none of them answers."""

from typing import Any

from tests.console_fixture.world import World

Json = dict[str, Any]

_GIFTS: Json = {
    "id": "gift-wrapping",
    "language": "pt",
    "title": "Embalagem para presente",
    "answer": "Sim, embrulhamos para presente por R$ 9,90.",
    "url": "http://127.0.0.1:8000/knowledge/pt/presente",
}
_PIX: Json = {
    "id": "pix",
    "language": "pt",
    "title": "Pagar com Pix",
    "answer": "O código do Pix vale 60 minutos.",
    "url": "http://127.0.0.1:8000/knowledge/pt/pix",
}
_OPEN: list[Json] = [
    {"id": 9, "language": "pt", "text": "tem estacionamento na loja?", "times": 3,
     "asked_at": "2026-11-25T12:00:00Z", "conversation": 1, "article": None},
    {"id": 7, "language": "en", "text": "can you wrap two things together?", "times": 1,
     "asked_at": "2026-11-24T12:00:00Z", "conversation": 2, "article": "gift-wrapping"},
]  # fmt: skip


def found(_: World) -> list[Json]:
    """What any search comes to."""
    return [{**_GIFTS, "sure": 0.9}, {**_PIX, "sure": 0.2}]


def articles(_: World) -> list[Json]:
    """All articles."""
    return [{**one, "updated": "2026-11-24", "answer": None} for one in (_GIFTS, _PIX)]


def unanswered(_: World) -> list[Json]:
    """What people asked in vain."""
    return _OPEN
