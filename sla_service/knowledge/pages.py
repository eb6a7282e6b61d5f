"""An article as a page that anybody may read: no script, nothing from elsewhere."""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

from sla_service.knowledge.articles import Kept

_FOLDER = Path(__file__).parent
_TEMPLATE = (_FOLDER / "page.html").read_text("utf-8")
_STYLE = (_FOLDER / "page.css").read_text("utf-8")
# Markup in an article is shown as text, and links to scripts are none.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {"pt": "pt-BR", "en": "en"}
_WORDS = {
    "pt": {"all": "Todas as respostas", "updated": "Atualizado em {day}"},
    "en": {"all": "All answers", "updated": "Updated {day}"},
}
_DAYS = {"pt": "%d/%m/%Y", "en": "%-d %B %Y"}

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "public, max-age=300",
}
"""The rules under which browsers show a page."""


def article(one: Kept) -> str:
    """The page of an article."""
    words = _WORDS[one.language]
    day = one.updated.strftime(_DAYS[one.language])
    up = f'<a href="../{one.language}">{words["all"]}</a>'
    footer = f"{up} · {words['updated'].format(day=day)}"
    return _page(one.language, one.title, _MARKDOWN.render(one.body), footer)


def contents(language: str, articles: Iterable[Kept]) -> str:
    """The page that lists all articles of a language."""
    links = (
        f'<li><a href="{language}/{one.slug}">{escape(one.title)}</a></li>' for one in articles
    )
    return _page(language, _WORDS[language]["all"], f"<ul>{''.join(links)}</ul>", "")


def _page(language: str, title: str, content: str, footer: str) -> str:
    html = _TEMPLATE.replace("{{lang}}", _TAGS[language]).replace("{{style}}", _STYLE)
    html = html.replace("{{title}}", escape(title).replace("{{", "{ {"))
    return html.replace("{{footer}}", footer).replace("{{content}}", content)
