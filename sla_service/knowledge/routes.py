"""Articles over HTTP: for whoever reads them, for agents who answer, and for the bot."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import HTMLResponse

from sla_service.database.sessions import driver
from sla_service.knowledge import answering, articles, pages, searching, unanswered
from sla_service.knowledge.articles import NoSuchArticle
from sla_service.knowledge.searching import Found
from sla_service.knowledge.views import (
    AnswerView,
    ArticleView,
    FoundView,
    Language,
    QuestionBody,
    UnansweredView,
)
from sla_service.settings import Settings
from sla_service.web.access import Principal, Role, Scope, ServiceOnly, require
from sla_service.web.asking import Id, Limit
from sla_service.web.sessions import Session

Reader = Annotated[Principal, Depends(require(Role.AGENT, Scope.TICKETS_READ))]
Writer = Annotated[Principal, Depends(require(Role.SUPERVISOR, Scope.TICKETS_WRITE))]
Message = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200)]
Words = Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


def routers(settings: Settings) -> list[APIRouter]:
    """The pages, and what is asked of the articles."""
    asking = APIRouter(prefix="/api", tags=["knowledge"])
    _add_reading(asking, settings)
    _add_unanswered(asking)
    _add_questions(asking, settings)
    return [_pages(), asking]


def _pages() -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/knowledge/{language}")
    async def list_pages(language: str, session: Session) -> HTMLResponse:
        """All articles of a language, for anybody."""
        kept = await articles.every(await driver(session), language)
        if not kept:
            raise NoSuchArticle
        return HTMLResponse(pages.contents(language, kept), headers=pages.HEADERS)

    @routes.get("/knowledge/{language}/{slug}")
    async def show_page(language: str, slug: str, session: Session) -> HTMLResponse:
        """An article, for anybody."""
        if "\x00" in language + slug:
            raise NoSuchArticle
        kept = await articles.at(await driver(session), language, slug)
        return HTMLResponse(pages.article(kept), headers=pages.HEADERS)

    return routes


def _add_reading(routes: APIRouter, settings: Settings) -> None:
    @routes.get("/knowledge/articles")
    async def list_articles(
        _: Reader, session: Session, language: Language | None = None
    ) -> list[ArticleView]:
        """All articles."""
        return [
            ArticleView(
                id=one.key,
                language=one.language,  # type: ignore[arg-type]
                title=one.title,
                url=articles.address(settings, one.language, one.slug),
                updated=one.updated,
            )
            for one in await articles.every(await driver(session), language)
        ]

    @routes.get("/knowledge/search")
    async def search_articles(
        _: Reader, session: Session, *, q: Words, language: Language, limit: Limit = 5
    ) -> list[FoundView]:
        """The articles that come nearest to what is asked, the nearest first."""
        found = await searching.search(await driver(session), q, language, limit=limit)
        return [_view(settings, one) for one in found]


def _add_unanswered(routes: APIRouter) -> None:
    @routes.get("/knowledge/unanswered")
    async def list_unanswered(
        _: Writer, session: Session, language: Language | None = None, limit: Limit = 100
    ) -> list[UnansweredView]:
        """What people asked and no article answered, the most asked first."""
        found = await unanswered.listed(await driver(session), language, limit=limit)
        return [UnansweredView.model_validate(one) for one in found]

    @routes.post("/knowledge/unanswered/{question_id}/settlement", status_code=204)
    async def settle_question(who: Writer, session: Session, question_id: Id) -> None:
        """Take a question off the list: an article answers it now, or none shall."""
        await unanswered.settle(session, who, question_id)


def _add_questions(routes: APIRouter, settings: Settings) -> None:
    @routes.post("/conversations/{conversation_id}/questions")
    async def ask_question(
        _: ServiceOnly, conversation_id: Id, message: Message, body: QuestionBody, session: Session
    ) -> AnswerView:
        """The article that answers what a contact asks; or the question is kept, where wished."""
        connection = await driver(session)
        scores = {one.id: one.score for one in body.ranking}
        best, near = await answering.answer(connection, body.text, body.language, scores)
        if not body.look:
            best = None
        is_kept = body.keep == "always" or (body.keep == "if_near" and near >= answering.NEAR)
        if best is None and is_kept:
            await unanswered.keep(
                connection,
                body.text,
                body.language,
                conversation=conversation_id,
                message=message,
                article=body.unhelpful,
            )
        return AnswerView(article=None if best is None else _view(settings, best))


def _view(settings: Settings, found: Found) -> FoundView:
    return FoundView(
        id=found.key,
        language=found.language,  # type: ignore[arg-type]
        title=found.title,
        answer=found.answer,
        url=articles.address(settings, found.language, found.slug),
        sure=found.sure,
    )
