"""The desk that is tormented: real processes, more than one of some, and a link between any two."""

import contextlib
import random
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psycopg
import yaml

from dev.ports import HOST
from sla_service.database import embedded
from tests.e2e.desk import PATIENCE, ROOT, Desk, until
from tests.e2e.desk import running as desk_running
from tests.e2e.faults import links, spares
from tests.e2e.faults.links import Link, Wire
from tests.e2e.faults.spares import Spare

LOG = ROOT / "var" / "e2e" / "faults.log"
SEND_TIMEOUT, SETTLE_AFTER, LEASE = 4, 20, 12  # seconds
_PORTS = range(15_000, 30_000)
_PROCESSES = ("web", "rasa", "actions", "simulator")
_LINKS = {
    "graph": ("simulator",),
    "webhooks": ("web", "spare"),
    "bot": ("rasa",),
    "actions": ("actions",),
    "desk": ("web", "spare"),
    "orders": ("simulator",),
    "console": ("web", "spare"),
}
# What a fault makes the desk wait for, shortened in proportion; and contacts are not asked how it
# went, so that each message has one answer. Nothing goes to people because the bot was down long.
_SETTINGS = {
    "DESK_LANES__LEASE": str(LEASE),
    "DESK_WHATSAPP__SEND_TIMEOUT": str(SEND_TIMEOUT),
    "DESK_WHATSAPP__SETTLE_AFTER": str(SETTLE_AFTER),
    "DESK_WHATSAPP__FILE_TIMEOUT": "6",
    "DESK_BOT__TIMEOUT": "8",
    "DESK_BOT__PATIENCE": "3600",
    "DESK_RATINGS__ASK": "nobody",
    "DESK_LOG_LEVEL": "info",
}
# Promises that come due while things go wrong; the bot keeps its conversations.
_POLICIES = {
    "policies": [
        {
            "name": "curta",
            "targets": {"first_response": "12 s", "next_response": "20 s", "resolution": "1 h"},
            "warnings": ["50%"],
            "bot_counts": False,
            "escalation": [
                {"tier": "bot", "after": "1 h"},
                {"tier": "agent", "after": "15 s"},
                {"tier": "senior", "after": "1 h"},
            ],
        }
    ]
}


@dataclass(frozen=True)
class Stage:
    """What the troubles and the books need of a running desk."""

    desk: Desk
    folder: Path
    links: Mapping[str, Link]
    spares: list[Spare]
    change: Callable[[Link, Wire], None]
    simulator: httpx2.Client
    """Straight to the witness: no link of it is ever cut."""
    console: httpx2.Client
    """An agent's browser, signed in, before whichever web process is there."""

    @property
    def url(self) -> str:
        """The database."""
        return self.desk.env["DESK_DATABASE_URL"]

    @property
    def postgres(self) -> Path:
        """The folder of the database's server."""
        return self.folder / "postgres"

    def pid(self, name: str) -> int:
        """The process with this name, as the supervisor last told, or a spare one."""
        for spare in self.spares:
            if spare.name == name:
                return spare.pid
        number: int = self.desk.ready()["pids"][name]
        return number


@contextmanager
def opened(dice: random.Random, log: Path = LOG) -> Iterator[Stage]:
    """A desk on this stage, with its promises, its witness in the database, and its spares."""
    numbers = free_ports([*_PROCESSES, "spare", *(f"to {name}" for name in _LINKS)])
    wires = {
        name: Link(name, numbers[f"to {name}"], [numbers[each] for each in leads])
        for name, leads in _LINKS.items()
    }
    with ExitStack() as stack:
        change = stack.enter_context(links.running(list(wires.values())))
        desk = stack.enter_context(desk_running(log, **_SETTINGS, **_ways(numbers, wires)))
        folder = Path(desk.env["DESK_MEDIA__FOLDER"]).parent
        _witness(desk.env["DESK_DATABASE_URL"])
        _promise(desk, folder)
        second = stack.enter_context(
            spares.running(desk.env, numbers["spare"], log.with_name("spares.log"), dice)
        )
        simulator = stack.enter_context(
            httpx2.Client(base_url=f"http://{HOST}:{numbers['simulator']}", timeout=PATIENCE)
        )
        answers = httpx2.Client(base_url=f"http://{HOST}:{numbers['spare']}", timeout=2)
        with answers:
            until(lambda: _is_ready(answers), "the spare web process to answer")
        console = stack.enter_context(
            httpx2.Client(
                base_url=wires["console"].url,
                headers={"Origin": wires["console"].url},
                cookies=desk.console.cookies,
                timeout=8,
            )
        )
        yield Stage(desk, folder, wires, second, change, simulator, console)


def ensure_postgres(stage: Stage) -> None:
    """Start the server again if it does not run; on a busy machine it takes its time."""

    def is_back() -> bool:
        try:
            embedded.ensure(stage.postgres)
        except (subprocess.SubprocessError, psycopg.OperationalError, AssertionError):
            return False  # it is still on its way: the wheel waits ten seconds, and asserts
        return True

    until(is_back, "PostgreSQL to be back")


def free_ports(names: Sequence[str]) -> dict[str, int]:
    """A port for each name that nobody holds, out of those that outgoing calls are not given:
    some are taken long after they are chosen, and again and again."""
    found: dict[str, int] = {}
    drawn = iter(random.sample(_PORTS, 1000))
    with ExitStack() as held:
        while len(found) < len(names):
            port = next(drawn)
            with contextlib.suppress(OSError):
                held.enter_context(socket.create_server((HOST, port)))
                found[names[len(found)]] = port
    return found


def _ways(numbers: Mapping[str, int], wires: Mapping[str, Link]) -> dict[str, str]:
    """Every process is told of the links, never of where they lead."""
    graph, webhooks = wires["graph"].url, wires["webhooks"].url
    return {
        **{f"BALCAO_{name.upper()}_PORT": str(numbers[name]) for name in _PROCESSES},
        "SIMULATOR_PUBLIC_URL": graph,
        "DESK_WHATSAPP__GRAPH_URL": f"{graph}/graph",
        "SIMULATOR_WEBHOOK_URL": f"{webhooks}/webhooks/whatsapp",
        "DESK_BOT__URL": wires["bot"].url,
        "ACTIONS_URL": f"{wires['actions'].url}/webhook",
        "DESK_URL": wires["desk"].url,
        "ORDER_SYSTEM_URL": f"{wires['orders'].url}/shop/api",
    }


def _is_ready(client: httpx2.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx2.HTTPError:
        return False


def _promise(desk: Desk, folder: Path) -> None:
    path = folder / "policies.yml"
    path.write_text(yaml.safe_dump(_POLICIES))
    told = desk.command_line("sla", "import", str(path), "--activate")
    assert told.returncode == 0, told.stdout + told.stderr


def _witness(url: str) -> None:
    """The database notes for itself under which owner each send began; the desk can't see it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_WITNESS)


_WITNESS = """
CREATE SCHEMA witness;
CREATE TABLE witness.sends (
  message_id bigint, attempt int, owed_fence bigint, fence bigint, at timestamptz
);
CREATE INDEX ON witness.sends (message_id);
CREATE FUNCTION witness.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO witness.sends
  SELECT NEW.message_id, NEW.attempts, NEW.owner_fence, c.owner_fence, clock_timestamp()
  FROM public.conversations c WHERE c.id = NEW.conversation_id;
  RETURN NULL;
END $$;
CREATE TRIGGER witness AFTER UPDATE ON public.outbox FOR EACH ROW
WHEN (NEW.attempts > OLD.attempts) EXECUTE FUNCTION witness.note();
"""
