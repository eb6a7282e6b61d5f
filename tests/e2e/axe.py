"""What an accessibility checker finds in a page."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# A page that changed while it was looked at is looked at again: what is still on its way hides
# what stands below it.
_RUN = """async () => {
  let isChanged = false;
  const watch = new MutationObserver(() => (isChanged = true));
  watch.observe(document.body, { subtree: true, childList: true });
  let found = [];
  for (let looks = 0; looks < 5; looks++) {
    isChanged = false;
    found = (await axe.run(document, { resultTypes: ["violations"] })).violations;
    if (!found.length || !isChanged) break;
    await new Promise((later) => setTimeout(later, 200));
  }
  watch.disconnect();
  return found;
}"""


def violations(page: Page) -> list[str]:
    """Each rule that is broken, and where."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text())
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]
