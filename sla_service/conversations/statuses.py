"""News of what we sent: applied in any order, only ever forward."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sla_service.conversations.callbacks import message_id
from sla_service.conversations.tables import SendState
from sla_service.database.sessions import Connection, rows
from sla_service.database.wake import Channel
from sla_service.whatsapp.values import DeliveryStatus, StatusChange

_RANK = {state: rank for rank, state in enumerate(SendState)}


@dataclass(frozen=True, slots=True)
class Applied:
    """Of which messages, by wamid, the news was not about a contact that we know."""

    unknown: set[str]
    """No message of ours bears it, or is attached to it."""
    forgotten: set[str]
    """What it said was erased, and the news tells whom it went to."""
    turned: list[int]
    """Our messages, by their own ids, that failed, or got there after they had failed."""


async def apply(connection: Connection, changes: Sequence[StatusChange]) -> Applied:
    """Move our messages on.

    A status that names our message by its attachment also settles a send whose answer was lost.
    One of them tells what the message costs, whichever comes first.
    """
    furthest = _furthest(changes)
    prices = [_price(change.pricing) for change in furthest]
    found = await rows(
        connection,
        _APPLY,
        {
            "wamids": [change.wamid for change in furthest],
            "ids": [message_id(change.callback) for change in furthest],
            "states": [change.status.value for change in furthest],
            "ranks": [_RANK[SendState(change.status.value)] for change in furthest],
            "errors": [_first_error(change) for change in furthest],
            "order": [state.value for state in SendState],
            "billable": [price[0] for price in prices],
            "categories": [price[1] for price in prices],
            "types": [price[2] for price in prices],
            "models": [price[3] for price in prices],
        },
    )
    return Applied(
        unknown={change.wamid for change in furthest} - {row.told for row in found},
        forgotten={row.told for row in found if row.is_erased},
        turned=[row.message for row in found if row.is_turned],
    )


def _furthest(changes: Sequence[StatusChange]) -> list[StatusChange]:
    """One change a message: the one that gets it furthest, with the price that any of them tells.

    Statuses we don't know say nothing.
    """
    best: dict[str, StatusChange] = {}
    for change in changes:
        if change.status is DeliveryStatus.UNKNOWN:
            continue
        seen = best.get(change.wamid)
        rank = _RANK[SendState(change.status.value)]
        known = seen.pricing if seen is not None else None
        if seen is None or rank > _RANK[SendState(seen.status.value)]:
            seen = change
        best[change.wamid] = replace(seen, pricing=known or change.pricing)
    return list(best.values())


def _price(pricing: Any) -> tuple[bool | None, str | None, str | None, str | None]:
    """Whether a message is on the bill, and in which of WhatsApp's words; nothing: not told.

    `billable` is going away: what is of type `regular` is billed, whatever is free is not.
    """
    if not isinstance(pricing, dict):
        return None, None, None, None
    category, kind, model = (
        str(pricing[name])[:60] if pricing.get(name) else None
        for name in ("category", "type", "pricing_model")
    )
    told = pricing.get("billable")
    is_billable = kind == "regular" if kind else told if isinstance(told, bool) else None
    return is_billable, category, kind, model


def _first_error(change: StatusChange) -> int | None:
    code = change.errors[0].get("code") if change.errors else None
    return code if isinstance(code, int) else None


_APPLY = f"""
WITH told AS (
  SELECT * FROM unnest(%(wamids)s::text[], %(ids)s::bigint[], %(states)s::text[],
                       %(ranks)s::int[], %(errors)s::int[], %(billable)s::bool[],
                       %(categories)s::text[], %(types)s::text[], %(models)s::text[])
           AS t(wamid, id, state, rank, error, billable, category, type, model)
), found AS (
  SELECT t.*, m.id AS message, m.conversation_id, m.content ? 'erased' AS is_erased,
         t.rank > array_position(%(order)s::text[], m.state::text) - 1 AS is_further,
         'failed' IN (t.state, m.state) AS is_turned
  FROM told t JOIN messages m ON m.wamid = t.wamid OR m.id = t.id
  WHERE m.author <> 'contact'
), settled AS (
  DELETE FROM outbox o USING found f WHERE o.message_id = f.message AND o.state = 'sending'
), moved AS (
  UPDATE messages m
  SET wamid = CASE WHEN NOT f.is_erased THEN COALESCE(m.wamid, f.wamid) END,
      state = CASE WHEN f.is_further THEN f.state ELSE m.state END,
      failure = CASE WHEN NOT f.is_further THEN m.failure
                     WHEN f.state = 'failed' THEN jsonb_build_object('code', f.error) END,
      is_billable = COALESCE(m.is_billable, f.billable),
      price_category = COALESCE(m.price_category, f.category),
      price_type = COALESCE(m.price_type, f.type),
      price_model = COALESCE(m.price_model, f.model)
  FROM found f
  WHERE m.id = f.message
    AND (f.is_further OR (m.price_category IS NULL AND f.category IS NOT NULL))
)
SELECT wamid AS told, is_erased, message, is_turned,
       pg_notify('{Channel.LIVE.value}', conversation_id::text)
FROM found
"""  # noqa: S608 - the channel's name is ours
