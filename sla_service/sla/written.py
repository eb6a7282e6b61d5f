"""How changed tickets are written: one statement, however many they are."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import orjson

from sla_service.sla import snapshot
from sla_service.sla.changes import Change
from sla_service.sla.clocks import Clock
from sla_service.sla.fold import Effect
from sla_service.sla.instants import moment

Of = tuple[int, Effect]
"""An effect and whose it is."""


def values(
    changes: Sequence[Change], effects: Sequence[Of], silent: Collection[Of]
) -> dict[str, Any]:
    """What `WRITE` needs: everything as one JSON text, which costs less than arrays of columns."""
    tickets: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    clocks: list[dict[str, Any]] = []
    for change in changes:
        after = snapshot.dump(change.ticket)
        tickets.append(_ticket(change, after))
        events += _events(change)
        clocks += [_clock(change, clock) for clock in _changed(change, after)]
    told = {
        "tickets": tickets,
        "events": events,
        "clocks": clocks,
        "effects": [_effect(of, is_silent=of in silent) for of in effects],
    }
    return {"told": orjson.dumps(told, option=orjson.OPT_NON_STR_KEYS).decode()}


def _changed(change: Change, after: dict[str, Any]) -> list[Clock]:
    """The clocks that promise something, and that are not as they were written last."""
    before = change.before
    known = {(one["metric"], one["cycle"]): one for one in before.get("clocks", ())}
    is_renamed = any(before.get(name) != after[name] for name in ("rulebook", "policy", "facts"))
    now = {(one["metric"], one["cycle"]): one for one in after["clocks"]}
    return [
        clock
        for clock in change.ticket.clocks
        if clock.has_promise
        and (
            (key := (clock.metric, clock.cycle)) not in now
            or known.get(key) != now[key]
            or (is_renamed and clock.is_live)
        )
    ]


def _ticket(change: Change, state: dict[str, Any]) -> dict[str, Any]:
    return {
        "ticket_id": change.ticket_id,
        "seq": change.seq + len(change.events),
        "rulebook_id": change.ticket.rulebook.id,
        "state": state,
        "next_fire_at": _moment(change.ticket.next_fire_at),
    }


def _events(change: Change) -> list[dict[str, Any]]:
    return [
        {
            "ticket_id": change.ticket_id,
            "seq": seq,
            "at": moment(event.at),
            "kind": event.kind,
            "payload": event.payload,
        }
        for seq, event in enumerate(change.events, change.seq + 1)
    ]


def _clock(change: Change, clock: Clock) -> dict[str, Any]:
    return {
        "ticket_id": change.ticket_id,
        "metric": clock.metric,
        "cycle": clock.cycle,
        "state": clock.state,
        "rulebook_id": change.ticket.rulebook.id,
        "policy": change.ticket.policy.name,
        "priority": change.ticket.facts.priority,
        "tier": clock.tier,
        "calendar": clock.calendar_name,
        "target": clock.target or 0,
        "consumed": clock.consumed,
        "started_at": moment(clock.started_at),
        "since": _moment(clock.since),
        "due_at": _moment(clock.due_at),
        "breached_at": _moment(clock.breached_at),
        "stopped_at": _moment(clock.stopped_at),
        "ending": clock.ending,
        "fired": clock.fired,
        "runs": snapshot.runs(clock),
    }


def _effect(of: Of, *, is_silent: bool) -> dict[str, Any]:
    ticket_id, effect = of
    return {
        "ticket_id": ticket_id,
        "metric": effect.metric,
        "cycle": effect.cycle,
        "kind": effect.kind,
        "at": moment(effect.at),
        "policy": effect.policy,
        "priority": effect.priority,
        "target": effect.target,
        "tier": effect.tier,
        "next_tier": effect.next_tier,
        "is_silent": is_silent,
    }


def _moment(at: int | None) -> datetime | None:
    return None if at is None else moment(at)


# An event's place in its ticket is unique: of two who saw the same state, one fails and tries
# again. An effect's key is unique as well: it is written once, whoever finds it out.
WRITE = """
WITH told AS MATERIALIZED (SELECT %(told)s::jsonb AS told
), moved AS (
  INSERT INTO sla_tickets (ticket_id, seq, rulebook_id, state, next_fire_at)
  SELECT * FROM jsonb_to_recordset((SELECT told -> 'tickets' FROM told))
    AS t(ticket_id bigint, seq int, rulebook_id bigint, state jsonb, next_fire_at timestamptz)
  ON CONFLICT (ticket_id) DO UPDATE
  SET seq = excluded.seq, rulebook_id = excluded.rulebook_id, state = excluded.state,
      next_fire_at = excluded.next_fire_at, failures = 0, failure = NULL
), logged AS (
  INSERT INTO sla_events (ticket_id, seq, at, kind, payload)
  SELECT * FROM jsonb_to_recordset((SELECT told -> 'events' FROM told))
    AS e(ticket_id bigint, seq int, at timestamptz, kind text, payload jsonb)
), clocked AS (
  INSERT INTO sla_clocks (ticket_id, metric, cycle, state, rulebook_id, policy, priority, tier,
                          calendar, target, consumed, started_at, since, due_at, breached_at,
                          stopped_at, ending, fired, runs)
  SELECT * FROM jsonb_to_recordset((SELECT told -> 'clocks' FROM told))
    AS c(ticket_id bigint, metric text, cycle int, state text, rulebook_id bigint, policy text,
         priority text, tier text, calendar text, target bigint, consumed bigint,
         started_at timestamptz, since timestamptz, due_at timestamptz, breached_at timestamptz,
         stopped_at timestamptz, ending text, fired jsonb, runs jsonb)
  ON CONFLICT (ticket_id, metric, cycle) DO UPDATE
  SET state = excluded.state, rulebook_id = excluded.rulebook_id, policy = excluded.policy,
      priority = excluded.priority, calendar = excluded.calendar, target = excluded.target,
      consumed = excluded.consumed, started_at = excluded.started_at, since = excluded.since,
      due_at = excluded.due_at, breached_at = excluded.breached_at,
      stopped_at = excluded.stopped_at, ending = excluded.ending, fired = excluded.fired,
      runs = excluded.runs
)
INSERT INTO sla_effects (ticket_id, metric, cycle, kind, at, policy, priority, target, tier,
                         next_tier, is_silent)
SELECT * FROM jsonb_to_recordset((SELECT told -> 'effects' FROM told))
  AS f(ticket_id bigint, metric text, cycle int, kind text, at timestamptz, policy text,
       priority text, target bigint, tier text, next_tier text, is_silent boolean)
ON CONFLICT (ticket_id, metric, cycle, kind) DO NOTHING
RETURNING id, is_silent
"""
