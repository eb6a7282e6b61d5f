"""What the API shows and takes of consent, copies and erasures."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sla_service.conversations.consent import Entry, Purpose, Words
from sla_service.privacy.requests import Progress, Subject
from sla_service.privacy.tables import ErasureCause, ErasureStep

_Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]


class EntryView(BaseModel):
    """A word of the ledger."""

    purpose: Purpose
    granted: bool
    wording: str
    wording_version: str
    language: str | None
    channel: str
    cause: str
    at: datetime

    @classmethod
    def of(cls, entry: Entry) -> "EntryView":
        """As it stands in the ledger."""
        return cls(
            purpose=entry.purpose,
            granted=entry.is_granted,
            wording=entry.wording,
            wording_version=entry.wording_version,
            language=entry.language,
            channel=entry.channel,
            cause=entry.cause,
            at=entry.at,
        )


class ErasureView(BaseModel):
    """An erasure and how far it is."""

    id: int
    cause: ErasureCause
    requested_by: str
    requested_at: datetime
    step: ErasureStep
    counts: dict[str, int]
    finished_at: datetime | None

    @classmethod
    def of(cls, progress: Progress) -> "ErasureView":
        """As it is now."""
        return cls(
            id=progress.id,
            cause=progress.cause,
            requested_by=progress.requested_by,
            requested_at=progress.requested_at,
            step=progress.step,
            counts=progress.counts,
            finished_at=progress.finished_at,
        )


class PrivacyView(BaseModel):
    """What a contact allows, what they were told, and what becomes of their data."""

    allowed: dict[Purpose, bool]
    notice_version: str | None
    ledger: list[EntryView]
    """The latest first."""
    legal_hold: str | None
    open_case: int | None
    """The number of an open ticket about fraud or law, which an erasure waits for."""
    erasure: ErasureView | None
    erased_at: datetime | None

    @classmethod
    def of(
        cls,
        whose: Subject,
        allowed: dict[Purpose, bool],
        ledger: list[Entry],
        erasure: Progress | None,
    ) -> "PrivacyView":
        """Of a contact."""
        return cls(
            allowed=allowed,
            notice_version=whose.notice_version,
            ledger=[EntryView.of(entry) for entry in reversed(ledger)],
            legal_hold=whose.legal_hold,
            open_case=whose.open_case,
            erasure=None if erasure is None else ErasureView.of(erasure),
            erased_at=whose.erased_at,
        )


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WordingBody(_Body):
    """What the contact read when they agreed, or said when they didn't."""

    text: str = Field(min_length=1, max_length=2000)
    version: str | None = Field(None, max_length=60)

    def words(self) -> Words:
        """Under its own version, else under one that follows from the text."""
        return Words.of(self.text) if self.version is None else Words(self.version, self.text)


class ConsentBody(_Body):
    """A contact's word about purposes."""

    purposes: list[Purpose] = Field(min_length=1, max_length=len(Purpose))
    granted: bool
    wording: WordingBody
    cause: str = Field("", max_length=120)


class ConsentAnswer(BaseModel):
    """For how many purposes that was news."""

    changed: int


class CopyBody(_Body):
    """In which language the contact reads."""

    language: Literal["pt", "en"]


class CopyAnswer(BaseModel):
    """A copy of a contact's data, and what its file is called."""

    name: str
    text: str


class HoldBody(_Body):
    """Why nothing may be erased."""

    reason: _Reason


class EraseAnswer(BaseModel):
    """Whether an erasure that the contact asked the bot for is under way, or why it isn't."""

    state: Literal["accepted", "legal_hold", "open_case", "erased_before"]
