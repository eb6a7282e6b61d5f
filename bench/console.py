"""How light the console is on a browser: `.venv/bin/python -m bench.console` prints one JSON line.

A real Chromium, a made-up desk with 500 and with 2,000 conversations, 20 changes a second, and a
server that takes 0.8 s to answer a send. `--minutes` is how long the heap is watched.
"""

import argparse
import contextlib
import json
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_EVENTS = 20
_DELAY = 0.8
_WATCHED = 15.0  # seconds over which the main thread is looked at
_SENDS = 15
_MEGABYTE = 1e6
# Notes when the first row can be seen, and how long a bubble takes to be seen after Enter.
_NOTES = """
const seen = (what) => requestAnimationFrame(() => setTimeout(() => what(performance.now())));
window.bench = { row: null, bubbles: [] };
let pressed = null;
const press = (event) => event.key === "Enter" && (pressed = performance.now());
addEventListener("keydown", press, true);
new MutationObserver((changes) => {
  if (window.bench.row === null && document.querySelector("[data-testid^=conversation-]")) {
    window.bench.row = 0;
    seen((at) => (window.bench.row = at));
  }
  const isSending = (node) => node.matches?.("[data-sending]");
  if (pressed !== null && changes.some((one) => [...one.addedNodes].some(isSending))) {
    const since = pressed;
    pressed = null;
    seen((at) => window.bench.bubbles.push(at - since));
  }
}).observe(document, { childList: true, subtree: true });
"""


def main() -> None:
    """Measure, and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--minutes", type=float, default=10)
    minutes = words.parse_args().minutes
    found = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=found, args=_SWITCHES)
        with made_up(500) as address:
            paints = [_first_paint(browser, address) for _ in range(5)]
            share_500, bubble, growth = _watched(browser, address, minutes)
        with made_up(2000) as address:
            share_2000, _, _ = _watched(browser, address, 0)
        browser.close()
    print(
        json.dumps(
            {
                "main_thread_share_500": round(share_500, 3),
                "main_thread_share_2000": round(share_2000, 3),
                "enter_to_bubble_ms": round(bubble, 1),
                "first_paint_ms": round(statistics.median(paints)),
                "heap_growth_mb": round(growth, 2),
            }
        )
    )


@contextmanager
def made_up(conversations: int) -> Iterator[str]:
    """A made-up desk in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.console_fixture", "--port", str(port)]
    command += ["--conversations", str(conversations), "--events", str(_EVENTS)]
    process = subprocess.Popen([*command, "--delay", str(_DELAY)], stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/console"
    try:
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), urllib.request.urlopen(address):
            return
        time.sleep(0.1)
    raise TimeoutError(address)


def _first_paint(browser: Browser, address: str) -> float:
    """Milliseconds from an empty cache until the first conversation can be seen."""
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(_NOTES)
        page.goto(address)
        _until(page, "window.bench.row > 0")
        return float(page.evaluate("window.bench.row"))


def _watched(browser: Browser, address: str, minutes: float) -> tuple[float, float, float]:
    """The main thread's share, Enter to bubble, and how much the heap grew."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.add_init_script(_NOTES)
        page.goto(f"{address}#c1")
        page.wait_for_selector("[data-testid=message]")
        page.wait_for_timeout(4000)  # the rest of the list comes in
        session = context.new_cdp_session(page)
        session.send("Performance.enable")
        share = _share(page, session)
        bubble = _bubble(page)
        before = _heap(session)
        page.wait_for_timeout(minutes * 60_000)
        return share, bubble, _heap(session) - before


def _share(page: Page, session: CDPSession) -> float:
    before, begun = _metric(session, "TaskDuration"), time.monotonic()
    page.wait_for_timeout(_WATCHED * 1000)
    return (_metric(session, "TaskDuration") - before) / (time.monotonic() - begun)


def _bubble(page: Page) -> float:
    box = page.get_by_test_id("reply-box")
    for number in range(_SENDS):
        box.fill(f"Já vou ver isso para você ({number}).")
        box.press("Enter")
        _until(page, f"window.bench.bubbles.length > {number}")
        page.wait_for_timeout(200)
    bubbles: list[float] = page.evaluate("window.bench.bubbles")
    return statistics.median(bubbles)


def _until(page: Page, condition: str) -> None:
    """Wait for what the page's own rules keep a browser driver from watching by itself."""
    for _ in range(1000):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    raise TimeoutError(condition)


def _heap(session: CDPSession) -> float:
    session.send("HeapProfiler.collectGarbage")
    return _metric(session, "JSHeapUsedSize") / _MEGABYTE


def _metric(session: CDPSession, name: str) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == name))


if __name__ == "__main__":
    main()
