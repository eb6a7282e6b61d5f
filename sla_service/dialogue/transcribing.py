"""Speech into words: whoever can write a recording down plugs in here."""

from dataclasses import dataclass
from typing import Protocol

import orjson
import structlog

from sla_service.calls import NoAnswer, NotReached, Peer
from sla_service.settings import VoiceSettings

_log = structlog.get_logger()
_LONGEST_TEXT = 4096
_LONGEST_NAME = 20
_LARGEST_ANSWER = 256 * 1024


@dataclass(frozen=True, slots=True)
class Recording:
    """What somebody said; `language` is the contact's, where it is known."""

    content: bytes
    mime: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said, in words; `confidence` from 0 to 1, where whoever wrote it down tells."""

    text: str
    language: str | None = None
    confidence: float | None = None


class Transcriber(Protocol):
    """Writes recordings down. It may be slow and may fail: it has so long, and raises nothing."""

    async def transcribe(self, recording: Recording) -> Transcript | None:
        """What was said; None when that can't be told."""


@dataclass(frozen=True, slots=True)
class HttpTranscriber:
    """One that is reached over HTTP: the recording is posted, its words come back as JSON."""

    settings: VoiceSettings

    async def transcribe(self, recording: Recording) -> Transcript | None:
        """POST the bytes; `{"text": …, "language": …, "confidence": …}` comes back, or a 204."""
        token = self.settings.token.get_secret_value()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if recording.language:
            headers["Content-Language"] = recording.language
        peer = Peer(self.settings.url, headers, self.settings.timeout)
        try:
            told = await peer.post("", recording.content, mime=recording.mime)
        except (NotReached, NoAnswer) as error:
            _log.warning("not_transcribed", why=str(error))
            return None
        finally:
            await peer.close()
        if told.status != 200:
            if told.status != 204:
                _log.warning("not_transcribed", why=f"HTTP {told.status}")
            return None
        return _read(told.body)


def of(settings: VoiceSettings) -> Transcriber | None:
    """The transcriber that the settings name; None where none is set up."""
    return HttpTranscriber(settings) if settings.url else None


def _read(body: bytes) -> Transcript | None:
    """The answer, as far as it can be used."""
    try:
        told = orjson.loads(body) if len(body) <= _LARGEST_ANSWER else None
    except orjson.JSONDecodeError:
        told = None
    text = told.get("text") if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(text, str):
        _log.warning("not_transcribed", why="an answer that can't be read")
        return None
    said = " ".join(text.replace("\0", " ").split())[:_LONGEST_TEXT]
    if not said:
        return None
    language, sure = told.get("language"), told.get("confidence")
    return Transcript(
        said,
        language[:_LONGEST_NAME] if isinstance(language, str) else None,
        float(sure) if isinstance(sure, int | float) and 0 <= sure <= 1 else None,
    )
