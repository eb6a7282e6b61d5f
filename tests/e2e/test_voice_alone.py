"""What was said in a voice message stands under it, before a made-up desk."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.axe import violations
from tests.e2e.browser import opened
from tests.e2e.made_up import NARROW, WIDE
from tests.e2e.wording import console as words

SAID = "cadê meu pedido 48213? comprei faz duas semanas e nada"


def _voice(*, is_heard: bool) -> dict[str, Any]:
    return {
        "mime_type": "audio/ogg",
        "filename": None,
        "voice": True,
        "transcript": {"text": SAID, "language": "pt", "heard": is_heard},
        "link": None,
        "state": "stored",
        "url": "/api/media/1",
        "shown": True,
        "size": 20_000,
    }


def _speaks(route: Route, *, is_heard: bool) -> None:
    told = route.fetch()
    thread = told.json()
    spoken = next(one for one in thread["messages"] if one["author"] == "contact")
    spoken.update(kind="audio", text="", media=_voice(is_heard=is_heard))
    route.fulfill(response=told, json=thread)


@pytest.mark.parametrize(
    ("is_heard", "label"),
    [(True, "message.transcribed"), (False, "message.transcribedUnsure")],
)
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_words_stand_under_the_recording(
    browser: Browser, address: str, viewport: Any, is_heard: bool, label: str
) -> None:
    with opened(browser, f"{address}/console?signin", viewport=viewport) as page:
        page.route(
            "**/api/conversations/2/messages*",
            lambda route: _speaks(route, is_heard=is_heard),
        )
        page.goto(f"{address}/console#c2")
        transcript = page.get_by_test_id("transcript")
        expect(transcript).to_contain_text(SAID)
        expect(transcript).to_contain_text(words()[label])
        expect(transcript.locator("q")).to_have_attribute("lang", "pt")
        assert violations(page) == []
