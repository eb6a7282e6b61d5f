"""What the bot's actions ask of the desk about a conversation."""

from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field

from sla_service import clock
from sla_service.conversations.tables import Owner
from sla_service.handoff import ownership, proofs
from sla_service.handoff.tables import Reason
from sla_service.settings import Settings
from sla_service.tickets import lifecycle
from sla_service.tickets.tables import Priority
from sla_service.web.access import PersonOnly, ServiceOnly
from sla_service.web.sessions import Session

Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=300)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HandoffRequest(_Body):
    """Why people are needed, and what they should know."""

    reason: Reason
    summary: str | None = Field(None, max_length=2000)
    priority: Priority | None = None


class HandoffAnswer(_Body):
    """The ticket people will work on, and who holds the conversation now."""

    ticket: int
    owner: Owner


class TicketChange(_Body):
    """What a ticket is about; absent parts stay."""

    subject: str | None = Field(None, max_length=200)
    priority: Priority | None = None


class TicketAnswer(_Body):
    """The ticket's number."""

    ticket: int


class ProofAnswer(_Body):
    """Whether this try may be made, and how many are left in 24 hours."""

    allowed: bool
    left: int


def router(settings: Settings) -> APIRouter:
    """Routes for the bot's actions, and the resolution of a ticket."""
    routes = APIRouter(prefix="/api", tags=["tickets"])
    _add_handoff(routes)
    _add_proofs(routes, settings)
    return routes


def _add_handoff(routes: APIRouter) -> None:
    @routes.post("/conversations/{conversation_id}/handoff", dependencies=[ServiceOnly])
    async def hand_over(
        conversation_id: int, asked: HandoffRequest, key: Key, session: Session
    ) -> HandoffAnswer:
        """Hand a conversation to the people's queue."""
        held = await ownership.to_queue(
            session,
            conversation_id,
            reason=asked.reason,
            summary=asked.summary,
            priority=asked.priority,
            key=key,
        )
        return HandoffAnswer(ticket=held.ticket.number, owner=held.owner)

    @routes.patch("/conversations/{conversation_id}/ticket", dependencies=[ServiceOnly])
    async def name_ticket(
        conversation_id: int, asked: TicketChange, session: Session
    ) -> TicketAnswer:
        """Say what the conversation's ticket is about."""
        ticket = await lifecycle.current(session, conversation_id)
        await lifecycle.name(session, ticket, subject=asked.subject, priority=asked.priority)
        return TicketAnswer(ticket=ticket.number)

    @routes.post("/tickets/{number}/resolution", dependencies=[PersonOnly])
    async def resolve_ticket(number: int, session: Session) -> HandoffAnswer:
        """The problem is solved; the bot listens again."""
        held = await ownership.resolve(session, number, clock.now())
        return HandoffAnswer(ticket=held.ticket.number, owner=held.owner)


def _add_proofs(routes: APIRouter, settings: Settings) -> None:
    @routes.post("/conversations/{conversation_id}/order-proofs", dependencies=[ServiceOnly])
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
