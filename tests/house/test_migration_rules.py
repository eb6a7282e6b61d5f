"""A migration runs while the desk does: what stops it, or breaks the old version, is refused."""

import pytest

from dev.migration_rules import ALLOWED, VERSIONS, allowed, breaches, of_sql


def test_every_migration_can_run_while_the_desk_does() -> None:
    let_through = allowed(ALLOWED)
    found = breaches(VERSIONS)
    refused = [one for one in found if not any(each.covers(one) for each in let_through)]
    assert refused == [], "\n".join(map(str, refused))
    assert all(len(each.because) > 15 for each in let_through), "say why"
    idle = [each for each in let_through if not any(each.covers(one) for one in found)]
    assert idle == [], "nothing needs these any more"


_UNSAFE = {
    "ALTER TABLE contacts ADD COLUMN vip BOOLEAN NOT NULL": "not-null",
    "ALTER TABLE audit_log ADD COLUMN ref UUID DEFAULT gen_random_uuid()": "rewrite",
    "ALTER TABLE messages ADD COLUMN n TEXT GENERATED ALWAYS AS (text) STORED": "rewrite",
    "ALTER TABLE outbox ALTER COLUMN attempts TYPE INTEGER": "type",
    "ALTER TABLE messages ALTER COLUMN text SET NOT NULL": "set-not-null",
    "ALTER TABLE contacts RENAME TO people": "rename",
    "ALTER TABLE contacts RENAME COLUMN name TO full_name": "rename",
    "ALTER TABLE contacts DROP COLUMN username": "drop",
    "DROP TABLE canned_replies": "drop",
    "CREATE INDEX ix_messages_kind ON messages (kind)": "index",
    "CREATE UNIQUE INDEX uq_x ON ONLY tickets (subject)": "index",
    "ALTER TABLE tickets ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES agents (id)": "constraint",
    "ALTER TABLE tickets ADD CONSTRAINT ck CHECK (priority <> '')": "constraint",
    "ALTER TABLE turns ADD CONSTRAINT uq UNIQUE (key)": "unique",
    "UPDATE messages SET text = ''": "data",
    "WITH old AS (SELECT 1) DELETE FROM turns WHERE closed_at IS NULL": "data",
    "INSERT INTO consents SELECT * FROM contacts": "data",
    "LOCK TABLE agents": "lock",
    "TRUNCATE sla_events": "lock",
    "SET LOCAL lock_timeout = 0": "patience",
}


@pytest.mark.parametrize(("statement", "rule"), _UNSAFE.items())
def test_what_stops_a_desk_that_runs_is_refused(statement: str, rule: str) -> None:
    assert [one.rule for one in of_sql("9999", statement)] == [rule]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE contacts ADD COLUMN vip BOOLEAN DEFAULT false NOT NULL",
        "ALTER TABLE contacts ADD COLUMN seen_at TIMESTAMPTZ DEFAULT now() NOT NULL",
        "ALTER TABLE contacts ADD COLUMN nickname TEXT",
        "CREATE INDEX CONCURRENTLY ix_messages_kind ON messages (kind)",
        "CREATE INDEX ix_agents_team ON agents (team)",
        "ALTER TABLE tickets ADD CONSTRAINT ck CHECK (priority <> '') NOT VALID",
        "ALTER TABLE tickets VALIDATE CONSTRAINT ck",
        "ALTER TABLE turns ADD CONSTRAINT uq UNIQUE USING INDEX uq_turns_key",
        "UPDATE alembic_version SET version_num='0009'",
        "CREATE TABLE fresh (id BIGINT); ALTER TABLE fresh ADD COLUMN n INT NOT NULL",
    ],
)
def test_what_no_desk_notices_may_run(statement: str) -> None:
    assert of_sql("9999", statement) == []
