"""What people decide about who answers: accept, assign, transfer, put back, give back."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from sla_service.database.sessions import driver, rows
from sla_service.errors import DomainError, NotFound
from sla_service.handoff import offers, ownership
from sla_service.handoff.views import AssignmentBody, BotBody, HandoffDetailsView, HeldView
from sla_service.settings import Settings
from sla_service.web.access import Agent, Principal, Role, Scope, require
from sla_service.web.sessions import Session

_READER = Depends(require(Role.AGENT, Scope.CONVERSATIONS_READ))
_Writer = Annotated[Principal, Depends(require(Role.AGENT, Scope.CONVERSATIONS_WRITE))]


class NobodyIsMe(DomainError):
    """A program has to name the agent: "me" is for people."""

    status = 422


class NeverHandedOver(NotFound):
    """This conversation was never handed to people."""


class QueueBody(BaseModel):
    """Where it goes; there is one queue."""

    model_config = ConfigDict(extra="forbid")

    to: Literal["queue"] = "queue"


def add(routes: APIRouter, settings: Settings) -> None:
    """Add the routes."""
    _add_assignment(routes)
    _add_bot(routes, settings)
    _add_offers(routes)
    _add_details(routes)


def _add_assignment(routes: APIRouter) -> None:
    @routes.post("/conversations/{conversation_id}/assignment")
    async def assign_conversation(
        conversation_id: int, asked: AssignmentBody, who: _Writer, session: Session
    ) -> HeldView:
        """Take a conversation, or give it to somebody; 409 when another took it first."""
        agent = who.id if asked.agent == "me" and who.kind == "agent" else asked.agent
        if agent is None or agent == "me":
            raise NobodyIsMe
        held = await ownership.assign(
            await driver(session), conversation_id, agent, who, seen=asked.owner_fence
        )
        return HeldView.of(held)

    @routes.delete("/conversations/{conversation_id}/assignment")
    async def put_back_conversation(
        conversation_id: int, who: _Writer, session: Session, _: QueueBody | None = None
    ) -> HeldView:
        """Let a conversation wait in the queue again."""
        return HeldView.of(await ownership.put_back(await driver(session), conversation_id, who))


def _add_bot(routes: APIRouter, settings: Settings) -> None:
    @routes.post("/conversations/{conversation_id}/bot")
    async def give_back_conversation(
        conversation_id: int, asked: BotBody, who: _Writer, session: Session
    ) -> HeldView:
        """Let the bot go on, with an instruction if it is to begin at once."""
        held = await ownership.give_back(
            await driver(session),
            conversation_id,
            who,
            settles_in=settings.tickets.abandoned_after,
            instruction=asked.instruction,
        )
        return HeldView.of(held)


def _add_offers(routes: APIRouter) -> None:
    @routes.post("/offers/{offer_id}/acceptance")
    async def accept_offer(offer_id: int, who: Agent, session: Session) -> HeldView:
        """Take a conversation that one was offered; 409 when the offer is over."""
        return HeldView.of(await offers.accept(await driver(session), offer_id, who))

    @routes.delete("/offers/{offer_id}", status_code=204)
    async def decline_offer(offer_id: int, who: Agent, session: Session) -> None:
        """Let somebody else have it."""
        await offers.decline(await driver(session), offer_id, who)


def _add_details(routes: APIRouter) -> None:
    @routes.get("/conversations/{conversation_id}/handoff", dependencies=[_READER])
    async def read_handoff(conversation_id: int, session: Session) -> HandoffDetailsView:
        """Why people got a conversation last, and what the bot had found out."""
        found: list[Any] = await rows(await driver(session), _LATEST, {"id": conversation_id})
        if not found:
            raise NeverHandedOver(conversation=conversation_id)
        return HandoffDetailsView.model_validate(found[0], from_attributes=True)


_LATEST = """
SELECT h.id, h.at, t.number AS ticket, h.reason, h.summary, h.details
FROM handoffs h JOIN tickets t ON t.id = h.ticket_id
WHERE h.conversation_id = %(id)s AND h.from_owner = 'bot' ORDER BY h.id DESC LIMIT 1
"""
