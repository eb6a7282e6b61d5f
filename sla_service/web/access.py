"""Who is calling: the bot's actions by service token, people by the console's key."""

import hashlib
import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Header, Request

from sla_service.errors import DomainError
from sla_service.settings import Settings

COOKIE = "balcao_console"
_SAFE = ("GET", "HEAD", "OPTIONS")


class NotSignedIn(DomainError):
    """This needs a valid key."""

    status = 401


class FromElsewhere(DomainError):
    """This request comes from another site's page."""

    status = 403


def own_page(request: Request) -> None:
    """Let in what a page of ours asks for. Raises FromElsewhere.

    Another port of the same machine is the same site to a cookie, so that alone is not enough.
    """
    site = request.headers.get("sec-fetch-site")
    if site is None:
        origin = request.headers.get("origin", "")
        is_own = bool(origin) and urlsplit(origin).netloc == request.headers.get("host")
    else:
        is_own = site == "same-origin"
    if not is_own:
        raise FromElsewhere


def cookie_for(key: str) -> str:
    """What the console's cookie holds: proof of the key, not the key."""
    return hashlib.sha256(b"console:" + key.encode()).hexdigest()


def settings_of(request: Request) -> Settings:
    """The settings the application was built with."""
    settings: Settings = request.app.state.settings
    return settings


def service(request: Request, authorization: Annotated[str, Header()] = "") -> None:
    """Let the bot's actions in. Raises NotSignedIn."""
    token = settings_of(request).service_token.get_secret_value()
    if not token or not _same(authorization, f"Bearer {token}"):
        raise NotSignedIn


def person(request: Request) -> None:
    """Let somebody in who opened the console with its key.

    What changes something must be asked for by a page of ours. Raises NotSignedIn, FromElsewhere.
    """
    key = settings_of(request).console_key.get_secret_value()
    if not key or not _same(request.cookies.get(COOKIE, ""), cookie_for(key)):
        raise NotSignedIn
    if request.method not in _SAFE:
        own_page(request)


def is_console_key(settings: Settings, given: str) -> bool:
    """Whether `given` is the console's key; takes the same time for any wrong one."""
    key = settings.console_key.get_secret_value()
    return bool(key) and _same(given, key)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


ServiceOnly = Depends(service)
PersonOnly = Depends(person)
