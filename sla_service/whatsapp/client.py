"""The Graph API as the desk uses it: messages out, files in and out, templates."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from sla_service.calls import Answer, Enclosed, NoAnswer, NotGiven, NotReached, Peer
from sla_service.settings import WhatsAppSettings
from sla_service.whatsapp.failures import LASTING, Failure, FailureClass, classify
from sla_service.whatsapp.values import Identity

_MEDIA_ID = re.compile(r"[\w-]{1,200}", re.ASCII)
_TEMPLATES_AT_ONCE = 100
_TEMPLATE_PAGES = 20
_TEMPLATE_FIELDS = (
    "id,name,language,status,category,parameter_format,components,quality_score,rejected_reason"
)


@dataclass(frozen=True, slots=True)
class FileAddress:
    """Where a file lies for the next five minutes; `sha256` is hexadecimal."""

    url: str
    sha256: str | None


class GraphClient:
    """One client for all numbers."""

    def __init__(self, settings: WhatsAppSettings) -> None:
        self._graph = _peer(settings, settings.send_timeout)
        self._files = _peer(settings, settings.file_timeout)
        self._home = _origin(settings.graph_url)
        self._file_hosts = settings.known_file_hosts()

    async def close(self) -> None:
        """Give the connections back."""
        await self._graph.close()
        await self._files.close()

    async def send(
        self, phone_number_id: str, to: Identity, body: dict[str, Any], *, callback: str
    ) -> str:
        """Send one message; returns its wamid. Raises Failure.

        `callback` comes back in each status of the message, even when this answer is lost.
        """
        envelope = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **_recipient(to),
            **body,
            "biz_opaque_callback_data": callback,
        }
        answer = await self._post(phone_number_id, envelope)
        try:
            return str(answer["messages"][0]["id"])
        except (KeyError, IndexError, TypeError) as error:
            raise Failure(FailureClass.UNSETTLED, None, "an acceptance without an id") from error

    async def mark_read(self, phone_number_id: str, wamid: str, *, typing: bool) -> None:
        """Mark a message and those before it as read; `typing` when an answer follows soon."""
        body: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": wamid,
        }
        if typing:
            body["typing_indicator"] = {"type": "text"}
        await self._post(phone_number_id, body)

    async def find_file(self, media_id: str) -> FileAddress:
        """Where a file can be had now. Raises Failure."""
        if not _MEDIA_ID.fullmatch(media_id):  # it becomes a part of an address
            raise Failure(FailureClass.PERMANENT, None, "no id of a file")
        told = await self._get(f"/{media_id}")
        if not isinstance(told.get("url"), str):
            raise Failure(FailureClass.PERMANENT, None, "a file without an address")
        sha256 = told.get("sha256")
        return FileAddress(told["url"], sha256 if isinstance(sha256, str) else None)

    async def fetch_file(self, address: FileAddress) -> AsyncIterator[bytes]:
        """What is in a file, piece by piece. Raises Failure.

        Our token goes along, so that only the channel's own hosts are asked.
        """
        if not self._is_channels(address.url):
            raise Failure(FailureClass.PERMANENT, None, "a file's address is not the channel's")
        try:
            async for piece in self._files.fetch(address.url):
                yield piece
        except (NotReached, NoAnswer, NotGiven) as error:
            raise Failure(FailureClass.RETRY, None, str(error)) from error

    async def hand_file(self, phone_number_id: str, path: Path, filename: str, mime: str) -> str:
        """Put a file where messages of this number can use it; returns its id. Raises Failure."""
        fields = {"messaging_product": "whatsapp", "type": mime}
        try:
            answer = await self._files.hand(
                f"/{phone_number_id}/media", fields, Enclosed(path, filename, mime)
            )
        except (NotReached, NoAnswer) as error:
            raise Failure(FailureClass.RETRY, None, str(error)) from error
        return str(_accepted(answer).get("id", ""))

    async def number(self, phone_number_id: str) -> dict[str, Any]:
        """What the channel says of a business number of ours. Raises Failure."""
        return await self._get(f"/{phone_number_id}")

    async def templates(self, account_id: str) -> list[dict[str, Any]]:
        """All templates of a business account, as they come. Raises Failure."""
        query = {"limit": str(_TEMPLATES_AT_ONCE), "fields": _TEMPLATE_FIELDS}
        found: list[dict[str, Any]] = []
        for _ in range(_TEMPLATE_PAGES):
            told = await self._get(f"/{account_id}/message_templates", query)
            found += [one for one in told.get("data") or () if isinstance(one, dict)]
            paging = told.get("paging") or {}
            if not paging.get("next"):
                break
            query["after"] = str((paging.get("cursors") or {}).get("after", ""))
        return found

    def _is_channels(self, url: str) -> bool:
        """Whether an address lies where the Graph API is, or at a host of the channel's files."""
        try:
            origin, host = _origin(url), urlsplit(url).hostname or ""
        except ValueError:
            return False
        is_known = any(f".{host}".endswith(f".{known}") for known in self._file_hosts)
        return origin == self._home or (origin[0] == "https" and is_known)

    async def _post(self, phone_number_id: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = await self._graph.post(f"/{phone_number_id}/messages", orjson.dumps(body))
        except NotReached as error:
            raise Failure(FailureClass.RETRY, None, str(error), LASTING) from error
        except NoAnswer as error:  # it had left us: nobody knows what became of it
            raise Failure(FailureClass.UNSETTLED, None, str(error)) from error
        return _accepted(answer)

    async def _get(self, path: str, query: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            return _accepted(await self._graph.get(path, query))
        except (NotReached, NoAnswer) as error:
            raise Failure(FailureClass.RETRY, None, str(error)) from error


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _peer(settings: WhatsAppSettings, timeout: timedelta) -> Peer:
    return Peer(
        f"{settings.graph_url.rstrip('/')}/{settings.graph_version}",
        {"Authorization": f"Bearer {settings.access_token.get_secret_value()}"},
        timeout,
    )


def _accepted(answer: Answer) -> dict[str, Any]:
    """What an answer says. Raises the Failure that it tells of."""
    told = _json(answer.body)
    if answer.status == 200 and "error" not in told:
        return told
    problem = told.get("error")
    problem = problem if isinstance(problem, dict) else {}
    code = problem.get("code")
    raise classify(
        code if isinstance(code, int) else None,
        answer.status,
        str(problem.get("message", f"HTTP {answer.status}"))[:300],
    )


def _recipient(to: Identity) -> dict[str, str]:
    """By number where there is one, in E.164 with its plus sign; by user id otherwise."""
    if to.wa_id:
        return {"to": "+" + to.wa_id.lstrip("+")}
    if to.bsuid:
        return {"recipient": to.bsuid}
    raise Failure(FailureClass.PERMANENT, None, "a contact without any address")


def _json(body: bytes) -> dict[str, Any]:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}
