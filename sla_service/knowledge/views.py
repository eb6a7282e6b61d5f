"""The forms in which articles and questions are asked for and told."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Language = Literal["pt", "en"]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,80}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, from_attributes=True)


class FoundView(_Strict):
    """An article that a search came to."""

    id: str
    language: Language
    title: str
    answer: str
    url: str
    sure: float
    """0 to 1."""


class ArticleView(_Strict):
    """An article in the list of all."""

    id: str
    language: Language
    title: str
    url: str
    updated: date


class ScoreBody(_Strict):
    """What the bot thinks of an article."""

    id: Key
    score: Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)]


class QuestionBody(_Strict):
    """What a contact asked, as the bot heard it."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]
    language: Language
    ranking: Annotated[list[ScoreBody], Field(max_length=50)] = []
    look: bool = True
    """Whether an article is looked for."""
    keep: Literal["always", "if_near", "never"] = "never"
    """Whether it stays as unanswered when nothing answers it."""
    unhelpful: Key | None = None
    """The article that was given and didn't help."""


class AnswerView(_Strict):
    """The article that answers; None: none does."""

    article: FoundView | None


class UnansweredView(_Strict):
    """What people asked, and no article answered."""

    id: int
    language: Language
    text: str
    times: int
    asked_at: datetime
    conversation: int | None
    article: str | None
