"""What people ask about the policies: versions, checks, dry runs, and putting them in force."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from sla_service.database.sessions import driver
from sla_service.errors import DomainError
from sla_service.sla import applying, documents, rulebooks
from sla_service.sla.instants import SECOND, moment
from sla_service.sla.library import Shelf
from sla_service.sla.moving import Move, Promised
from sla_service.sla.policy import Metric
from sla_service.web.access import Principal, Role, Scope, require
from sla_service.web.asking import Id
from sla_service.web.auditing import Audit
from sla_service.web.sessions import Session

_LONGEST_TEXT = 128 * 1024
_YAML = "application/yaml"
_YAML_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {_YAML: {"schema": {"type": "string"}}}}
}

_READER = Depends(require(Role.AGENT, Scope.SLA_READ))
_WRITER = Depends(require(Role.ADMIN, Scope.SLA_WRITE))
Writer = Annotated[Principal, _WRITER]


class PolicyTextTooLong(DomainError):
    """The policies are longer than 128 KB."""

    status = 413


class PolicyTextUnreadable(DomainError):
    """The policies are not text in UTF-8."""

    status = 422


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class VersionView(_View):
    """A stored version."""

    id: int
    comment: str
    created_by: str
    created_at: datetime
    activated_at: datetime | None
    is_active: bool


class StoredView(_View):
    """What a version says: the text as imported, and its meaning with holidays written out."""

    id: int
    source: str
    document: dict[str, Any]


class NumberView(_View):
    """The number of a version."""

    id: int


class ProblemView(_View):
    """One thing to look at in a text."""

    line: int
    where: str
    message: str
    is_warning: bool


class CheckView(_View):
    """Whether a text can be used, and what to look at."""

    is_usable: bool
    problems: list[ProblemView]


class PromisedView(_View):
    """What a clock promises; the target in seconds of business time."""

    target: float | None
    calendar: str | None
    due_at: datetime | None

    @classmethod
    def of(cls, promised: Promised) -> Self:
        """The view of a promise."""
        target, due_at = promised.target, promised.due_at
        return cls(
            target=None if target is None else target / SECOND,
            calendar=promised.calendar,
            due_at=None if due_at is None else moment(due_at),
        )


class ClockMoveView(_View):
    """A live clock before and after."""

    metric: Metric
    cycle: int
    before: PromisedView
    after: PromisedView


class MoveView(_View):
    """What would change for a ticket."""

    ticket_id: int
    policy_before: str
    policy_after: str
    clocks: list[ClockMoveView]

    @classmethod
    def of(cls, ticket_id: int, move: Move) -> Self:
        """The view of a move."""
        clocks = [
            ClockMoveView(
                metric=one.metric,
                cycle=one.cycle,
                before=PromisedView.of(one.before),
                after=PromisedView.of(one.after),
            )
            for one in move.clocks
        ]
        return cls(
            ticket_id=ticket_id,
            policy_before=move.policy_before,
            policy_after=move.policy_after,
            clocks=clocks,
        )


class DryRunView(_View):
    """What a version would change for open tickets; the first moves in full."""

    open: int
    changed: int
    moves: list[MoveView]


class ApplicationView(_View):
    """The act of putting open tickets under a version, and how far it is."""

    id: int
    rulebook_id: int
    requested_by: str
    created_at: datetime
    total: int
    done: int
    changed: int
    finished_at: datetime | None
    error: str | None


async def _policy_text(request: Request) -> str:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_TEXT:
            raise PolicyTextTooLong
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise PolicyTextUnreadable from error


Text = Annotated[str, Depends(_policy_text)]


def router() -> APIRouter:
    """The policies' routes: everybody reads, administrators change."""
    routes = APIRouter(prefix="/api/sla", tags=["sla"])
    _add_texts(routes)
    _add_versions(routes)
    _add_application(routes)
    return routes


