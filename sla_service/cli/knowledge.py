"""The articles that answer what everybody asks: checked, brought in, searched."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.cli.running import out, run
from sla_service.database.sessions import driver
from sla_service.knowledge import documents, importing, searching, unanswered
from sla_service.knowledge.documents import Article, ArticlesFaulty
from sla_service.knowledge.folding import LANGUAGES
from sla_service.knowledge.importing import Imported
from sla_service.knowledge.searching import Found
from sla_service.knowledge.unanswered import Question
from sla_service.settings import ROOT, Settings

knowledge = typer.Typer(no_args_is_help=True, help=__doc__)
Folder = Annotated[
    Path | None,
    typer.Argument(exists=True, file_okay=False, help="Else data/knowledge/articles."),
]
Language = Annotated[str, typer.Option("--language", "-l", help="pt or en.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


@knowledge.command("check")
def knowledge_check(folder: Folder = None) -> None:
    """Say what is wrong with the articles, by file and line; exits 1 if anything is."""
    articles = _read(folder or ROOT / "data" / "knowledge" / "articles")
    out.print(f"{len(articles)} articles are in order.")


@knowledge.command("import")
def knowledge_import(folder: Folder = None) -> None:
    """Let the articles of a folder replace those that are answered with."""
    articles = _read(folder or Settings.read().knowledge.folder)

    async def bring(session: AsyncSession) -> Imported:
        return await importing.bring_in(await driver(session), articles)

    done = run(bring)
    out.print(f"{done.changed} new or changed, {done.removed} removed, {done.kept} as they were.")


@knowledge.command("search")
def knowledge_search(
    words: Annotated[list[str], typer.Argument(help="What somebody asks.")],
    language: Language = LANGUAGES[0],
    as_json: AsJson = False,
) -> None:
    """Show which articles come nearest to a question, and how sure that is."""
    if language not in LANGUAGES:
        raise typer.BadParameter(f"a language is one of {', '.join(LANGUAGES)}")

    async def search(session: AsyncSession) -> list[Found]:
        return await searching.search(await driver(session), " ".join(words), language)

    found = run(search)
    if as_json:
        typer.echo(json.dumps([{"id": one.key, "sure": one.sure} for one in found]))
        return
    table = Table("sure", "article", "answer")
    for one in found:
        table.add_row(f"{one.sure:.2f}", escape(one.title), escape(one.answer))
    out.print(table if found else "Nothing comes near.")


@knowledge.command("unanswered")
def knowledge_unanswered(as_json: AsJson = False) -> None:
    """List what people asked and no article answered, the most asked first."""

    async def listed(session: AsyncSession) -> list[Question]:
        return await unanswered.listed(await driver(session))

    found = run(listed)
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False))
        return
    table = Table("times", "last", "language", "question", "instead of")
    for one in found:
        day = f"{one.asked_at:%Y-%m-%d}"
        table.add_row(str(one.times), day, one.language, escape(one.text), one.article or "")
    out.print(table if found else "Nothing is open.")


def _read(folder: Path) -> list[Article]:
    try:
        return documents.read(folder)
    except ArticlesFaulty as faulty:
        for fault in faulty.faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(1) from faulty


def _plain(one: Question) -> dict[str, object]:
    return {
        "language": one.language,
        "text": one.text,
        "times": one.times,
        "asked_at": one.asked_at.isoformat(),
        "article": one.article,
    }
