"""The desk as the actions see it: people, tickets, tries to prove an order, and files to send."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx2

from order_system.papers import Document

_TIMEOUT = httpx2.Timeout(4.0, connect=2.0)
_ANSWER_TIMEOUT = httpx2.Timeout(1.5, connect=1.0)  # the bot can go on without
_FILE_TIMEOUT = httpx2.Timeout(12.0, connect=2.0)  # the desk hands it to WhatsApp meanwhile
_LANGUAGES = ("pt", "en")
_LONGEST_WORDS = 2000
_PAUSE = 0.2  # seconds before the one retry
_RETRYABLE_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


class DeskError(Exception):
    """The desk didn't do what it was asked; `code` is what the bot channel reports."""

    code = "desk_refused"


class DeskUnreachableError(DeskError):
    """The desk gave no answer, or can't answer just now."""

    code = "desk_unreachable"


@dataclass(frozen=True)
class ProofTry:
    """A try to prove an order: whether it may be made, and how many are left after it."""

    allowed: bool
    left: int


@dataclass(frozen=True)
class DataCopy:
    """What is kept of a contact, as one text, and what its file is called."""

    name: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Called:
    """People were called: the number of the ticket, and what to say of the wait, by language."""

    ticket: int
    wait: Mapping[str, str]

    def wait_in(self, language: str) -> str:
        """What to say of the wait in a language."""
        return self.wait[language]


@dataclass(frozen=True)
class Article:
    """An article that answers a question, in few words and as a page."""

    key: str
    answer: str
    url: str


