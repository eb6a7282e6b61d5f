"""What the bot's actions ask of the desk, and what people decide about who answers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header

from sla_service import clock
from sla_service.conversations import wording
from sla_service.conversations.wording import Wording
from sla_service.database.sessions import driver
from sla_service.handoff import expecting, ownership, people_routes, proofs, routing_routes
from sla_service.handoff.views import (
    HandoffAnswer,
    HandoffRequest,
    HeldView,
    ProofAnswer,
    TicketAnswer,
    TicketChange,
    WaitView,
)
from sla_service.settings import Settings
from sla_service.tickets import lifecycle
from sla_service.web.access import Principal, Role, Scope, require
from sla_service.web.sessions import Session

Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=300)]
_BOT = Depends(require(Role.SERVICE))
Writer = Annotated[Principal, Depends(require(Role.AGENT, Scope.TICKETS_WRITE))]


def router(settings: Settings) -> APIRouter:
    """Routes for the bot's actions, for agents, and for the rules of routing."""
    routes = APIRouter(prefix="/api", tags=["handoff"])
    _add_handoff(routes, wording.load(settings.data_dir))
    _add_tickets(routes)
    _add_proofs(routes, settings)
    people_routes.add(routes, settings)
    routing_routes.add(routes)
    return routes


def _add_handoff(routes: APIRouter, words: Wording) -> None:
    @routes.post("/conversations/{conversation_id}/handoff", dependencies=[_BOT])
    async def hand_over(
        conversation_id: int, asked: HandoffRequest, key: Key, session: Session
    ) -> HandoffAnswer:
        """Hand a conversation to the people's queue."""
        connection = await driver(session)
        held = await ownership.to_queue(
            connection,
            conversation_id,
            reason=asked.reason,
            summary=asked.summary,
            priority=asked.priority,
            key=key,
            told=asked.details.model_dump(exclude_defaults=True),
        )
        wait = await expecting.expected(connection, conversation_id, held.ticket_id)
        return HandoffAnswer(
            ticket=held.number, owner=held.owner, wait=WaitView.of(wait, words, held.at)
        )


def _add_tickets(routes: APIRouter) -> None:
    @routes.patch("/conversations/{conversation_id}/ticket", dependencies=[_BOT])
    async def name_ticket(
        conversation_id: int, asked: TicketChange, session: Session
    ) -> TicketAnswer:
        """Say what the conversation's ticket is about."""
        ticket = await lifecycle.current(session, conversation_id)
        await lifecycle.name(session, ticket, subject=asked.subject, priority=asked.priority)
        return TicketAnswer(ticket=ticket.number)

    @routes.post("/tickets/{number}/resolution")
    async def resolve_ticket(number: int, who: Writer, session: Session) -> HeldView:
        """The problem is solved; the bot listens again."""
        return HeldView.of(await ownership.resolve(session, number, clock.now(), who))


def _add_proofs(routes: APIRouter, settings: Settings) -> None:
    @routes.post("/conversations/{conversation_id}/order-proofs", dependencies=[_BOT])
    async def spend_order_proof(conversation_id: int, key: Key, session: Session) -> ProofAnswer:
        """Use up one try to prove that an order is the contact's."""
        allowed, left = await proofs.spend(
            session,
            conversation_id,
            key=key,
            a_day=settings.tickets.order_proofs_a_day,
            at=clock.now(),
        )
        return ProofAnswer(allowed=allowed, left=left)
