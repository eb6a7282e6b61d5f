"""Conversations and their threads, for whoever may see them."""

from typing import Annotated

from fastapi import APIRouter, Query

from sla_service.console import asking, conversations, counting, threads
from sla_service.console.asking import AgentId, agent_of
from sla_service.console.conversations import Reader, Wanted
from sla_service.console.cursors import Cursor
from sla_service.console.listing import View
from sla_service.console.views import (
    ConversationPage,
    ConversationView,
    CountsView,
    StoppedAccountView,
    ThreadPage,
)
from sla_service.settings import Settings
from sla_service.tickets.tables import Priority
from sla_service.web.asking import Id, Limit, Word
from sla_service.web.principals import Principal
from sla_service.web.sessions import Session
from sla_service.whatsapp import accounts


def router(settings: Settings) -> APIRouter:
    """The list, one of it, its thread, and how many there are."""
    routes = asking.routes()
    _add_list(routes, settings)
    _add_thread(routes)
    _add_desk(routes)
    return routes


def _add_list(routes: APIRouter, settings: Settings) -> None:
    def reader(who: Principal) -> Reader:
        return Reader(agent_of(who), settings.whatsapp.window)

    @routes.get("/conversations")
    async def list_conversations(
        who: asking.Reader,
        session: Session,
        *,
        view: View = "all",
        q: Annotated[str, Query(max_length=100)] = "",
        priority: Priority | None = None,
        language: Word = None,
        tag: Word = None,
        agent: AgentId = None,
        unread: bool = False,
        cursor: Word = None,
        limit: Limit = 50,
    ) -> ConversationPage:
        """Conversations: the most urgent promise first where people have them, else the newest."""
        wanted = Wanted(view, q, priority, language, tag, agent, unread)
        return await conversations.page(session, reader(who), wanted, cursor=cursor, limit=limit)

    @routes.get("/conversations/{conversation_id}")
    async def show_conversation(
        conversation_id: Id, who: asking.Reader, session: Session
    ) -> ConversationView:
        """One conversation, as the list shows it."""
        return await conversations.one(session, reader(who), conversation_id)


def _add_thread(routes: APIRouter) -> None:
    @routes.get("/conversations/{conversation_id}/messages")
    async def show_thread(
        conversation_id: Id,
        _: asking.Reader,
        session: Session,
        before: Word = None,
        limit: Limit = 50,
    ) -> ThreadPage:
        """A stretch of a thread, the newest unless `before` says otherwise."""
        return await threads.page(session, conversation_id, before=Cursor.read(before), limit=limit)


def _add_desk(routes: APIRouter) -> None:
    @routes.get("/counts")
    async def show_counts(who: asking.Reader, session: Session) -> CountsView:
        """How many conversations each view has."""
        return (await counting.counts(session)).of(agent_of(who))

    @routes.get("/accounts/stopped")
    async def list_stopped_accounts(_: asking.Reader, session: Session) -> list[StoppedAccountView]:
        """Business numbers that send nothing until a person resumes them."""
        return [
            StoppedAccountView(
                phone_number_id=account.phone_number_id,
                stopped_at=account.stopped_at,
                reason=account.stop_reason,
            )
            for account in await accounts.stopped(session)
            if account.stopped_at is not None
        ]
