"""What is true when all is over: everything is accounted for, and the log gives nobody away."""

import re
from collections.abc import Iterator

from tests.e2e.desk import Desk, until

_LONG_ENOUGH = 6  # "oi" and "1" are in any log
_BALANCE = re.compile(
    r"received (\d+) = processed (\d+) \+ waiting 0 \+ duplicate (\d+) \+ parked 0\n"
)
_IS_SECRET = re.compile(r"SECRET|TOKEN|KEY")


def test_everything_that_was_received_is_accounted_for(desk: Desk) -> None:
    ana = desk.meet()
    ana.writes("oi")
    desk.settle(ana)
    found = until(
        lambda: _BALANCE.search(desk.command_line("inbox", "check").stdout),
        "a balance in which nothing waits and nothing is parked",
    )
    received, processed, duplicate = map(int, found.groups())
    assert received == processed + duplicate
    assert processed > 0
    desk.simulator.post("/control/raw", json={"text": '{"entry": [{'}).raise_for_status()
    assert "parked 1" in desk.command_line("inbox", "check").stdout
    assert "Nothing is parked" not in desk.command_line("inbox", "parked").stdout
    assert desk.command_line("inbox", "check").returncode == 0


def test_the_log_names_no_shopper_and_no_secret(desk: Desk) -> None:
    _go_through_every_kind_of_trouble(desk)
    lines = desk.lines()
    assert {line.split(maxsplit=1)[0] for line in lines} >= set(desk.ready()["pids"])
    leaks = [
        (kind, line)
        for kind, pattern in _private(desk).items()
        for line in lines
        if pattern.search(line)
    ]
    assert leaks == []


def _go_through_every_kind_of_trouble(desk: Desk) -> None:
    """Errors talk most: let each process have one about somebody."""
    known = desk.known("5521991230003")
    known.writes("onde está meu pedido, por favor?")
    shoppers = [known, *(desk.meet("Otávia Brandão") for _ in range(3))]
    desk.settle(*shoppers[:1])
    try:
        for kind in ("refuse", "malformed", "down"):
            desk.simulator.post("/shop/control/faults", json={"kind": kind}).raise_for_status()
            shopper = shoppers.pop()
            shopper.writes("qual é a situação do pedido 48213, comprado com otavia@example.com?")
            desk.settle(shopper)
    finally:
        desk.simulator.delete("/shop/control/faults").raise_for_status()
    nobody = {"kind": "undeliverable", "to": known.address}
    with desk.trouble(nobody):
        desk.meet("Otávia Brandão").writes("em inglês: how do I return the blue dress?")
        known.writes("obrigado pela ajuda de vocês")
        desk.settle(known)
    forged = {"text": '{"entry": [{"Otávia Brandão"', "signature": "wrong"}
    desk.simulator.post("/control/raw", json=forged).raise_for_status()
    desk.console.get("/api/conversations", params={"q": "Otávia Brandão 5521991230003"})


def _private(desk: Desk) -> dict[str, re.Pattern[str]]:
    """What may not be in the log, by kind."""
    shoppers = desk.simulator.get("/phone/api/state").json()["shoppers"]
    customers = desk.orders()
    phones = {one["wa_id"] for one in shoppers if one["wa_id"]}
    phones |= {one["phone"].lstrip("+") for one in customers if one["phone"]}
    names = {one["name"] for one in shoppers} | {one["name"] for one in customers}
    names |= {part for one in shoppers for part in one["name"].split() if len(part) > 3}
    secrets = {
        value for name, value in desk.env.items() if _IS_SECRET.search(name) and len(value) >= 8
    }
    return {
        "phone number": _any(phones | {phone[2:] for phone in phones}),
        "name": _any(names),
        "user id": _any(one["key"] for one in shoppers),
        "e-mail": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
        "text": _any(text for one in shoppers for text in _texts(desk, one["key"])),
        "secret": _any(secrets),
    }


def _texts(desk: Desk, key: str) -> Iterator[str]:
    """What was written in a chat, by either side, line by line."""
    for message in desk.simulator.get(f"/phone/api/chats/{key}").json()["messages"]:
        content = message["content"]
        if not isinstance(content, dict):
            continue
        body = content.get("body") or content.get("caption") or ""
        text = body["text"] if isinstance(body, dict) else body
        yield from (line for line in text.splitlines() if len(line) >= _LONG_ENOUGH)


def _any(values: Iterator[str] | set[str]) -> re.Pattern[str]:
    found = sorted(map(re.escape, set(values)))
    assert found
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)")
