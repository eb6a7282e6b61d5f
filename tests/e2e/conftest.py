"""One desk for all tests, a browser where one is looked through, and the log when a test fails."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import browser as browsers
from tests.e2e import made_up
from tests.e2e.browser import Console, Phone
from tests.e2e.desk import ROOT, Desk, running, tail

_LOG = ROOT / "var" / "e2e" / f"{os.environ.get('PYTEST_XDIST_WORKER', 'desk')}.log"
_LAST = "test_afterwards.py"
_BEGUN = pytest.StashKey[int]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is end to end, in one order: the tests share a desk and its known shoppers.

    What looks back on the whole run comes last.
    """
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.e2e)
    items.sort(key=lambda item: (item.path.name == _LAST, item.path, item.location[1] or 0))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show what the processes said during a test that failed."""
    report = yield
    if report.failed and _LOG.exists():
        begun = item.stash.get(_BEGUN, 0)
        report.sections.append(("the desk's log", tail(_LOG, begun)))
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remember where the log stands."""
    item.stash[_BEGUN] = _LOG.stat().st_size if _LOG.exists() else 0


@pytest.fixture(scope="session")
def desk() -> Iterator[Desk]:
    """The desk, with real processes."""
    with running(_LOG) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser."""
    with browsers.chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A made-up desk, for the console by itself."""
    with made_up.running() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The console before the made-up desk, with a conversation open."""
    with browsers.opened(browser, f"{address}/console#c2", viewport=made_up.WIDE) as opened:
        expect(opened.get_by_test_id("message").first).to_be_visible()
        yield opened


@pytest.fixture
def phone_of(browser: Browser, desk: Desk) -> Iterator[Callable[[str], Phone]]:
    """Opens the phone of the shopper at an address."""
    with ExitStack() as stack:
        yield lambda address: stack.enter_context(browsers.phone_of(browser, desk, address))


@pytest.fixture
def console(browser: Browser, desk: Desk) -> Iterator[Console]:
    """The console, signed in and live."""
    with browsers.console_of(browser, desk) as opened:
        yield opened
