"""A desk of real processes, started as anybody starts it, with handles to watch and break it."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import psycopg

from tests.e2e.shopper import Said, Shopper

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0  # seconds for anything that a busy machine may take its time with
_UNTIL_OPEN = 600.0  # a first start may bring an environment and train a model
_UNTIL_BACK = 180.0
_UNTIL_ENDED = 60.0
_KEPT_LINES = 80
_SPOKEN = re.compile(r"\w+ +│ ")
_PORT = re.compile(r"BALCAO_\w+_PORT")
_OURS = ("ACTIONS_", "BALCAO_", "DESK_", "ORDER_SYSTEM_", "SANIC_", "SIMULATOR_")
# What makes a test of a dead worker or a lost answer wait, shortened; all else is as it ships.
_IMPATIENT = {
    "DESK_LANES__QUIET": "0.3",
    "DESK_LANES__LEASE": "10",
    "DESK_WHATSAPP__SEND_TIMEOUT": "4",
    "DESK_WHATSAPP__SETTLE_AFTER": "6",
    "DESK_ORDER_EVENTS__PLAN": str(Path(__file__).with_name("notices.yml")),  # without quiet hours
}


class Desk:
    """The running desk, seen from outside: Meta's side, the console and the processes."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._folder = folder
        self._log = log
        ready = self.ready()
        self.env: dict[str, str] = ready["env"]
        self.addresses: dict[str, str] = ready["addresses"]
        assert self.env["DESK_WHATSAPP__GRAPH_URL"].startswith(self.env["SIMULATOR_PUBLIC_URL"]), (
            "these tests write to the simulator alone, but .env names another Graph API"
        )
        self.simulator = httpx2.Client(base_url=_simulator(self.env), timeout=PATIENCE)
        self.page = "http://" + urlsplit(self.addresses["console"]).netloc
        self.console = self._entered(self.addresses["console"])
        self._signed_in: dict[str, dict[str, Any]] = {}
        self._numbers = {"pt": count(5511900008001), "en": count(447700900801)}

    def close(self) -> None:
        """Give the connections back."""
        self.simulator.close()
        self.console.close()

    def signed_in(self, email: str | None = None) -> dict[str, Any]:
        """What the browser of somebody who signed in remembers; else the administrator's."""
        if email is None:
            return self._remembered(self.console)
        if email not in self._signed_in:
            told = self.command_line("people", "sign-in-link", email, "--json")
            assert told.returncode == 0, told.stdout
            link = json.loads(told.stdout.splitlines()[-1])["link"]
            with closing(self._entered(link)) as client:
                self._signed_in[email] = self._remembered(client)
        return self._signed_in[email]

    def meet(self, name: str = "Ana Souza", language: str = "pt") -> Shopper:
        """Somebody new, who has never written; the number tells the country."""
        return self.known(str(next(self._numbers[language])), name)

    def known(self, address: str, name: str | None = None) -> Shopper:
        """Who is reached at `address`; made with `name` when there is nobody yet."""
        return Shopper(self.simulator, address, name)

    def heard(self, shoppers: Sequence[Shopper]) -> list[list[Said]]:
        """What each shopper was told so far, in one look."""
        whole = self.simulator.get("/control/record", params={"kind": "message", "limit": 100_000})
        return [shopper.part_of(whole.json()["record"]) for shopper in shoppers]

    def settle(self, *shoppers: Shopper) -> None:
        """Wait until nothing waits for these shoppers: no webhook, no turn, nothing to send."""
        keys = [shopper.key for shopper in shoppers]
        until(lambda: self._is_settled(keys), "the desk to have done everything")

    def conversation(self, shopper: Shopper) -> dict[str, Any]:
        """The shopper's conversation as the console shows it."""
        items = self.console.get("/api/conversations", params={"limit": 200}).json()["items"]
        return next(one for one in items if one["contact"]["bsuid"] == shopper.key)

    def thread(self, shopper: Shopper) -> list[dict[str, Any]]:
        """The messages of the shopper's conversation."""
        path = f"/api/conversations/{self.conversation(shopper)['id']}/messages"
        messages: list[dict[str, Any]] = self.console.get(path).json()["messages"]
        return messages

    def order(self, number: int) -> dict[str, Any]:
        """All that the shop knows of an order."""
        page: dict[str, Any] = self.simulator.get(f"/shop/control/orders/{number}").json()
        return page

    def orders(self) -> list[dict[str, Any]]:
        """A line about each order of the shop, newest first."""
        whole = self.simulator.get("/shop/control/orders", params={"limit": 1000}).json()
        return list(whole["orders"])

    @contextmanager
    def trouble(self, *orders: dict[str, Any]) -> Iterator[None]:
        """Make Meta's side go wrong meanwhile; every order is one of /control/faults."""
        try:
            for order in orders:
                self.simulator.post("/control/faults", json=order).raise_for_status()
            yield
        finally:
            self.simulator.delete("/control/faults").raise_for_status()

    @contextmanager
    def killed(self, name: str) -> Iterator[None]:
        """Kill a process as the kernel would; afterwards wait until it has been started again."""
        pid = self.ready()["pids"][name]
        os.kill(pid, signal.SIGKILL)
        yield
        until(
            lambda: self.ready()["pids"][name] != pid and not _is_alive(pid),
            f"{name} to be back",
            seconds=_UNTIL_BACK,
        )

    def command_line(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the desk's command line against this desk."""
        return subprocess.run(
            [sys.executable, "-m", "sla_service.cli", *arguments],
            cwd=ROOT,
            env=os.environ | self.env | {"COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )

    def ready(self) -> dict[str, Any]:
        """The addresses, process ids and variables, as the supervisor last wrote them."""
        found: dict[str, Any] = json.loads((self._folder / "ready.json").read_text())
        return found

    def lines(self) -> list[str]:
        """What the processes have said; without the frame, which shows the way in."""
        return [line for line in self._log.read_text().splitlines() if _SPOKEN.match(line)]

    def _entered(self, link: str) -> httpx2.Client:
        """A browser that has followed a one-time link."""
        client = httpx2.Client(
            base_url=self.page,
            headers={"Origin": self.page},
            timeout=PATIENCE,
            follow_redirects=True,
        )
        client.get(link).raise_for_status()
        return client

    def _remembered(self, client: httpx2.Client) -> dict[str, Any]:
        where = {"domain": urlsplit(self.page).hostname, "path": "/"}
        cookies = [
            {"name": one.name, "value": one.value, "httpOnly": True, "sameSite": "Lax", **where}
            for one in client.cookies.jar
        ]
        return {"cookies": cookies, "origins": []}

    def _is_settled(self, keys: Sequence[str]) -> bool:
        if self.simulator.get("/control/deliveries").json()["owed"]:
            return False
        with psycopg.connect(self.env["DESK_DATABASE_URL"], autocommit=True) as connection:
            row = connection.execute(_WORK_LEFT, {"keys": list(keys)}).fetchone()
        return row is not None and not any(row)


@contextmanager
def running(log: Path, **settings: str) -> Iterator[Desk]:
    """A fresh desk with data and settings of its own, ended with all that belongs to it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=log.parent) as folder,
        log.open("w") as written,
        _started(Path(folder), written.fileno(), settings) as supervisor,
    ):
        until(
            lambda: (Path(folder) / "ready.json").exists() or supervisor.poll() is not None,
            "the desk to open",
            seconds=_UNTIL_OPEN,
        )
        assert supervisor.poll() is None, f"the desk did not open:\n{tail(log)}"
        desk = Desk(Path(folder), log)
        try:
            yield desk
        finally:
            desk.close()


def until[T](condition: Callable[[], T], what: str, *, seconds: float = PATIENCE) -> T:
    """Wait until `condition` gives something true, and return that."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited {seconds:g} s in vain for {what}"
        time.sleep(0.05)
    return found


def tail(log: Path, offset: int = 0) -> str:
    """The last lines of a log, from `offset` on."""
    with log.open() as written:
        written.seek(offset)
        return "\n".join(written.read().splitlines()[-_KEPT_LINES:])


@contextmanager
def _started(
    folder: Path, output: int, settings: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_OURS) or name == "BALCAO_UV"
    }
    chosen = [] if any(_PORT.fullmatch(name) for name in settings) else ["--free-ports"]
    with subprocess.Popen(
        [str(ROOT / "bin" / "dev"), "--var", str(folder), *chosen, "--empty"],
        cwd=ROOT,
        # An empty database URL wins over one in .env, and means a private server.
        env=kept | _IMPATIENT | settings | {"DESK_DATABASE_URL": ""},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
    ) as supervisor:
        try:
            yield supervisor
        finally:
            supervisor.send_signal(signal.SIGTERM)
            try:
                supervisor.wait(_UNTIL_ENDED)
            except subprocess.TimeoutExpired:
                supervisor.kill()


def _simulator(env: Mapping[str, str]) -> str:
    """Where the simulator listens itself, whatever address of it the desk was told."""
    return f"http://{env['SIMULATOR_HOST']}:{env['SIMULATOR_PORT']}"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


_WORK_LEFT = """
SELECT (SELECT count(*) FROM whatsapp_updates WHERE state = 'waiting'),
       (SELECT count(*) FROM conversations c JOIN contacts p ON p.id = c.contact_id
        WHERE p.bsuid = ANY(%(keys)s) AND c.due_at IS NOT NULL)
"""
