"""Several processes of each kind on one PostgreSQL, killed and added at work; nothing is sticky."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx2
import psycopg
import pytest

from tests.e2e.desk import PATIENCE, ROOT, Desk, until
from tests.e2e.fleet import Fleet, running_fleet, wait_until_ready
from tests.e2e.live import Ear, listening
from tests.e2e.shopper import Said, Shopper
from tests.e2e.wording import first_response, response

SHOPPERS = 8
KINDS = ("worker", "rasa", "web", "actions")
THINKING = 1.0  # seconds between two looks at what was answered: a load, and room to start others
GREETED = first_response("utter_greet_by_name", "pt", first_name="Ana")
ROUND = (
    ("/track_order", response("utter_ask_order_number", "pt")),
    ("/deny", response("utter_offer_person", "pt")),
    ("/deny", response("utter_handover_declined", "pt")),
)
PASSWORD = "quatro cavalos no trilho"
_LOG = ROOT / "var" / "e2e" / "fleet.log"
_UNTIL_BACK = 600.0


@pytest.fixture(scope="module")
def opened() -> Iterator[Fleet]:
    with running_fleet(_LOG) as fleet:
        yield fleet


@pytest.fixture
def fleet(opened: Fleet) -> Fleet:
    """The fleet with two web processes, whatever another test left of them."""
    if len(opened.addresses("web")) < 2:
        wait_until_ready(opened, opened.add("web"))
    return opened


@dataclass
class Crowd:
    """Shoppers who all ask the same, again and again, a moment after they were answered."""

    desk: Desk
    shoppers: list[Shopper]
    rounds: list[int] = field(default_factory=list)
    looked_at: float = 0.0
    heard: int = 0

    def begin(self) -> None:
        """Everybody says hello, and presses on before they are answered."""
        for shopper in self.shoppers:
            shopper.writes("oi")
            self._next_round(shopper)
        self.rounds = [1] * len(self.shoppers)

    def go_on(self) -> int:
        """Who was answered asks again; returns how much has been said to everybody."""
        if time.monotonic() < self.looked_at + THINKING:
            return self.heard
        heard = self.desk.heard(self.shoppers)
        for number, (shopper, said) in enumerate(zip(self.shoppers, heard, strict=True)):
            if len(said) > len(ROUND) * self.rounds[number]:
                self._next_round(shopper)
                self.rounds[number] += 1
        self.looked_at, self.heard = time.monotonic(), sum(map(len, heard))
        return self.heard

    def work_until[T](self, condition: Callable[[], T], what: str) -> T:
        """Go on until something is so."""

        def is_so() -> T:
            self.go_on()
            return condition()

        return until(is_so, what, seconds=_UNTIL_BACK)

    def hear_more(self) -> None:
        """Go on until everybody could have been answered once more."""
        wanted = self.go_on() + len(self.shoppers)
        until(lambda: self.go_on() >= wanted, "more answers", seconds=_UNTIL_BACK)

    def check(self) -> None:
        """Everybody heard every answer once, in order."""
        for said, rounds in zip(self.desk.heard(self.shoppers), self.rounds, strict=True):
            wanted = [GREETED, *(answer for _ in range(rounds) for _, answer in ROUND)]
            assert _as_wanted(said, wanted) == [True] * len(wanted), [one.text for one in said]

    def _next_round(self, shopper: Shopper) -> None:
        for payload, _ in ROUND:
            shopper.presses(payload)


def test_nothing_is_lost_or_doubled_while_processes_are_killed_and_added(fleet: Fleet) -> None:
    crowd = Crowd(fleet.desk, [fleet.desk.meet() for _ in range(SHOPPERS)])
    crowd.begin()
    crowd.hear_more()
    # One more of each is on its way, at another address, when an older one of each is killed.
    added = [fleet.add(kind) for kind in KINDS]
    for kind in KINDS:
        fleet.kill(fleet.beside(kind))
        crowd.hear_more()
    for member in added:
        crowd.work_until(partial(fleet.answers, member), f"another {member.kind}")
    # The first of each is killed as well, and started again where it was.
    back = []
    for kind in KINDS:
        back.append(fleet.kill_first(kind))
        crowd.hear_more()
    for is_back in back:
        crowd.work_until(is_back, "the first of each kind to be back")
    workers = fleet.addresses("worker")
    assert len(workers) == 3
    crowd.work_until(lambda: all(map(fleet.turns_of, workers)), "every worker to have had a turn")
    for kind, balancer in fleet.balancers.items():
        there = fleet.addresses(kind)
        assert len(there) == 2
        crowd.work_until(partial(balancer.has_asked, there), f"every {kind} to have been asked")
    # Asked to end, as in an upgrade, a process finishes what it is at.
    for member in added:
        fleet.retire(member)
        crowd.hear_more()
    fleet.desk.settle(*crowd.shoppers)
    crowd.check()
    _check_books(fleet.desk, crowd)


def test_every_console_hears_of_everything_wherever_it_happens(fleet: Fleet) -> None:
    desk = fleet.desk
    with ExitStack() as stack:
        pages = [stack.enter_context(_page(desk, web)) for web in fleet.addresses("web")]
        ears = [stack.enter_context(listening(page)) for page in pages]
        shoppers = [desk.meet() for _ in range(4)]
        for shopper in shoppers:
            shopper.writes("oi")
        desk.settle(*shoppers)
        numbers = [desk.conversation(shopper)["id"] for shopper in shoppers]
        for ear in ears:
            until(partial(ear.has_heard_of, numbers), "each console to hear of each")
        # What somebody does at one of them is seen at the others.
        for page, number in zip(pages, numbers, strict=False):
            path = f"/api/conversations/{number}/viewing"
            page.post(path, json={"doing": "viewing"}).raise_for_status()
            for ear in ears:
                until(partial(ear.has_seen, "viewing", number), "all to see who looks")
        _comes_back_elsewhere(fleet, stack, ears[-1])


def _comes_back_elsewhere(fleet: Fleet, stack: ExitStack, ear: Ear) -> None:
    """A page whose process was killed misses nothing at one that was started since."""
    mark = ear.mark
    assert mark
    fleet.kill(fleet.beside("web"))
    until(lambda: ear.is_over, "the stream to end with its process")
    fresh = fleet.add("web")
    wait_until_ready(fleet, fresh)
    page = stack.enter_context(_page(fleet.desk, fresh.url))
    again = stack.enter_context(listening(page, mark))
    until(partial(again.has_seen, "everything"), "to be told that anything may have changed")
    ana = fleet.desk.meet()
    ana.writes("oi")
    fleet.desk.settle(ana)
    number = fleet.desk.conversation(ana)["id"]
    until(partial(again.has_heard_of, [number]), "the new process to tell what happens")


def test_whoever_signed_in_at_one_is_signed_in_at_all(fleet: Fleet) -> None:
    here, there, *_ = fleet.addresses("web")
    with _browser(here) as bruno, _browser(there) as other:
        told = fleet.desk.command_line(
            "people", "add", "bruno@loja.example", "--name", "Bruno", "--role", "agent"
        )
        invitation = told.stdout.split("invitation=")[1].split()[0]
        chosen = {"password": PASSWORD, "name": "Bruno"}
        bruno.post(f"/api/invitations/{invitation}", json=chosen).raise_for_status()
        other.cookies.update(bruno.cookies)
        assert other.get("/api/me").json()["name"] == "Bruno"
        assert other.post(f"/api/invitations/{invitation}", json=chosen).status_code == 410
        bruno.delete("/api/session").raise_for_status()
        # Another process may know a session for a second before it asks again.
        until(lambda: other.get("/api/me").status_code == 401, "the session to be over everywhere")
        other.cookies.clear()
        wanted = {"email": "bruno@loja.example", "password": PASSWORD}
        other.post("/api/session", json=wanted).raise_for_status()
        bruno.cookies.clear()
        bruno.cookies.update(other.cookies)
        assert bruno.get("/api/me").json()["name"] == "Bruno"


def test_tries_at_the_door_are_counted_by_all_together(fleet: Fleet) -> None:
    with ExitStack() as stack:
        doors = [stack.enter_context(_browser(web)) for web in fleet.addresses("web")]
        told = []
        for number in range(8):
            door = doors[number % len(doors)]
            answer = door.post(
                "/api/session",
                json={"email": f"pessoa{number}@loja.example", "password": PASSWORD},
                headers={"X-Forwarded-For": "198.51.100.77"},
            )
            told.append(answer.status_code)
    assert sorted(told) == [401] * 6 + [429] * 2


def test_keys_and_files_are_known_at_every_process(fleet: Fleet) -> None:
    desk, ana = fleet.desk, fleet.desk.meet()
    ana.presses("/talk_to_human")
    desk.settle(ana)
    number = desk.conversation(ana)["id"]
    here, there, *_ = fleet.addresses("web")
    with _page(desk, here) as page, _page(desk, there) as other:
        page.post(
            f"/api/conversations/{number}/assignment", json={"agent": "me"}
        ).raise_for_status()
        file = page.post("/api/uploads?filename=foto.png&type=image/png", content=_PICTURE).json()
        said = {"text": "Olha só", "media": file["id"]}
        path, key = f"/api/conversations/{number}/messages", {"Idempotency-Key": "uma vez"}
        messages = [
            one.post(path, json=said, headers=key).raise_for_status().json()["id"]
            for one in (other, page, other)
        ]
        assert len(set(messages)) == 1
        desk.settle(ana)
        assert [one.text for one in ana.heard()].count("Olha só") <= 1
        shown = [one for one in desk.thread(ana) if one["text"] == "Olha só"]
        assert [one["id"] for one in shown] == messages[:1]
        for one in (page, other):
            assert one.get(f"/api/media/{messages[0]}").content == _PICTURE


@contextmanager
def _page(desk: Desk, web: str) -> Iterator[httpx2.Client]:
    """The administrator's browser at one of the web processes."""
    with _browser(web) as client:
        client.cookies.update(desk.console.cookies)
        yield client


