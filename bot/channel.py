"""How the desk talks to the bot: one turn in, all its replies out, or a clear refusal."""

from __future__ import annotations

import gc
import hmac
import logging
import os
import unicodedata
from collections.abc import Awaitable, Callable
from traceback import extract_tb
from typing import Any, Literal

import orjson
from psycopg import Error as DatabaseError
from psycopg_pool import PoolTimeout
from pydantic import BaseModel, Field, StrictInt, StrictStr, ValidationError, root_validator
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot import buttons, shortcuts, turn
from bot.components.spelling import visible
from bot.masking import covered
from bot.tracker_store import DeskTrackerStore

logger = logging.getLogger(__name__)

Hear = Callable[[UserMessage], Awaitable[Any]]

# A shopper's turn longer than this is not read to its end; the desk keeps all of it.
_LONGEST_TEXT = 4096
_MEDIA_ONLY = "/send_media"


class Contact(BaseModel):
    """Who writes, as far as WhatsApp tells."""

    name: StrictStr | None
    phone: StrictStr | None


class Media(BaseModel):
    """A picture, document, voice note … of the turn; its bytes stay with the desk."""

    kind: StrictStr
    id: StrictStr | None
    mime_type: StrictStr | None
    caption: StrictStr | None
    filename: StrictStr | None


