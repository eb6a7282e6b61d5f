"""What a migration may do while the desk runs: its SQL is written out and read, none is run."""

import importlib.util
import io
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from alembic.migration import MigrationContext
from alembic.operations import Operations

from sla_service.settings import ROOT

LARGE = frozenset(
    {
        *("messages", "conversations", "contacts", "tickets", "turns", "handoffs", "media_files"),
        *("whatsapp_deliveries", "whatsapp_updates", "order_events", "order_notices"),
        *("sla_events", "sla_tickets", "sla_clocks", "sla_effects", "notices", "notice_sends"),
        *("webhook_deliveries", "audit_log", "consents", "ratings"),
    }
)
"""Tables that grow with every message: what reads or locks all of one stops the desk."""
_BEFORE = "0008"
"""Up to here, no desk was running that could have been stopped."""


@dataclass(frozen=True)
class Breach:
    """A statement that no running desk survives unharmed."""

    revision: str
    rule: str
    statement: str
    why: str

    def __str__(self) -> str:
        return f"{self.revision}: {self.why} [{self.rule}]\n  {self.statement[:200]}"


@dataclass(frozen=True)
class Allowed:
    """A breach that was looked at and let through, with the reason."""

    revision: str
    rule: str
    contains: str
    because: str

    def covers(self, breach: Breach) -> bool:
        """Whether this is the breach that was meant."""
        is_it = (self.revision, self.rule) == (breach.revision, breach.rule)
        return is_it and self.contains in breach.statement


@dataclass(frozen=True)
class Rule:
    """What a statement looks like that breaks a rule; `large`: on a large table only."""

    name: str
    pattern: re.Pattern[str]
    why: str
    large: bool = False


def _rule(name: str, pattern: str, why: str, *, large: bool = False) -> Rule:
    return Rule(name, re.compile(pattern, re.IGNORECASE | re.DOTALL), why, large)


_ALTER = r"^ALTER TABLE (?:ONLY )?(?P<table>\w+) "
_RULES = (
    _rule(
        "not-null",
        _ALTER + r"ADD COLUMN (?!.*\bDEFAULT\b).*\bNOT NULL",
        "a column that is NOT NULL needs a default: the old version writes rows without it",
    ),
    _rule(
        "rewrite",
        _ALTER + r"ADD COLUMN .*(\bGENERATED\b|\bSERIAL\b|DEFAULT (gen_random_uuid|random|"
        r"clock_timestamp|nextval)\b)",
        "this default is worked out for each row: the whole table is written anew under a lock",
        large=True,
    ),
    _rule(
        "type",
        _ALTER + r"ALTER COLUMN \w+ (SET DATA )?TYPE\b",
        "another type writes the table anew under a lock, and the old version writes the old one",
    ),
    _rule(
        "set-not-null",
        _ALTER + r"ALTER COLUMN \w+ SET NOT NULL",
        "the whole table is read under a lock: add CHECK (… IS NOT NULL) NOT VALID, validate it",
        large=True,
    ),
    _rule(
        "rename",
        r"^ALTER (TABLE|INDEX) (?P<table>\w+) RENAME\b",
        "the old version asks by the old name: add the new one, and drop the old one later",
    ),
    _rule(
        "drop",
        r"^(DROP TABLE (?P<table>\w+)|ALTER TABLE \w+ DROP COLUMN)\b",
        "the old version still asks for it: drop it in the release after the one that stopped",
    ),
    _rule(
        "index",
        r"^CREATE (UNIQUE )?INDEX (?!CONCURRENTLY).* ON (ONLY )?(?P<table>\w+)",
        "nothing can be written meanwhile: use postgresql_concurrently in an autocommit_block",
        large=True,
    ),
    _rule(
        "constraint",
        _ALTER + r"ADD CONSTRAINT \w+ (FOREIGN KEY|CHECK)(?!.*\bNOT VALID\b)",
        "every row is checked under a lock: add it NOT VALID, and validate it in a step of its own",
        large=True,
    ),
    _rule(
        "unique",
        _ALTER + r"ADD (CONSTRAINT \w+ )?(UNIQUE|PRIMARY KEY)(?! USING INDEX)",
        "its index is built under a lock: build it CONCURRENTLY, then ADD … USING INDEX",
        large=True,
    ),
    _rule(
        "data",
        r"^(WITH .*)?(UPDATE (ONLY )?|DELETE FROM (ONLY )?|INSERT INTO )(?P<table>\w+)",
        "one statement over a large table locks its rows for as long as it takes: let a job do it "
        "in pieces",
        large=True,
    ),
    _rule(
        "lock",
        r"^(LOCK TABLE|VACUUM FULL|CLUSTER|REINDEX (?!.*CONCURRENTLY)|TRUNCATE)\b",
        "nobody can work with the table meanwhile",
    ),
    _rule(
        "patience",
        r"^SET (LOCAL |SESSION )?lock_timeout",
        "how long a migration waits for a lock is set for all of them (migrations/env.py)",
    ),
)


def breaches(folder: Path) -> list[Breach]:
    """What the migrations in a folder do that no running desk survives; none is run."""
    found: list[Breach] = []
    for module in _modules(folder):
        if module.revision <= _BEFORE:
            continue
        try:
            found += _of(module.revision, _statements(module))
        except (AttributeError, TypeError) as error:  # it asked the database, and there is none
            why = "what it does depends on a database, so that nobody can read it: use op alone"
            found.append(Breach(module.revision, "unreadable", str(error), why))
    return found


def of_sql(revision: str, text: str) -> list[Breach]:
    """The same of SQL."""
    return list(_of(revision, _split(text)))


def allowed(path: Path) -> list[Allowed]:
    """What was looked at and let through."""
    return [Allowed(**one) for one in tomllib.loads(path.read_text()).get("allowed", [])]


def _of(revision: str, statements: list[str]) -> Iterator[Breach]:
    fresh: set[str] = set()  # nobody uses yet what was made in the same migration
    for statement in statements:
        made = re.match(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", statement, re.IGNORECASE)
        if made:
            fresh.add(made[1].lower())
        for rule in _RULES:
            broken = rule.pattern.search(statement)
            table = (broken.groupdict().get("table") or "").lower() if broken else ""
            if broken and table not in fresh and (not rule.large or table in LARGE):
                yield Breach(revision, rule.name, statement, rule.why)


def _modules(folder: Path) -> Iterator[ModuleType]:
    found = []
    for path in folder.glob("*.py"):
        spec = importlib.util.spec_from_file_location(f"migration_{path.stem}", path)
        assert spec is not None  # noqa: S101 - it ends in .py
        assert spec.loader is not None  # noqa: S101 - as above
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found.append(module)
    yield from sorted(found, key=lambda module: str(module.revision))


def _statements(module: ModuleType) -> list[str]:
    """The SQL of an upgrade, as Alembic would write it for somebody to run."""
    written = io.StringIO()
    options = {"as_sql": True, "output_buffer": written, "literal_binds": True}
    context = MigrationContext.configure(dialect_name="postgresql", opts=options)
    with Operations.context(context):
        module.upgrade()
    return _split(written.getvalue())


def _split(text: str) -> list[str]:
    without_remarks = re.sub(r"--[^\n]*", "", text)
    parts = (" ".join(part.split()) for part in without_remarks.split(";"))
    return [part for part in parts if part and part.upper() not in {"BEGIN", "COMMIT"}]


VERSIONS = ROOT / "migrations" / "versions"
ALLOWED = ROOT / "migrations" / "allowed.toml"
