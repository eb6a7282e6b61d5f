"""Consent, copies and erasures: for people, for programs with a key, and for the bot's actions."""

import asyncio
from datetime import UTC
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Query, Response
from fastapi.responses import FileResponse

from sla_service import clock
from sla_service.conversations import consent
from sla_service.conversations.media_store import MediaStore
from sla_service.database.sessions import Connection, driver
from sla_service.privacy import exporting, packing, readable, requests
from sla_service.privacy.requests import AlreadyErased, CaseStillOpen, UnderLegalHold
from sla_service.privacy.tables import ErasureCause
from sla_service.privacy.views import (
    ConsentAnswer,
    ConsentBody,
    CopyAnswer,
    CopyBody,
    EraseAnswer,
    ErasureView,
    HoldBody,
    PrivacyView,
)
from sla_service.settings import Settings
from sla_service.web.access import Principal, Role, Scope, require
from sla_service.web.asking import Id
from sla_service.web.auditing import Audit
from sla_service.web.sessions import Session

_BOT = Depends(require(Role.SERVICE))
Bot = Annotated[Principal, _BOT]
Reader = Annotated[Principal, Depends(require(Role.AGENT, Scope.CONVERSATIONS_READ))]
Keeper = Annotated[Principal, Depends(require(Role.SUPERVISOR, Scope.PRIVACY_WRITE))]
Lawyer = Annotated[Principal, Depends(require(Role.ADMIN))]
Language = Annotated[str | None, Query(pattern="^(pt|en)$")]


def router(settings: Settings) -> APIRouter:
    """All routes of the room."""
    routes = APIRouter(prefix="/api", tags=["privacy"])
    _add_looks(routes)
    _add_copies(routes, MediaStore(settings.media.folder))
    _add_erasures(routes)
    _add_holds(routes)
    _add_bot_consents(routes)
    _add_bot_requests(routes)
    return routes


def _add_looks(routes: APIRouter) -> None:
    @routes.get("/conversations/{conversation_id}/privacy")
    async def show_privacy(conversation_id: Id, _: Reader, session: Session) -> PrivacyView:
        """What a contact allows and was told, word by word, and what becomes of their data."""
        return await _view(await driver(session), conversation_id)


def _add_copies(routes: APIRouter, store: MediaStore) -> None:
    @routes.get("/conversations/{conversation_id}/data-export", response_class=FileResponse)
    async def export_data(
        conversation_id: Id,
        who: Keeper,
        session: Session,
        audit: Audit,
        *,
        after: BackgroundTasks,
        language: Language = None,
    ) -> FileResponse:
        """All that is kept of a contact, as one archive: a page, JSON, and their files."""
        connection = await driver(session)
        whose = await requests.subject(connection, conversation_id)
        document = await exporting.gather(connection, whose, for_people=True)
        files = await exporting.files(connection, whose)
        await audit(session, who, "contact.exported", "contact", whose.contact_id)
        spoken = language or whose.language
        path = await asyncio.to_thread(packing.pack, document, files, store, spoken)
        after.add_task(_remove, path)
        day = clock.now().astimezone(UTC).date().isoformat()
        return FileResponse(
            path,
            media_type="application/zip",
            filename=f"dados-{whose.contact_id}-{day}.zip",
            headers={"Cache-Control": "no-store"},
        )


def _add_erasures(routes: APIRouter) -> None:
    @routes.post("/conversations/{conversation_id}/erasure", status_code=202)
    async def erase_contact(conversation_id: Id, who: Keeper, session: Session) -> ErasureView:
        """Have everything erased that tells who a contact is and what they said; counts stay."""
        cause = ErasureCause.PROGRAM if who.kind == "key" else ErasureCause.PEOPLE
        connection = await driver(session)
        return ErasureView.of(await requests.ask(connection, conversation_id, cause, who))

    @routes.get("/erasures/{erasure_id}")
    async def show_erasure(erasure_id: Id, _: Keeper, session: Session) -> ErasureView:
        """How far an erasure is."""
        return ErasureView.of(await requests.one(await driver(session), erasure_id))


def _add_holds(routes: APIRouter) -> None:
    @routes.put("/conversations/{conversation_id}/legal-hold")
    async def hold_data(
        conversation_id: Id, body: HoldBody, who: Lawyer, session: Session, audit: Audit
    ) -> PrivacyView:
        """Let nothing of a contact be erased, by nobody, until that is lifted."""
        connection = await driver(session)
        whose = await requests.subject(connection, conversation_id)
        await requests.hold_back(connection, whose.contact_id, body.reason)
        await audit(session, who, "contact.held", "contact", whose.contact_id)
        return await _view(connection, conversation_id)

    @routes.delete("/conversations/{conversation_id}/legal-hold", status_code=204)
    async def lift_hold(
        conversation_id: Id, who: Lawyer, session: Session, audit: Audit
    ) -> Response:
        """Let a contact's data be erased again."""
        connection = await driver(session)
        whose = await requests.subject(connection, conversation_id)
        await requests.hold_back(connection, whose.contact_id, None)
        await audit(session, who, "contact.hold_lifted", "contact", whose.contact_id)
        return Response(status_code=204)


def _add_bot_consents(routes: APIRouter) -> None:
    @routes.post("/conversations/{conversation_id}/consents")
    async def record_consent(
        conversation_id: Id, body: ConsentBody, _: Bot, session: Session
    ) -> ConsentAnswer:
        """Write down what a contact agreed to, or took back, in a turn of the bot."""
        connection = await driver(session)
        whose = await requests.subject(connection, conversation_id)
        changed = await consent.record(
            connection,
            whose.contact_id,
            body.purposes,
            granted=body.granted,
            wording=body.wording.words(),
            language=whose.language,
            cause=body.cause,
        )
        return ConsentAnswer(changed=changed)


def _add_bot_requests(routes: APIRouter) -> None:
    @routes.post("/conversations/{conversation_id}/data-copy")
    async def copy_data(
        conversation_id: Id, body: CopyBody, who: Bot, session: Session, audit: Audit
    ) -> CopyAnswer:
        """What a contact may have sent to them on the spot: a text that programs read too."""
        connection = await driver(session)
        whose = await requests.subject(connection, conversation_id)
        document = await exporting.gather(connection, whose, for_people=False)
        await audit(session, who, "contact.exported", "contact", whose.contact_id)
        return CopyAnswer(
            name=readable.name(body.language) + ".txt",
            text=readable.as_text(document, body.language),
        )

    @routes.post("/conversations/{conversation_id}/erasure-request")
    async def ask_for_erasure(conversation_id: Id, who: Bot, session: Session) -> EraseAnswer:
        """A contact who showed who they are wants to be forgotten."""
        connection = await driver(session)
        try:
            await requests.ask(connection, conversation_id, ErasureCause.CONTACT, who)
        except UnderLegalHold:
            return EraseAnswer(state="legal_hold")
        except CaseStillOpen:
            return EraseAnswer(state="open_case")
        except AlreadyErased:
            return EraseAnswer(state="erased_before")
        return EraseAnswer(state="accepted")


async def _view(connection: Connection, conversation_id: int) -> PrivacyView:
    whose = await requests.subject(connection, conversation_id)
    return PrivacyView.of(
        whose,
        await consent.state(connection, whose.contact_id),
        await consent.ledger(connection, whose.contact_id),
        await requests.latest(connection, whose.contact_id),
    )


async def _remove(path: Path) -> None:
    await asyncio.to_thread(path.unlink, missing_ok=True)
