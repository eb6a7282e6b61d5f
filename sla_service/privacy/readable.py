"""The copy of a contact's data as a person reads it, in both languages: text, or a page."""

import html
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sla_service.privacy import field_names

type Document = dict[str, Any]
"""A contact's data as plain values, by section."""

_INSTANTS = frozenset(
    {
        *("asked_at", "at", "created_at", "happened_at", "known_since", "opened_at"),
        *("rated_at", "resolved_at", "said_at", "told_at"),
    }
)
_WORDS: Mapping[str, Mapping[str, str]] = {
    "pt": {
        "language": "pt",
        "tag": "pt-BR",
        "instant": "%d/%m/%Y %H:%M UTC",
        "title": "Seus dados no nosso atendimento",
        "file": "seus-dados",
        "about": "Tudo o que guardamos das suas conversas com a loja. Os pedidos em si ficam no "
        "sistema da loja.",
        "machine": "O mesmo, para ser lido por programas (JSON)",
        "none": "nada",
        "contact": "Quem você é para nós",
        "consents": "O que você leu e autorizou",
        "messages": "Mensagens",
        "requests": "Atendimentos",
        "ratings": "Notas que você deu",
        "order_notices": "Avisos sobre pedidos",
        "notes": "Anotações da equipe",
        "handovers": "Passagens entre o assistente e a equipe",
        "bot_memory": "O que o assistente lembra",
    },
    "en": {
        "language": "en",
        "tag": "en",
        "instant": "%Y-%m-%d %H:%M UTC",
        "title": "Your data in our support desk",
        "file": "your-data",
        "about": "Everything we keep of your conversations with the shop. The orders themselves "
        "are in the shop's own system.",
        "machine": "The same, for programs to read (JSON)",
        "none": "nothing",
        "contact": "Who you are to us",
        "consents": "What you read and allowed",
        "messages": "Messages",
        "requests": "Requests",
        "ratings": "Scores you gave",
        "order_notices": "Updates about orders",
        "notes": "The team's notes",
        "handovers": "Handovers between the assistant and the team",
        "bot_memory": "What the assistant remembers",
    },
}


def name(language: str | None) -> str:
    """What a copy's file is called, without its ending."""
    return _words(language)["file"]


def as_json(document: Document) -> str:
    """The document for programs."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def as_text(document: Document, language: str | None) -> str:
    """The document for people, with the one for programs below it: one file that holds both."""
    words = _words(language)
    parts = [words["title"].upper(), words["about"]]
    for name, content in document.items():
        lines = _lines(name, content, words) or [f"({words['none']})"]
        parts.append("\n".join([f"== {words[name]} ==", *lines]))
    parts.append(f"== {words['machine']} ==\n{as_json(document)}")
    return "\n\n".join(parts) + "\n"


def as_page(document: Document, language: str | None) -> str:
    """The document for people, as a page that needs nothing else."""
    words = _words(language)
    sections = "".join(
        f"<h2>{html.escape(words[name])}</h2><ul>{_items(name, content, words)}</ul>"
        for name, content in document.items()
    )
    title = html.escape(words["title"])
    return (
        f'<!doctype html><html lang="{words["tag"]}"><meta charset="utf-8"><title>{title}</title>'
        "<style>body{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em}"
        "li{margin:.3em 0;overflow-wrap:anywhere}</style>"
        f"<h1>{title}</h1><p>{html.escape(words['about'])}</p>{sections}</html>"
    )


def _words(language: str | None) -> Mapping[str, str]:
    return _WORDS.get(language or "", _WORDS["pt"])


def _items(section: str, content: Any, words: Mapping[str, str]) -> str:
    lines = _lines(section, content, words) or [words["none"]]
    return "".join(f'<li dir="auto">{html.escape(line)}</li>' for line in lines)


def _lines(section: str, content: Any, words: Mapping[str, str]) -> list[str]:
    """One line for each thing kept, its fields named in the reader's language."""
    listed = content if isinstance(content, list) else [content]
    return [_line(section, one, words) for one in listed]


def _line(section: str, one: Any, words: Mapping[str, str]) -> str:
    if not isinstance(one, dict):
        return _shown("", one, words)
    return " · ".join(
        f"{field_names.named(section, name, words['language'])}: {_shown(name, value, words)}"
        for name, value in one.items()
    )


def _shown(name: str, value: Any, words: Mapping[str, str]) -> str:
    if name in _INSTANTS and isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(UTC).strftime(words["instant"])
    told = field_names.in_words(name, value, words["language"])
    return told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
