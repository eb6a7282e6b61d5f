"""What people ask about the policies: versions, checks, dry runs, and putting them in force."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.database.sessions import driver
from sla_service.errors import DomainError
from sla_service.sla import applying, documents, rulebooks
from sla_service.sla.library import Shelf
from sla_service.sla.moving import Move
from sla_service.sla.problems import PolicyErrors
from sla_service.sla.views import (
    ApplicationView,
    CheckView,
    DryRunView,
    MoveView,
    NumberView,
    ProblemView,
    StoredView,
    VersionView,
)
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


class Numbers(Protocol):
    """Tells by which numbers people know tickets; those that are gone are left out."""

    async def __call__(self, session: AsyncSession, ids: Sequence[int], /) -> Mapping[int, int]:
        """The number of each ticket."""


def _numbers(request: Request) -> Numbers:
    numbers: Numbers = request.app.state.ticket_numbers  # the room `tickets` tells them
    return numbers


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
Language = Annotated[Literal["pt", "en"], Query(description="In which problems are told.")]
TicketNumbers = Annotated[Numbers, Depends(_numbers)]


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
        language: Language = "en",
    ) -> NumberView:
        """Keep a YAML text as a version; the same content is the same version."""
        connection = await driver(session)
        try:
            number = await rulebooks.store(
                connection, text, comment=comment, by=who.name, activate=activate
            )
        except PolicyErrors as refused:
            raise PolicyErrors(refused.problems, language) from None
        await audit(session, who, "rulebook.kept", "rulebook", number, is_active=activate)
        return NumberView(id=number)

    @routes.post("/rulebooks/check", openapi_extra=_YAML_BODY, dependencies=[_WRITER])
    async def check_rulebook(text: Text, language: Language = "en") -> CheckView:
        """Everything that is wrong with a YAML text, or doubtful; nothing is kept."""
        reading = await asyncio.to_thread(documents.read, text)
        problems = [ProblemView(**one.plain(language)) for one in reading.problems]
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
        number: Id,
        session: Session,
        numbers: TicketNumbers,
        limit: Annotated[int, Query(ge=0, le=1000)] = 200,
    ) -> DryRunView:
        """What a version would change for open tickets; nothing is written."""
        connection = await driver(session)
        rulebook = await Shelf(connection).fetch(number)
        looked_at, changed, moves = 0, 0, list[tuple[int, Move]]()
        async for planned in applying.plan(connection, rulebook):
            looked_at += planned.looked_at
            changed += len(planned.moves)
            moves += planned.moves[: limit - len(moves)]
        known = await numbers(session, [ticket for ticket, _ in moves])
        shown = [MoveView.of(ticket, known.get(ticket), move) for ticket, move in moves]
        return DryRunView(open=looked_at, changed=changed, moves=shown)

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
