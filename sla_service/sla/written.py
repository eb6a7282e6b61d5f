"""How changed tickets are written: one statement, however many they are."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import orjson

from sla_service.sla import snapshot
from sla_service.sla.changes import Change
from sla_service.sla.clocks import BREACHED, Clock

Row = tuple[Any, ...]


def values(changes: Sequence[Change]) -> dict[str, str]:
    """What `WRITE` needs: a text for each column, which the server reads fastest."""
    tickets: list[Row] = []
    events: list[Row] = []
    clocks: list[Row] = []
    effects: list[Row] = []
    for change in changes:
        after = snapshot.dump(change.ticket)
        tickets.append(_ticket(change, after))
        if change.events:
            events += _events(change)
        clocks += _clocks(change, after)
        effects += _effects(change)
    return (
        _columns("t", _TICKET, tickets)
        | _columns("e", _EVENT, events)
        | _columns("c", _CLOCK, clocks)
        | _columns("f", _EFFECT, effects)
    )


def _ticket(change: Change, state: dict[str, Any]) -> Row:
    ticket = change.ticket
    seq = change.seq + len(change.events)
    is_new = not change.before
    return change.ticket_id, seq, ticket.rulebook.id, ticket.next_fire_at, is_new, state


def _events(change: Change) -> list[Row]:
    return [
        (change.ticket_id, seq, event.at, event.kind, event.payload)
        for seq, event in enumerate(change.events, change.seq + 1)
    ]


def _clocks(change: Change, after: dict[str, Any]) -> list[Row]:
    """The clocks that promise something, or did, and that are not as they were written last."""
    before = change.before
    is_renamed = bool(before) and (
        before["facts"] != after["facts"]
        or before["policy"] != after["policy"]
        or before["rulebook"] != after["rulebook"]
    )
    known = [snapshot.key(row) for row in before.get("clocks", ()) if snapshot.has_promise(row)]
    changed = []
    for clock in change.ticket.clocks:
        if clock.written is None or (is_renamed and clock.ending is None):
            is_known = (clock.metric, clock.cycle) in known
            if clock.has_promise:
                changed.append(_clock(change, clock, "goes on" if is_known else "begins"))
            elif is_known:
                changed.append(_clock(change, clock, "is gone"))
    return changed


def _clock(change: Change, clock: Clock, what: str) -> Row:
    ticket = change.ticket
    return (
        change.ticket_id,
        clock.metric,
        clock.cycle,
        what,
        clock.state,
        ticket.rulebook.id,
        ticket.policy.name,
        ticket.facts.priority,
        clock.tier,
        clock.calendar_name,
        clock.target,
        clock.consumed,
        clock.started_at,
        clock.since,
        clock.due_at,
        clock.breached_at,
        clock.stopped_at,
        clock.ending,
        clock.fired,
        snapshot.runs(clock),
    )


def _effects(change: Change) -> list[Row]:
    """What became true.

    Nobody is warned of what has already happened: a warning that became true together with
    something later of the same clock is kept, and not sent.
    """
    told = change.ticket.effects
    if not told:
        return []
    latest = {(one.metric, one.cycle): one for one in told}
    return [
        (
            change.ticket_id,
            one.metric,
            one.cycle,
            one.kind,
            one.at,
            one.policy,
            one.priority,
            one.target,
            one.tier,
            one.next_tier,
            one.kind != BREACHED and latest[one.metric, one.cycle] is not one,
        )
        for one in told
    ]


# Names and types of what is told, in the order in which rows are made; JSON comes last.
_TICKET = "ticket_id bigint, seq int, rulebook_id bigint, fires bigint, is_new bool, state jsonb"
_EVENT = "ticket_id bigint, seq int, at bigint, kind text, payload jsonb"
_CLOCK = """ticket_id bigint, metric text, cycle int, what text, state text, rulebook_id bigint,
policy text, priority text, tier text, calendar text, target bigint, consumed bigint,
started bigint, since bigint, due bigint, breached bigint, stopped bigint, ending text,
fired jsonb, runs jsonb"""
_EFFECT = """ticket_id bigint, metric text, cycle int, kind text, at bigint, policy text,
priority text, target bigint, tier text, next_tier text, is_silent bool"""


def _named(columns: str) -> list[tuple[str, str]]:
    """Names and types."""
    pairs = (one.split() for one in columns.split(","))
    return [(name, kind) for name, kind in pairs]


def _columns(prefix: str, columns: str, table: list[Row]) -> dict[str, str]:
    named = _named(columns)
    turned: Iterable[Row] = zip(*table, strict=True) if table else [()] * len(named)
    return {
        f"{prefix}_{name}": _WRITERS[kind](column)
        for (name, kind), column in zip(named, turned, strict=True)
    }


def _numbers(column: Row) -> str:
    return f"{{{str(column)[1:-1].removesuffix(',').replace('None', 'NULL')}}}"


def _words(column: Row) -> str:
    return f"{{{','.join(map(_word, column))}}}"


@lru_cache(maxsize=1024)
def _word(word: str | None) -> str:
    if word is None:
        return "NULL"
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _documents(column: Row) -> str:
    return orjson.dumps(column).decode()


_WRITERS = {
    "bigint": _numbers,
    "int": _numbers,
    "bool": _numbers,
    "text": _words,
    "jsonb": _documents,
}


def _rows(prefix: str, columns: str) -> str:
    """A table of what was told."""
    named = _named(columns)
    arrays = ", ".join(f"%({prefix}_{name})s::{kind}[]" for name, kind in named if kind != "jsonb")
    texts = [
        f"jsonb_array_elements(%({prefix}_{n})s::jsonb)" for n, kind in named if kind == "jsonb"
    ]
    names = ", ".join(name for name, _ in named)
    return f"ROWS FROM ({', '.join([f'unnest({arrays})', *texts])}) AS {prefix}({names})"


def _at(name: str) -> str:
    """Microseconds since 1970 as the server's own instant: exact, and nothing to read."""
    return f"TIMESTAMPTZ 'epoch' + {name} * INTERVAL '1 microsecond'"


