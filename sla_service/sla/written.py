"""How changed tickets are written: one statement, however many they are."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

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
    """What `WRITE` needs, as one array for each column."""
    clocks: list[tuple[Change, Clock]] = []
    states: list[dict[str, Any]] = []
    for change in changes:
        after = snapshot.dump(change.ticket)
        states.append(after)
        clocks += [(change, clock) for clock in _changed(change, after)]
    return {
        "t_ticket": [change.ticket_id for change in changes],
        "t_seq": [change.seq + len(change.events) for change in changes],
        "t_rulebook": [change.ticket.rulebook.id for change in changes],
        "t_state": [Jsonb(state) for state in states],
        "t_fire": [_moment(change.ticket.next_fire_at) for change in changes],
        **_events(changes),
        **_clocks(clocks),
        **_effects(effects, silent),
    }


def _changed(change: Change, after: dict[str, Any]) -> list[Clock]:
    """The clocks that promise something, and that are not as they were written last."""
    before = change.before
    known = {(one["metric"], one["cycle"]): one for one in before.get("clocks", ())}
    is_renamed = any(before.get(name) != after[name] for name in ("rulebook", "policy", "facts"))
    now = {(one["metric"], one["cycle"]): one for one in after["clocks"]}
    return [
        clock
        for clock in change.ticket.clocks
        if (clock.target is not None or clock.fired)
        and (
            (key := (clock.metric, clock.cycle)) not in now
            or known.get(key) != now[key]
            or (is_renamed and clock.is_live)
        )
    ]


def _events(changes: Sequence[Change]) -> dict[str, Any]:
    events = [
        (change.ticket_id, change.seq + nth, event)
        for change in changes
        for nth, event in enumerate(change.events, 1)
    ]
    return {
        "e_ticket": [ticket_id for ticket_id, _, _ in events],
        "e_seq": [seq for _, seq, _ in events],
        "e_at": [moment(event.at) for _, _, event in events],
        "e_kind": [event.kind.value for _, _, event in events],
        "e_payload": [Jsonb(event.payload) for _, _, event in events],
    }


def _clocks(clocks: Sequence[tuple[Change, Clock]]) -> dict[str, Any]:
    return {
        "c_ticket": [change.ticket_id for change, _ in clocks],
        "c_metric": [clock.metric.value for _, clock in clocks],
        "c_cycle": [clock.cycle for _, clock in clocks],
        "c_state": [clock.state.value for _, clock in clocks],
        "c_rulebook": [change.ticket.rulebook.id for change, _ in clocks],
        "c_policy": [change.ticket.policy.name for change, _ in clocks],
        "c_priority": [change.ticket.facts.priority for change, _ in clocks],
        "c_tier": [clock.tier for _, clock in clocks],
        "c_calendar": [clock.calendar_name for _, clock in clocks],
        "c_target": [clock.target or 0 for _, clock in clocks],
        "c_consumed": [clock.consumed for _, clock in clocks],
        "c_started": [moment(clock.started_at) for _, clock in clocks],
        "c_since": [_moment(clock.since) for _, clock in clocks],
        "c_due": [_moment(clock.due_at) for _, clock in clocks],
        "c_breached": [_moment(clock.breached_at) for _, clock in clocks],
        "c_stopped": [_moment(clock.stopped_at) for _, clock in clocks],
        "c_ending": [clock.ending.value if clock.ending else None for _, clock in clocks],
        "c_fired": [Jsonb(clock.fired) for _, clock in clocks],
        "c_runs": [Jsonb(snapshot.runs(clock)) for _, clock in clocks],
    }


def _effects(effects: Sequence[Of], silent: Collection[Of]) -> dict[str, Any]:
    return {
        "f_ticket": [ticket_id for ticket_id, _ in effects],
        "f_metric": [one.metric.value for _, one in effects],
        "f_cycle": [one.cycle for _, one in effects],
        "f_kind": [one.kind for _, one in effects],
        "f_at": [moment(one.at) for _, one in effects],
        "f_policy": [one.policy for _, one in effects],
        "f_priority": [one.priority for _, one in effects],
        "f_target": [one.target for _, one in effects],
        "f_tier": [one.tier for _, one in effects],
        "f_next": [one.next_tier for _, one in effects],
        "f_silent": [of in silent for of in effects],
    }


def _moment(at: int | None) -> datetime | None:
    return None if at is None else moment(at)


# An event's place in its ticket is unique: of two who saw the same state, one fails and tries
# again. An effect's key is unique as well: it is written once, whoever finds it out.
WRITE = """
WITH moved AS (
  INSERT INTO sla_tickets (ticket_id, seq, rulebook_id, state, next_fire_at)
  SELECT * FROM unnest(%(t_ticket)s::bigint[], %(t_seq)s::int[], %(t_rulebook)s::bigint[],
                       %(t_state)s::jsonb[], %(t_fire)s::timestamptz[])
  ON CONFLICT (ticket_id) DO UPDATE
  SET seq = excluded.seq, rulebook_id = excluded.rulebook_id, state = excluded.state,
      next_fire_at = excluded.next_fire_at, failures = 0, failure = NULL
), logged AS (
  INSERT INTO sla_events (ticket_id, seq, at, kind, payload)
  SELECT * FROM unnest(%(e_ticket)s::bigint[], %(e_seq)s::int[], %(e_at)s::timestamptz[],
                       %(e_kind)s::text[], %(e_payload)s::jsonb[])
), clocked AS (
  INSERT INTO sla_clocks (ticket_id, metric, cycle, state, rulebook_id, policy, priority, tier,
                          calendar, target, consumed, started_at, since, due_at, breached_at,
                          stopped_at, ending, fired, runs)
  SELECT * FROM unnest(%(c_ticket)s::bigint[], %(c_metric)s::text[], %(c_cycle)s::int[],
                       %(c_state)s::text[], %(c_rulebook)s::bigint[], %(c_policy)s::text[],
                       %(c_priority)s::text[], %(c_tier)s::text[], %(c_calendar)s::text[],
                       %(c_target)s::bigint[], %(c_consumed)s::bigint[],
                       %(c_started)s::timestamptz[], %(c_since)s::timestamptz[],
                       %(c_due)s::timestamptz[], %(c_breached)s::timestamptz[],
                       %(c_stopped)s::timestamptz[], %(c_ending)s::text[],
                       %(c_fired)s::jsonb[], %(c_runs)s::jsonb[])
  ON CONFLICT (ticket_id, metric, cycle) DO UPDATE
  SET state = excluded.state, rulebook_id = excluded.rulebook_id, policy = excluded.policy,
      priority = excluded.priority, calendar = excluded.calendar, target = excluded.target,
      consumed = excluded.consumed, started_at = excluded.started_at, since = excluded.since,
      due_at = excluded.due_at, breached_at = excluded.breached_at,
      stopped_at = excluded.stopped_at, ending = excluded.ending, fired = excluded.fired, runs = excluded.runs
)
INSERT INTO sla_effects (ticket_id, metric, cycle, kind, at, policy, priority, target, tier,
                         next_tier, is_silent)
SELECT * FROM unnest(%(f_ticket)s::bigint[], %(f_metric)s::text[], %(f_cycle)s::int[],
                     %(f_kind)s::text[], %(f_at)s::timestamptz[], %(f_policy)s::text[],
                     %(f_priority)s::text[], %(f_target)s::bigint[], %(f_tier)s::text[],
                     %(f_next)s::text[], %(f_silent)s::boolean[])
ON CONFLICT (ticket_id, metric, cycle, kind) DO NOTHING
RETURNING id, is_silent
"""
