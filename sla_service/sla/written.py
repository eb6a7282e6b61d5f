"""How changed tickets are written: one statement, however many they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from sla_service.sla import snapshot
from sla_service.sla.changes import Change
from sla_service.sla.clocks import BREACHED, Clock

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A statement, and what it needs: a text for each column, which the server reads fastest."""

    statement: str
    values: list[str]


def of(changes: Iterable[Change]) -> Written:
    """How changes are written.

    They may be made as they are asked for: each is turned into rows and let go.
    """
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
    told = {"t": tickets, "e": events, "c": clocks, "f": effects}
    statement = _WRITE
    if not effects and not any(map(_is_new, tickets)) and all(map(_goes_on, clocks)):
        statement = _GO_ON if clocks else _LOG
    texts = [text for name in _TOLD[statement] for text in _texts(_TABLES[name], told[name])]
    return Written(statement, texts)


def _ticket(change: Change, state: dict[str, Any]) -> Row:
    ticket = change.ticket
    seq = change.seq + len(change.events)
    is_new = not change.before
    fires_at = ticket.next_fire_at
    return change.ticket_id, seq, ticket.rulebook.id, fires_at, is_new, orjson.dumps(state)


def _events(change: Change) -> list[Row]:
    return [
        (change.ticket_id, seq, event.at, event.kind, orjson.dumps(event.payload))
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
    old = before.get("clocks", ())
    changed = []
    for clock in change.ticket.clocks:
        if clock.written is None or (is_renamed and clock.ending is None):
            is_known = snapshot.promised(old, clock)
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
        orjson.dumps(clock.fired),
        orjson.dumps(snapshot.runs(clock)),
    )


def _is_new(ticket: Row) -> bool:
    return bool(ticket[4])


def _goes_on(clock: Row) -> bool:
    return bool(clock[3] == "goes on")


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


# Names and types of what is told, in the order in which rows are made. JSON comes last, and is made
# with its row: a text takes less room than what it tells.
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


# In the order of the statement's parameters.
_TABLES = {
    "t": _named(_TICKET),
    "e": _named(_EVENT),
    "c": _named(_CLOCK),
    "f": _named(_EFFECT),
}


def _texts(columns: list[tuple[str, str]], table: list[Row]) -> list[str]:
    turned: Iterable[Row] = zip(*table, strict=True) if table else [()] * len(columns)
    return [_WRITERS[kind](column) for (_, kind), column in zip(columns, turned, strict=True)]


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
    return f"[{b','.join(column).decode()}]"


_WRITERS = {
    "bigint": _numbers,
    "int": _numbers,
    "bool": _numbers,
    "text": _words,
    "jsonb": _documents,
}


def _rows(table: str) -> str:
    """What was told, as a table."""
    before = list(_TABLES).index(table)
    first = 1 + sum(len(columns) for columns in list(_TABLES.values())[:before])
    placed = [(f"${place}", *column) for place, column in enumerate(_TABLES[table], first)]
    arrays = ", ".join(f"{at}::{kind}[]" for at, _, kind in placed if kind != "jsonb")
    texts = [f"jsonb_array_elements({at}::jsonb)" for at, _, kind in placed if kind == "jsonb"]
    names = ", ".join(name for _, name, _ in placed)
    return f"ROWS FROM ({', '.join([f'unnest({arrays})', *texts])}) AS {table}({names})"


def _at(name: str) -> str:
    """Microseconds since 1970 as the server's own instant: exact, and nothing to read."""
    return f"TIMESTAMPTZ 'epoch' + {name} * INTERVAL '1 microsecond'"


# They are long, so their parameters are numbered; see `sessions.rows`.
#
# Nothing is looked for that we know: a row is there when the snapshot before promised something.
# An event's place in its ticket is unique: of two who saw the same state, one fails and tries
# again.
_LOGGING = f"""
WITH t AS MATERIALIZED (SELECT * FROM {_rows("t")}
), moved AS (
  UPDATE sla_tickets AS old
  SET seq = t.seq, rulebook_id = t.rulebook_id, state = t.state,
      next_fire_at = {_at("t.fires")}, failures = 0, failure = NULL
  FROM t WHERE old.ticket_id = t.ticket_id AND NOT t.is_new
), logged AS (
  INSERT INTO sla_events (ticket_id, seq, at, kind, payload)
  SELECT ticket_id, seq, {_at("at")}, kind, payload FROM {_rows("e")}
)
"""  # noqa: S608 - our own words

_GOING_ON = f"""{_LOGGING}, c AS MATERIALIZED (SELECT * FROM {_rows("c")}
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
)
"""  # noqa: S608 - our own words

# What most turns of a conversation come to: something is logged, and perhaps known clocks go on. A
# table that a statement names is made ready for it even when nothing is written there, which would
# be half of its work.
_NO_EFFECTS = "SELECT 0 AS count, '[]'::json AS loud"
_LOG = f"{_LOGGING} {_NO_EFFECTS}"
_GO_ON = f"{_GOING_ON} {_NO_EFFECTS}"

# An effect's key is unique: it is written once, whoever finds it out.
_WRITE = f"""{_GOING_ON}, opened AS (
  INSERT INTO sla_tickets (ticket_id, seq, rulebook_id, state, next_fire_at)
  SELECT ticket_id, seq, rulebook_id, state, {_at("fires")} FROM t WHERE is_new
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
  FROM {_rows("f")}
  ON CONFLICT (ticket_id, metric, cycle, kind) DO NOTHING
  RETURNING id, is_silent
)
SELECT count(*) AS count,
       COALESCE(json_agg(id ORDER BY id) FILTER (WHERE NOT is_silent), '[]') AS loud
FROM noted
"""  # noqa: S608 - our own words

_TOLD = {_LOG: ("t", "e"), _GO_ON: ("t", "e", "c"), _WRITE: ("t", "e", "c", "f")}
"""Which tables a statement is told."""
