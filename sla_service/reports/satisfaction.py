"""How contacts say it went: what the bot solved alone, and what people had a part in, apart."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Date, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.agents.tables import Agent
from sla_service.reports import reading
from sla_service.reports.periods import Period
from sla_service.tickets.scores import SCORES
from sla_service.tickets.tables import Rating, Ticket

_SATISFIED = 4


class Apart(StrEnum):
    """What scores may be told apart by, besides whether people had a part."""

    AGENT = "agent"
    """Who resolved it; null: the bot, or nobody in particular."""
    DAY = "day"
    """The local day on which the contact was asked."""


class Satisfaction(BaseModel):
    """Scores of one kind; what the question did not tell apart is null."""

    is_bot_only: bool
    agent: int | None = None
    agent_name: str | None = None
    day: date | None = None
    asked: int
    rated: int
    average: float | None
    satisfied: float | None
    """Percent of the scores that are 4 or 5; null: there are none."""
    scores: dict[int, int]
    comments: int


class Comment(BaseModel):
    """A score that a contact gave, with what they said about it."""

    id: int
    ticket: int
    is_bot_only: bool
    agent: int | None
    score: int
    comment: str | None
    rated_at: datetime


class CommentPage(BaseModel):
    """Scores, the latest first, and where the next page begins; null: this is all."""

    items: list[Comment]
    next: int | None


async def satisfaction(
    session: AsyncSession, period: Period, apart: Sequence[Apart]
) -> list[Satisfaction]:
    """The scores of contacts who were asked in a period."""
    await reading.only(session)
    by = [Rating.is_bot_only, *_columns(apart, period)]
    query = (
        select(
            *by,
            func.count().label("asked"),
            func.count(Rating.score).label("rated"),
            func.avg(Rating.score).label("average"),
            func.count(Rating.comment).label("comments"),
            *(func.count().filter(Rating.score == one).label(f"score_{one}") for one in SCORES),
        )
        .outerjoin(Agent, Agent.id == Rating.agent_id)
        .where(Rating.asked_at >= period.since, Rating.asked_at < period.until)
        .group_by(*by)
        .order_by(*by)
    )
    return [_figures(dict(row._mapping)) for row in await session.execute(query)]  # noqa: SLF001 - its name


async def comments(
    session: AsyncSession,
    period: Period,
    *,
    at_most: int,
    only_commented: bool,
    before: int | None,
    limit: int,
) -> CommentPage:
    """The scores up to `at_most` given by contacts who were asked in a period."""
    await reading.only(session)
    query = (
        select(Rating, Ticket.number)
        .join(Ticket, Ticket.id == Rating.ticket_id)
        .where(Rating.asked_at >= period.since, Rating.asked_at < period.until)
        .where(Rating.score <= at_most)
        .order_by(Rating.id.desc())
        .limit(limit + 1)
    )
    if only_commented:
        query = query.where(Rating.comment.is_not(None))
    if before is not None:
        query = query.where(Rating.id < before)
    found = [_comment(rating, number) for rating, number in await session.execute(query)]
    items = found[:limit]
    return CommentPage(items=items, next=items[-1].id if len(found) > limit else None)


def _columns(apart: Sequence[Apart], period: Period) -> list[ColumnElement[Any]]:
    local = func.timezone(str(period.zone), Rating.asked_at)
    known: dict[Apart, list[ColumnElement[Any]]] = {
        Apart.AGENT: [Rating.agent_id.label("agent"), Agent.name.label("agent_name")],
        Apart.DAY: [cast(local, Date).label("day")],
    }
    return [column for one in dict.fromkeys(apart) for column in known[one]]


def _figures(row: dict[str, Any]) -> Satisfaction:
    scores = {one: row.pop(f"score_{one}") for one in SCORES}
    average, rated = row.pop("average"), row["rated"]
    liked = sum(count for score, count in scores.items() if score >= _SATISFIED)
    return Satisfaction(
        **row,
        average=None if average is None else round(float(average), 2),
        satisfied=round(100 * liked / rated, 2) if rated else None,
        scores=scores,
    )


def _comment(rating: Rating, number: int) -> Comment:
    return Comment(
        id=rating.id,
        ticket=number,
        is_bot_only=rating.is_bot_only,
        agent=rating.agent_id,
        score=rating.score or 0,
        comment=rating.comment,
        rated_at=rating.rated_at or rating.resolved_at,
    )
