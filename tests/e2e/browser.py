"""The phone and the console in a real browser."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    FilePayload,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from tests.e2e.desk import PATIENCE, Desk

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_CONFLICT = "status of 409"
_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

expect.set_options(timeout=PATIENCE * 1000)


class NoBrowser(Exception):
    """There is no Chromium on this machine; these tests need one (apt-get install chromium)."""


@dataclass
class Phone:
    """The phone page, with one shopper's chat open."""

    page: Page

    def switch_to(self, address: str) -> None:
        """Take another shopper's phone."""
        self.page.get_by_test_id(f"shopper-{address}").click()
        expect(self.page.get_by_test_id(f"shopper-{address}")).to_have_attribute(
            "aria-current", "true"
        )

    def write(self, text: str) -> None:
        """Write a message and send it."""
        self.page.get_by_test_id("composer").fill(text)
        self.page.get_by_test_id("composer").press("Enter")

    def press(self, title: str) -> None:
        """Press a button of the last message."""
        self.answer.get_by_role("button", name=title, exact=True).click()

    def choose(self, title: str) -> None:
        """Open the list of the last message and take a row."""
        self.answer.get_by_test_id("open-list").click()
        self.page.get_by_test_id("list-row").filter(has_text=title).click()

    def send_photo(self, name: str, picture: bytes) -> None:
        """Send a photo from the gallery."""
        photo = FilePayload(name=name, mimeType="image/png", buffer=picture)
        self.page.get_by_test_id("file-photo").set_input_files(photo)
        self.page.get_by_test_id("send").click()

    def hears(self, wanted: re.Pattern[str] | str) -> Locator:
        """Wait for an answer with these words; returns it."""
        expect(self.answer.locator(".text")).to_contain_text(wanted)
        return self.answer

    @property
    def answer(self) -> Locator:
        """The last message of the shop."""
        return self.page.get_by_test_id("message-in").last

    def was_read(self) -> None:
        """Wait until all of the shopper's messages have blue ticks."""
        unread = "[data-testid=message-out]:not([data-status=read])"
        expect(self.page.locator(unread)).to_have_count(0)


@dataclass
class Console:
    """The console, signed in."""

    page: Page

    def row(self, name: str) -> Locator:
        """A conversation in the list, however many others there are."""
        self.page.get_by_test_id("search").fill(name)
        return self._found(name)

    def _found(self, name: str) -> Locator:
        return self.page.locator("[data-testid^=conversation-]").filter(has_text=name)

    def open(self, name: str) -> None:
        """Open somebody's conversation, whichever view it is in."""
        self.row(name).click()
        expect(self.thread.get_by_role("heading", name=name)).to_be_visible()

    def press(self, key: str) -> None:
        """Press the key of an act, away from where one writes."""
        if self.box.count():
            self.box.blur()
        self.page.keyboard.press(key)

    def write(self, text: str, *, begins: str = "r") -> None:
        """Write with the keyboard alone: a reply, or a note when it begins with the key `n`."""
        self.press(begins)
        self.page.keyboard.type(text)

    def say(self, text: str) -> None:
        """Write a reply and send it."""
        self.write(text)
        self.page.keyboard.press("Enter")

    def said(self, text: str) -> Locator:
        """The bubble of something that was said in the open conversation."""
        return self.thread.get_by_test_id("message").filter(has_text=text)

    @property
    def box(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_test_id("reply-box")

    @property
    def thread(self) -> Locator:
        """The open conversation."""
        return self.page.locator("#thread")

    @property
    def owner(self) -> Locator:
        """The badge that says who holds the open conversation."""
        return self.thread.get_by_test_id("owner-badge")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of our own."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise NoBrowser(NoBrowser.__doc__)
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=found, args=_SWITCHES)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def session(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """A session of its own, for any number of pages.

    A page may ask for something as the test ends: whoever answers in the desk's place is let go
    first, or they would be cut off in mid-answer and the test blamed for it.
    """
    with browser.new_context(**options) as context:
        try:
            yield context
        finally:
            for page in context.pages:
                page.unroute_all(behavior="ignoreErrors")


@contextmanager
def opened(
    browser: Browser, address: str, *, may_be_refused: bool = False, **options: Any
) -> Iterator[Page]:
    """A page in a session of its own; whatever it complains about is an error at the end.

    A browser also complains when the desk refuses something because of what it is like by now.
    """
    complaints: list[str] = []

    def hear(line: ConsoleMessage) -> None:
        if line.type == "error" and not (may_be_refused and _CONFLICT in line.text):
            complaints.append(line.text)

    def refuse(dialog: Dialog) -> None:
        complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    with session(browser, **options) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", hear)
        page.on("dialog", refuse)
        page.goto(address)
        yield page
    assert complaints == []


@contextmanager
def phone_of(browser: Browser, desk: Desk, address: str, **options: Any) -> Iterator[Phone]:
    """The phone page with the chat of the shopper at `address`."""
    with opened(browser, desk.addresses["phone"], **options) as page:
        phone = Phone(page)
        phone.switch_to(address)
        yield phone


@contextmanager
def console_of(
    browser: Browser,
    desk: Desk,
    email: str | None = None,
    *,
    remembered: Any = None,
    **options: Any,
) -> Iterator[Console]:
    """The console of somebody who signed in; the administrator's unless another is named.

    `remembered` is what a browser kept that was closed.
    """
    remembered = remembered or desk.signed_in(email)
    with opened(browser, f"{desk.page}/console", storage_state=remembered, **options) as page:
        expect(page.get_by_test_id("live")).to_have_attribute("data-state", "on")
        yield Console(page)
