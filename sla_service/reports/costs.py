"""What WhatsApp puts on the bill: by category, and for each conversation that was solved."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service.database.sessions import Connection, driver, rows
from sla_service.reports import reading
from sla_service.reports.periods import Period
from sla_service.settings import PriceSettings


class CostGroup(StrEnum):
    """What solved conversations may be told apart by, besides whether people took part."""

    LANGUAGE = "language"
    INTENT = "intent"
    """What the contact wanted, as the bot understood it."""


class CategoryCost(BaseModel):
    """Messages of one category, of those sent in a period."""

    category: str
    billable: int
    free: int
    unasked: int
    """Of the billable ones: outside of any ticket, like news of an order."""
    cost: Decimal | None
    """None: no price is set for it."""


class ConversationCost(BaseModel):
    """Tickets that were solved in a period, and the billable messages that it took."""

    is_bot_only: bool
    language: str | None = None
    intent: str | None = None
    resolved: int
    billable: int
    per_conversation: float
    p50: int
    p90: int
    cost: Decimal | None
    cost_per_conversation: Decimal | None


class Costs(BaseModel):
    """The whole report; amounts are in `currency`, null where no prices are set."""

    currency: str | None
    categories: list[CategoryCost]
    conversations: list[ConversationCost]


async def costs(
    session: AsyncSession, period: Period, groups: Sequence[CostGroup], prices: PriceSettings
) -> Costs:
    """What the messages of a period cost, and those of the tickets that were solved in it."""
    await reading.only(session)
    connection = await driver(session)
    known = prices.a_message if prices.currency else {}
    return Costs(
        currency=prices.currency or None,
        categories=await _categories(connection, period, known),
        conversations=await _conversations(connection, period, groups, known),
    )


async def _categories(
    connection: Connection, period: Period, prices: Mapping[str, Decimal]
) -> list[CategoryCost]:
    found = await rows(connection, _CATEGORIES, {"since": period.since, "until": period.until})
    return [
        CategoryCost(
            category=row.category,
            billable=row.billable,
            free=row.free,
            unasked=row.unasked,
            cost=_cost({row.category: row.billable}, prices),
        )
        for row in found
    ]


async def _conversations(
    connection: Connection,
    period: Period,
    groups: Sequence[CostGroup],
    prices: Mapping[str, Decimal],
) -> list[ConversationCost]:
    values = {
        "since": period.since,
        "until": period.until,
        "by_language": CostGroup.LANGUAGE in groups,
        "by_intent": CostGroup.INTENT in groups,
    }
    return [_conversation(row, prices) for row in await rows(connection, _SOLVED, values)]


def _conversation(row: Any, prices: Mapping[str, Decimal]) -> ConversationCost:
    cost = _cost(row.counts, prices)
    p50, p90 = row.shares
    return ConversationCost(
        is_bot_only=row.is_bot_only,
        language=row.language,
        intent=row.intent,
        resolved=row.resolved,
        billable=row.billable,
        per_conversation=round(row.billable / row.resolved, 2),
        p50=p50,
        p90=p90,
        cost=cost,
        cost_per_conversation=None if cost is None else round(cost / row.resolved, 4),
    )


def _cost(counts: Mapping[str, int], prices: Mapping[str, Decimal]) -> Decimal | None:
    """What messages cost, by category; None when one of them has no price."""
    if not prices or not counts.keys() <= prices.keys():
        return None
    return sum((prices[category] * count for category, count in counts.items()), Decimal(0))


# By way of the conversations in which something was said since, and of their own messages: both
# have an index by that. What stands behind a LIMIT or OFFSET is looked up for each row, and so
# never by reading whole tables, which only grow.
_CATEGORIES = """
SELECT COALESCE(m.price_category, 'unknown') AS category,
       count(*) FILTER (WHERE m.is_billable) AS billable,
       count(*) FILTER (WHERE NOT m.is_billable) AS free,
       count(*) FILTER (WHERE m.is_billable AND m.ticket_id IS NULL) AS unasked
FROM conversations c CROSS JOIN LATERAL (
  SELECT price_category, is_billable, ticket_id FROM messages
  WHERE conversation_id = c.id AND said_at >= %(since)s AND said_at < %(until)s
    AND is_billable IS NOT NULL OFFSET 0
) m
WHERE c.last_message_at >= %(since)s
GROUP BY 1 ORDER BY billable DESC, category
"""

_SOLVED = """
WITH solved AS (
  SELECT t.id, t.conversation_id,
         COALESCE(r.is_bot_only, (
           SELECT false FROM messages a
           WHERE a.conversation_id = t.conversation_id AND a.ticket_id = t.id
             AND a.author = 'agent' LIMIT 1
         ), true) AS is_bot_only,
         CASE WHEN %(by_language)s THEN c.language END AS language,
         CASE WHEN %(by_intent)s THEN s.state -> 'facts' ->> 'intent' END AS intent
  FROM tickets t
  CROSS JOIN LATERAL (
    SELECT language FROM conversations WHERE id = t.conversation_id OFFSET 0
  ) c
  LEFT JOIN LATERAL (
    SELECT is_bot_only FROM ratings WHERE ticket_id = t.id AND resolution = t.resolutions LIMIT 1
  ) r ON true
  LEFT JOIN LATERAL (SELECT state FROM sla_tickets WHERE ticket_id = t.id LIMIT 1) s ON true
  WHERE t.status = 'resolved' AND t.merged_into_id IS NULL
    AND t.resolved_at >= %(since)s AND t.resolved_at < %(until)s
), billed AS (
  SELECT s.id, COALESCE(m.price_category, 'unknown') AS category, count(*) AS billable
  FROM solved s CROSS JOIN LATERAL (
    SELECT price_category FROM messages
    WHERE conversation_id = s.conversation_id AND ticket_id = s.id AND is_billable OFFSET 0
  ) m GROUP BY 1, 2
), each AS (
  SELECT s.*, COALESCE(sum(b.billable), 0)::int AS billable
  FROM solved s LEFT JOIN billed b USING (id)
  GROUP BY s.id, s.conversation_id, s.is_bot_only, s.language, s.intent
), summed AS (
  SELECT is_bot_only, language, intent, count(*)::int AS resolved, sum(billable)::int AS billable,
         percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY billable) AS shares
  FROM each GROUP BY is_bot_only, language, intent
), counted AS (
  SELECT is_bot_only, language, intent, category, sum(b.billable)::int AS billable
  FROM each e JOIN billed b USING (id) GROUP BY is_bot_only, language, intent, category
)
SELECT s.*, COALESCE((
  SELECT jsonb_object_agg(c.category, c.billable) FROM counted c
  WHERE (c.is_bot_only, c.language, c.intent)
        IS NOT DISTINCT FROM (s.is_bot_only, s.language, s.intent)
), '{}') AS counts
FROM summed s ORDER BY is_bot_only DESC, resolved DESC, language, intent
"""