@contextmanager
def _browser(web: str) -> Iterator[httpx2.Client]:
    with closing(httpx2.Client(base_url=web, headers={"Origin": web}, timeout=PATIENCE)) as client:
        yield client


def _as_wanted(said: list[Said], wanted: list[Any]) -> list[bool]:
    texts = [one.text for one in said]
    matched = [bool(pattern.fullmatch(text)) for text, pattern in zip(texts, wanted, strict=False)]
    return matched + [False] * abs(len(texts) - len(wanted))


def _check_books(desk: Desk, crowd: Crowd) -> None:
    """Every message is stored and answered once, and each turn was kept once by the bot too."""
    done = desk.command_line("inbox", "check")
    assert done.returncode == 0, done.stdout
    assert "parked 0" in done.stdout
    keys = [shopper.key for shopper in crowd.shoppers]
    with psycopg.connect(desk.env["DESK_DATABASE_URL"]) as connection:
        found = connection.execute(_BOOKS, {"keys": keys}).fetchall()
    told = {row[0]: row[1:] for row in found}
    for key, rounds in zip(keys, crowd.rounds, strict=True):
        assert told[key] == (1 + len(ROUND) * rounds,) * 5


_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
# Messages of the contact, turns that ended well, keys, answers sent, and what the bot remembers.
_BOOKS = """
SELECT p.bsuid,
       (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id AND m.author = 'contact'),
       (SELECT count(*) FROM turns t
        WHERE t.conversation_id = c.id AND t.closed_at IS NOT NULL AND t.error IS NULL),
       (SELECT count(DISTINCT t.key) FROM turns t WHERE t.conversation_id = c.id),
       (SELECT count(DISTINCT m.wamid) FROM messages m
        WHERE m.conversation_id = c.id AND m.author = 'bot'),
       (SELECT version FROM bot.conversations b WHERE b.conversation = c.id::text)
FROM conversations c JOIN contacts p ON p.id = c.contact_id
WHERE p.bsuid = ANY(%(keys)s)
"""