# Nothing is looked for that we know: a row is there when the snapshot before promised something.
# An event's place in its ticket is unique: of two who saw the same state, one fails and tries
# again. An effect's key is unique as well: it is written once, whoever finds it out.
WRITE = f"""
WITH t AS MATERIALIZED (SELECT * FROM {_rows("t", _TICKET)}
), c AS MATERIALIZED (SELECT * FROM {_rows("c", _CLOCK)}
), moved AS (
  UPDATE sla_tickets AS old
  SET seq = t.seq, rulebook_id = t.rulebook_id, state = t.state,
      next_fire_at = {_at("t.fires")}, failures = 0, failure = NULL
  FROM t WHERE old.ticket_id = t.ticket_id AND NOT t.is_new
), opened AS (
  INSERT INTO sla_tickets (ticket_id, seq, rulebook_id, state, next_fire_at)
  SELECT ticket_id, seq, rulebook_id, state, {_at("fires")} FROM t WHERE is_new
), logged AS (
  INSERT INTO sla_events (ticket_id, seq, at, kind, payload)
  SELECT ticket_id, seq, {_at("at")}, kind, payload FROM {_rows("e", _EVENT)}
), ran AS (
  UPDATE sla_clocks AS old
  SET state = c.state, rulebook_id = c.rulebook_id, policy = c.policy, priority = c.priority,
      calendar = c.calendar, target = COALESCE(c.target, 0), consumed = c.consumed,
      started_at = {_at("c.started")}, since = {_at("c.since")}, due_at = {_at("c.due")},
      breached_at = {_at("c.breached")}, stopped_at = {_at("c.stopped")}, ending = c.ending,
      fired = c.fired, runs = c.runs
  FROM c
  WHERE old.ticket_id = c.ticket_id AND old.metric = c.metric AND old.cycle = c.cycle
    AND c.what = 'goes on'
), began AS (
  INSERT INTO sla_clocks (ticket_id, metric, cycle, state, rulebook_id, policy, priority, tier,
                          calendar, target, consumed, started_at, since, due_at, breached_at,
                          stopped_at, ending, fired, runs)
  SELECT ticket_id, metric, cycle, state, rulebook_id, policy, priority, tier, calendar,
         COALESCE(target, 0), consumed, {_at("started")}, {_at("since")}, {_at("due")},
         {_at("breached")}, {_at("stopped")}, ending, fired, runs
  FROM c WHERE what = 'begins'
), gone AS (
  DELETE FROM sla_clocks AS old USING c
  WHERE old.ticket_id = c.ticket_id AND old.metric = c.metric AND old.cycle = c.cycle
    AND c.what = 'is gone'
), noted AS (
  INSERT INTO sla_effects (ticket_id, metric, cycle, kind, at, policy, priority, target, tier,
                           next_tier, is_silent)
  SELECT ticket_id, metric, cycle, kind, {_at("at")}, policy, priority, target, tier, next_tier,
         is_silent
  FROM {_rows("f", _EFFECT)}
  ON CONFLICT (ticket_id, metric, cycle, kind) DO NOTHING
  RETURNING id, is_silent
)
SELECT count(*) AS count,
       COALESCE(json_agg(id ORDER BY id) FILTER (WHERE NOT is_silent), '[]') AS loud
FROM noted
"""  # noqa: S608 - our own words