class Heard(BaseModel):
    """The body of a turn."""

    conversation: StrictStr = Field(min_length=1, max_length=200)
    message_id: StrictStr = Field(min_length=1, max_length=500)
    text: StrictStr = ""
    payload: StrictStr | None = Field(None, regex=r"^/\w")
    language: Literal["pt", "en"] | None
    contact: Contact = Contact(name=None, phone=None)
    media: list[Media] = []
    meanwhile: list[StrictStr] | None
    """What people said since the bot gave the conversation up; null: it has been the bot's."""
    about_order: StrictStr | None = Field(None, max_length=40)
    """The order that the shopper was told about since the bot last heard them."""
    number: StrictInt | None
    """Grows from turn to turn of a conversation; an earlier one than the last comes too late."""
    question: StrictStr | None = Field(None, max_length=40)
    """The one that the button stood under, which is told in its payload."""

    @root_validator(skip_on_failure=True)
    def _says_something(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if not (values["text"] or values["payload"] or values["media"]):
            raise ValueError("text, payload or media is needed")
        return values

    def known_to(self, domain: Domain) -> Heard:
        """The same, with a button as today's bot knows it; of an unknown one its words count."""
        if self.payload is None:
            return self
        payload, asked = buttons.known(self.payload, domain)
        update = {"payload": payload, "question": asked, "text": self.text or "?"}
        return self.copy(update=update)

    def words(self) -> str:
        """What Rasa hears: the button pressed, the text, or that there was only media."""
        if self.payload:
            return self.payload
        text = visible(unicodedata.normalize("NFC", self.text))
        text = covered(text.encode(errors="ignore").decode()[:_LONGEST_TEXT])
        # A leading slash would make Rasa take typed words for a button.
        return text.lstrip("/ \t\r\n") or ("?" if text else _MEDIA_ONLY)

    def message(self, replies: turn.Replies) -> UserMessage:
        """The turn as Rasa takes it."""
        return UserMessage(
            self.words(),
            replies,
            self.conversation,
            input_channel=replies.name(),
            message_id=self.message_id,
            metadata=self._about(),
        )

    def _about(self) -> dict[str, Any]:
        """What Rasa is told beside the words; a caption is covered as they are."""
        told = self.dict(include={"message_id", "language", "contact", "media", "question"})
        for media in told["media"]:
            media["caption"] = media["caption"] and covered(media["caption"][:_LONGEST_TEXT])
        return told


class DeskChannel(InputChannel):
    """POST /webhooks/desk/webhook, for the desk alone."""

    @classmethod
    def name(cls) -> str:
        """The name in the URL and in the tracker's events."""
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskChannel:
        """`token_from` names the environment variable that holds the token."""
        variable = (credentials or {}).get("token_from", "DESK_BOT__TOKEN")
        token = os.environ.get(variable)
        if not token:
            raise RasaException(f"Set {variable}: the desk must prove who it is to the bot.")
        return cls(token)

    def __init__(self, token: str) -> None:
        """`token` is what the desk sends as its bearer token."""
        self._expected = f"Bearer {token}".encode()

    def blueprint(self, on_new_message: Hear) -> Blueprint:
        """The routes of the channel."""
        blueprint = Blueprint("desk_channel")

        @blueprint.post("/webhook")
        async def hear(request: Request) -> HTTPResponse:
            return await self._answer(request, on_new_message)

        @blueprint.get("/model")
        async def model(request: Request) -> HTTPResponse:
            return self._model(request)

        @blueprint.listener("after_server_start")
        async def settle(_: Sanic, __: Any) -> None:
            gc.collect()
            gc.freeze()  # the model and Rasa itself live for ever: no need to look through them

        @blueprint.listener("after_server_stop")
        async def close(app: Sanic, _: Any) -> None:
            store = getattr(getattr(app.ctx, "agent", None), "tracker_store", None)
            if isinstance(store, DeskTrackerStore):
                await store.aclose()
            await shortcuts.close()

        return blueprint

    def _model(self, request: Request) -> HTTPResponse:
        """Which model the bot runs: `bin/desk doctor` compares it with the files."""
        if not self._is_ours(request):
            return _json({"error": "wrong_token"}, 401)
        agent = getattr(request.app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            return _json({"error": "no_model"}, 503)
        return _json({"model": agent.processor.model_filename}, 200)

    def _is_ours(self, request: Request) -> bool:
        shown = request.headers.get("authorization", "").encode(errors="surrogateescape")
        return hmac.compare_digest(shown, self._expected)

    async def _answer(self, request: Request, on_new_message: Hear) -> HTTPResponse:
        if not self._is_ours(request):
            return _json({"error": "wrong_token"}, 401)
        try:
            heard = Heard.parse_obj(read(request.body))
        except orjson.JSONDecodeError:
            return _json({"error": "malformed", "fields": ["body"]}, 422)
        except ValidationError as error:
            return _json({"error": "malformed", "fields": _fields(error)}, 422)
        agent = getattr(request.app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            return _json({"error": "no_model"}, 503)
        return await _take_turn(heard.known_to(agent.domain), on_new_message)


def read(body: bytes) -> dict[str, Any]:
    """The object in a body. Raises orjson.JSONDecodeError."""
    said = orjson.loads(body)
    if not isinstance(said, dict):
        raise orjson.JSONDecodeError("not an object", "", 0)
    # PostgreSQL stores no NUL, so that one in a file's name would fail the turn for ever.
    if b"\\u0000" not in body:
        return said
    try:
        return _without_nul(said)
    except RecursionError:
        raise orjson.JSONDecodeError("nested too deeply", "", 0) from None


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {key: _without_nul(part) for key, part in value.items()}
    return [_without_nul(part) for part in value] if isinstance(value, list) else value


async def _take_turn(heard: Heard, on_new_message: Hear) -> HTTPResponse:
    replies = turn.Replies()
    message = heard.message(replies)
    this = turn.Turn(
        heard.message_id,
        replies,
        meanwhile=heard.meanwhile,
        about_order=heard.about_order,
        number=heard.number,
    )
    token = turn.current.set(this)
    try:
        await on_new_message(message)
    except turn.AlreadyAnsweredError as known:
        return _json({**known.answer, "repeated": True}, 200)
    except Exception as error:  # noqa: BLE001 (the edge: whatever it is, the desk must hear of it)
        return _failed(heard, this, error)
    finally:
        turn.current.reset(token)
    if this.answered is None:
        return _failed(heard, this, turn.TurnFailedError("not_saved"))
    return _json({**this.answered, "repeated": False}, 200)


def _failed(heard: Heard, this: turn.Turn, error: Exception) -> HTTPResponse:
    failure = this.failure or error
    body: dict[str, Any] = {"error": _code(failure)}
    if isinstance(failure, turn.TurnFailedError) and failure.detail:
        body["detail"] = failure.detail
    cause = failure.__cause__ or error
    # An exception's own words may quote the shopper, so only its kind and place are logged.
    logger.error(
        "Turn of conversation %s failed: %s %s (%s%s)",
        heard.conversation,
        body["error"],
        body.get("detail", ""),
        type(cause).__name__,
        "".join(f" in {at.name}:{at.lineno}" for at in extract_tb(cause.__traceback__)[-1:]),
    )
    logger.debug("Why the turn failed", exc_info=cause)
    return _json(body, 500)


def _code(failure: Exception) -> str:
    if isinstance(failure, turn.TurnFailedError):
        return failure.code
    if isinstance(failure, DatabaseError | PoolTimeout):
        return "tracker_store"
    return "turn_failed"


def _fields(error: ValidationError) -> list[str]:
    paths = [".".join(map(str, problem["loc"])) for problem in error.errors()]
    return sorted({"text" if path == "__root__" else path for path in paths})


def _json(body: dict[str, Any], status: int) -> HTTPResponse:
    return raw(orjson.dumps(body), status=status, content_type="application/json")