def _add_texts(routes: APIRouter) -> None:
    @routes.post("/rulebooks", status_code=201, openapi_extra=_YAML_BODY)
    async def import_rulebook(
        who: Writer,
        text: Text,
        session: Session,
        audit: Audit,
        *,
        comment: Annotated[str, Query(max_length=500)] = "",
        activate: bool = False,
    ) -> NumberView:
        """Keep a YAML text as a version; the same content is the same version."""
        connection = await driver(session)
        number = await rulebooks.store(
            connection, text, comment=comment, by=who.name, activate=activate
        )
        await audit(session, who, "rulebook.kept", "rulebook", number, is_active=activate)
        return NumberView(id=number)

    @routes.post("/rulebooks/check", openapi_extra=_YAML_BODY, dependencies=[_WRITER])
    async def check_rulebook(text: Text) -> CheckView:
        """Everything that is wrong with a YAML text, or doubtful; nothing is kept."""
        reading = await asyncio.to_thread(documents.read, text)
        problems = [ProblemView.model_validate(one) for one in reading.problems]
        return CheckView(is_usable=reading.document is not None, problems=problems)


def _add_versions(routes: APIRouter) -> None:
    @routes.get("/rulebooks", dependencies=[_READER])
    async def list_rulebooks(session: Session) -> list[VersionView]:
        """Every version, the newest first."""
        found = await rulebooks.versions(await driver(session))
        return [VersionView.model_validate(one) for one in found]

    @routes.get("/rulebooks/active", response_model=StoredView, dependencies=[_READER])
    async def read_active_rulebook(session: Session, accept: Annotated[str, Header()] = "") -> Any:
        """The version in force; as it was written when YAML is asked for."""
        return _said(await rulebooks.stored(await driver(session)), accept)

    @routes.get("/rulebooks/{number}", response_model=StoredView, dependencies=[_READER])
    async def read_rulebook(
        number: Id, session: Session, accept: Annotated[str, Header()] = ""
    ) -> Any:
        """A version; as it was written when YAML is asked for."""
        return _said(await rulebooks.stored(await driver(session), number), accept)

    @routes.post("/rulebooks/{number}/activation")
    async def activate_rulebook(
        number: Id, who: Writer, session: Session, audit: Audit
    ) -> NumberView:
        """Let a version count for tickets that open from now on."""
        await rulebooks.put_in_force(await driver(session), number)
        await audit(session, who, "rulebook.activated", "rulebook", number)
        return NumberView(id=number)


def _add_application(routes: APIRouter) -> None:
    @routes.post("/rulebooks/{number}/dry-run", dependencies=[_WRITER])
    async def try_rulebook(
        number: Id, session: Session, limit: Annotated[int, Query(ge=0, le=1000)] = 200
    ) -> DryRunView:
        """What a version would change for open tickets; nothing is written."""
        connection = await driver(session)
        rulebook = await Shelf(connection).fetch(number)
        looked_at, changed, moves = 0, 0, list[MoveView]()
        async for planned in applying.plan(connection, rulebook):
            looked_at += planned.looked_at
            changed += len(planned.moves)
            room = limit - len(moves)
            moves += [MoveView.of(ticket, move) for ticket, move in planned.moves[:room]]
        return DryRunView(open=looked_at, changed=changed, moves=moves)

    @routes.post("/rulebooks/{number}/applications", status_code=202)
    async def apply_rulebook(
        number: Id, who: Writer, session: Session, audit: Audit
    ) -> ApplicationView:
        """Put open tickets under a version, in the background."""
        asked = await applying.request(await driver(session), number, by=who.name)
        await audit(session, who, "rulebook.applied", "rulebook", number, open=asked.total)
        return ApplicationView.model_validate(asked)

    @routes.get("/applications/{number}", dependencies=[_READER])
    async def read_application(number: Id, session: Session) -> ApplicationView:
        """How far an application is."""
        return ApplicationView.model_validate(await applying.by_id(await driver(session), number))


def _said(stored: rulebooks.Stored, accept: str) -> Response | StoredView:
    if "yaml" in accept:
        return Response(stored.source, media_type=_YAML, headers={"Vary": "Accept"})
    return StoredView.model_validate(stored)
