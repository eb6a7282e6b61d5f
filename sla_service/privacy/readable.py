"""The copy of a contact's data as a person reads it, in both languages: text, or a page."""

import html
import json
from collections.abc import Mapping
from typing import Any

type Document = dict[str, Any]
"""A contact's data as plain values, by section."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "pt": {
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
        lines = [_line(one) for one in _listed(content)] or [f"({words['none']})"]
        parts.append("\n".join([f"== {words[name]} ==", *lines]))
    parts.append(f"== {words['machine']} ==\n{as_json(document)}")
    return "\n\n".join(parts) + "\n"


def as_page(document: Document, language: str | None) -> str:
    """The document for people, as a page that needs nothing else."""
    words = _words(language)
    sections = "".join(
        f"<h2>{html.escape(words[name])}</h2><ul>{_items(content, words['none'])}</ul>"
        for name, content in document.items()
    )
    title = html.escape(words["title"])
    tag = "pt-BR" if words is _WORDS["pt"] else "en"
    return (
        f'<!doctype html><html lang="{tag}"><meta charset="utf-8"><title>{title}</title>'
        "<style>body{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em}"
        "li{margin:.3em 0;overflow-wrap:anywhere}</style>"
        f"<h1>{title}</h1><p>{html.escape(words['about'])}</p>{sections}</html>"
    )


def _words(language: str | None) -> Mapping[str, str]:
    return _WORDS.get(language or "", _WORDS["pt"])


def _items(content: Any, none: str) -> str:
    lines = [_line(one) for one in _listed(content)] or [none]
    return "".join(f'<li dir="auto">{html.escape(line)}</li>' for line in lines)


def _listed(content: Any) -> list[Any]:
    return content if isinstance(content, list) else [content]


def _line(one: Any) -> str:
    if not isinstance(one, dict):
        return _shown(one)
    return " · ".join(f"{name}: {_shown(value)}" for name, value in one.items())


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
