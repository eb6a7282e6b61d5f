"""Take pictures of every screen again: `.venv/bin/python -m dev.screenshots` (needs Chromium).

The desk behind them is made up; the machine needs a font with emoji, such as Noto Color Emoji.
"""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PLACE = ROOT / "docs" / "screenshots"
WIDTHS = {360: 740, 1280: 800, 1920: 1080}
_SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-sync", "--no-first-run")
_SETTLED = 700  # milliseconds for what comes in after the page, and for charts to be drawn


class Screen(NamedTuple):
    """A screen: its name, where it is, and what to press once it is there."""

    name: str
    place: str
    keys: tuple[str, ...] = ()


SCREENS = (
    Screen("sign-in", "?signin"),
    Screen("queue", ""),
    Screen("conversation", "#c9"),
    Screen("note", "#c12", ("n",)),
    Screen("palette", "#c9", ("Control+k",)),
    Screen("shortcuts", "#c9", ("?",)),
    Screen("reports", "#reports"),
    Screen("agents", "#settings/agents"),
    Screen("canned-replies", "#settings/canned"),
    Screen("routing", "#settings/routing"),
    Screen("business-hours", "#settings/hours"),
    Screen("policies", "#settings/policies"),
    Screen("notifications", "#settings/teams"),
    Screen("webhooks", "#settings/webhooks"),
    Screen("api-keys", "#settings/keys"),
    Screen("audit", "#settings/audit"),
    Screen("account", "#settings/account"),
)


def main() -> None:
    """Take each screen in each width, light and dark."""
    PLACE.mkdir(parents=True, exist_ok=True)
    found = shutil.which("chromium") or shutil.which("google-chrome")
    with _made_up() as address, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=found, args=list(_SWITCHES))
        for width, height in WIDTHS.items():
            for scheme in ("light", "dark"):
                _take_all(browser, address, (width, height), scheme)
        browser.close()


def _take_all(browser: Browser, address: str, size: tuple[int, int], scheme: str) -> None:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="pt-BR",
        timezone_id="America/Sao_Paulo",
        reduced_motion="reduce",
    )
    for screen in SCREENS:
        page = context.new_page()
        _take(page, address, screen, PLACE / f"{screen.name}-{width}-{scheme}.png")
        page.close()
    context.close()


def _take(page: Page, address: str, screen: Screen, path: Path) -> None:
    page.goto(f"{address}/console{screen.place}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(_SETTLED)
    for key in screen.keys:
        page.keyboard.press(key)
        page.wait_for_timeout(_SETTLED // 2)
    page.screenshot(path=path)


@contextmanager
def _made_up() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.console_fixture", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            with suppress(OSError), urlopen(f"{address}/console"):  # noqa: S310 - our own address
                break
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
