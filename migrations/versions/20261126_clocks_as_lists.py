"""clocks of a ticket's state as lists, and room beside rows that change."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NAMES = (
    "metric",
    "cycle",
    "started_at",
    "target",
    "calendar",
    "tier",
    "consumed",
    "since",
    "began_by",
    "stopped_at",
    "ending",
    "fired",
    "passed",
    "runs",
)
_LIST = ", ".join(f"clock -> '{name}'" for name in _NAMES)
_OBJECT = ", ".join(f"'{name}', clock -> {place}" for place, name in enumerate(_NAMES))

# What a policy warns of was kept with each clock, as fractions.
_WARNINGS = """
'warnings', CASE WHEN clock ->> 0 = 'escalation' THEN '[]' ELSE COALESCE((
  SELECT jsonb_agg(rtrim(warning, '%')::numeric / 100 ORDER BY place)
  FROM sla_rulebooks AS r, jsonb_array_elements(r.document -> 'policies') AS policy,
    jsonb_array_elements_text(policy -> 'warnings') WITH ORDINALITY AS w(warning, place)
  WHERE r.id = t.rulebook_id AND policy ->> 'name' = t.state ->> 'policy'
), '[]') END
"""


def upgrade() -> None:
    # A promise that was taken back left its row behind.
    op.execute("""
        DELETE FROM sla_clocks AS c USING sla_tickets AS t,
          jsonb_array_elements(t.state -> 'clocks') AS clock
        WHERE c.ticket_id = t.ticket_id AND c.metric = clock ->> 'metric'
          AND c.cycle = (clock ->> 'cycle')::int
          AND clock ->> 'target' IS NULL AND clock -> 'fired' = '{}'
    """)
    _rewrite(f"jsonb_build_array({_LIST})")
    op.execute("ALTER TABLE sla_clocks SET (fillfactor = 80)")


def downgrade() -> None:
    op.execute("ALTER TABLE sla_clocks RESET (fillfactor)")
    _rewrite(f"jsonb_build_object({_OBJECT}, {_WARNINGS})")


def _rewrite(clock: str) -> None:
    op.execute(f"""
        UPDATE sla_tickets AS t SET state = jsonb_set(state, '{{clocks}}', COALESCE((
          SELECT jsonb_agg({clock} ORDER BY place)
          FROM jsonb_array_elements(state -> 'clocks') WITH ORDINALITY AS c(clock, place)
        ), '[]'))
        WHERE state ? 'clocks'
    """)  # noqa: S608 - our own words