class Desk:
    """The one client of the desk's API.

    Every call names the message it follows from, so that the same message, heard again, changes
    nothing. One object serves one event loop.
    """

    def __init__(
        self, base_url: str, token: str, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        """`base_url` is the desk's address, without `/api`; `token` is the service's."""
        self._client = httpx2.AsyncClient(
            base_url=base_url.rstrip("/") + "/api/",
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=_TIMEOUT,
            transport=transport,
        )

    async def hand_over(
        self,
        conversation: str,
        message_id: str,
        *,
        reason: str,
        summary: str | None = None,
        priority: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> Called:
        """Put the conversation into the people's queue, with what the bot knows of it."""
        answer = await self._send(
            "POST",
            conversation,
            "handoff",
            message_id,
            {
                "reason": reason,
                "summary": summary,
                "priority": priority,
                "details": dict(details or {}),
            },
        )
        words = _value(_value(answer, "wait", Mapping), "text", Mapping)
        return Called(
            ticket=int(_value(answer, "ticket", int)),
            wait={language: str(_value(words, language, str)) for language in _LANGUAGES},
        )

    async def describe_ticket(
        self, conversation: str, message_id: str, *, subject: str, priority: str
    ) -> None:
        """Tell people what the open ticket is about and how much it matters."""
        await self._send(
            "PATCH", conversation, "ticket", message_id, {"subject": subject, "priority": priority}
        )

    async def spend_proof(self, conversation: str, message_id: str) -> ProofTry:
        """Use up one of the few tries the contact has; ask before comparing anything."""
        answer = await self._send("POST", conversation, "order-proofs", message_id, {})
        return ProofTry(
            allowed=_value(answer, "allowed", bool) is True, left=int(_value(answer, "left", int))
        )

    async def article_for(
        self,
        conversation: str,
        message_id: str,
        *,
        text: str,
        language: str,
        ranking: Sequence[Mapping[str, Any]],
        keep: str = "never",
        look: bool = True,
    ) -> Article | None:
        """The article that answers; `ranking` is what the bot thinks of.

        With `keep`, `always` or `if_near`, a question without an answer is kept for whoever writes
        articles; unless `look`, none is looked for. Asked once: an answer that takes long is worth
        less than none.
        """
        body = {"text": text, "language": language, "keep": keep, "look": look}
        body["ranking"] = list(ranking)
        found = _value(await self._ask(conversation, message_id, body), "article", object)
        if found is None:
            return None
        return Article(
            key=str(_value(found, "id", str)),
            answer=str(_value(found, "answer", str)),
            url=str(_value(found, "url", str)),
        )

    async def keep_unhelpful(
        self, conversation: str, message_id: str, *, text: str, language: str, article: str
    ) -> None:
        """Tell whoever writes articles that one was given to a question and didn't help."""
        body = {"text": text, "language": language, "keep": "always", "look": False}
        body["unhelpful"] = article
        await self._ask(conversation, message_id, body)

    async def record_consent(
        self,
        conversation: str,
        message_id: str,
        *,
        purposes: Sequence[str],
        granted: bool,
        words: str,
        cause: str,
    ) -> None:
        """Write down what a contact agreed to or took back, in the words they said or read."""
        body = {
            "purposes": list(purposes),
            "granted": granted,
            "wording": {"text": words[:_LONGEST_WORDS] or "-"},
            "cause": cause,
        }
        await self._send("POST", conversation, "consents", message_id, body)

    async def data_copy(self, conversation: str, message_id: str, language: str) -> DataCopy:
        """What the desk keeps of the contact, as one text."""
        answer = await self._send(
            "POST", conversation, "data-copy", message_id, {"language": language}
        )
        return DataCopy(str(_value(answer, "name", str)), str(_value(answer, "text", str)))

    async def ask_erasure(self, conversation: str, message_id: str) -> str:
        """Have the contact forgotten: `accepted`, or why a person must decide."""
        answer = await self._send("POST", conversation, "erasure-request", message_id, {})
        return str(_value(answer, "state", str))

    async def keep_file(self, conversation: str, document: Document) -> str:
        """Bring a file for the contact; returns what a reply calls it."""
        answer = await self._send_file(conversation, document)
        return str(_value(answer, "file", str))

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _ask(self, conversation: str, message_id: str, body: dict[str, Any]) -> object:
        path = f"conversations/{quote(conversation, safe='')}/questions"
        headers = {"Idempotency-Key": message_id}
        sent = {"headers": headers, "json": body, "timeout": _ANSWER_TIMEOUT}
        return _read("POST", "questions", await self._once("POST", path, **sent))

    async def _send(
        self, method: str, conversation: str, resource: str, message_id: str, body: dict[str, Any]
    ) -> object:
        path = f"conversations/{quote(conversation, safe='')}/{resource}"
        return await self._twice(
            method, path, resource, headers={"Idempotency-Key": message_id}, json=body
        )

    async def _send_file(self, conversation: str, document: Document) -> object:
        return await self._twice(
            "POST",
            f"conversations/{quote(conversation, safe='')}/files",
            "files",
            headers={"Content-Type": document.media_type},
            params={"filename": document.name},
            content=document.content,
            timeout=_FILE_TIMEOUT,
        )

    async def _twice(self, method: str, path: str, resource: str, **sent: Any) -> object:
        try:
            response = await self._once(method, path, **sent)
        except DeskUnreachableError:
            await asyncio.sleep(_PAUSE)
            response = await self._once(method, path, **sent)
        return _read(method, resource, response)

    async def _once(self, method: str, path: str, **sent: Any) -> httpx2.Response:
        try:
            response = await self._client.request(method, path, **sent)
        except httpx2.HTTPError as error:
            raise DeskUnreachableError(type(error).__name__) from error
        if response.status_code in _RETRYABLE_STATUSES:
            raise DeskUnreachableError(f"status {response.status_code}")
        return response


def _read(method: str, resource: str, response: httpx2.Response) -> object:
    if response.status_code != httpx2.codes.OK:
        raise DeskError(f"{method} {resource}: status {response.status_code}")
    try:
        return response.json()
    except ValueError:
        raise DeskError(f"{method} {resource}: malformed JSON") from None


def _value(answer: object, key: str, kind: type) -> Any:
    value = answer.get(key) if isinstance(answer, Mapping) else None
    if not isinstance(value, kind):
        raise DeskError(f"malformed answer: {key}")
    return value
