"""What an accessibility checker finds in a page."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

_RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"


def violations(page: Page) -> list[str]:
    """Each rule that is broken, and where."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text())
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]
