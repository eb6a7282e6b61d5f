"""Who is calling: people by a session's cookie, programs by a bearer's token."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from sla_service.errors import DomainError
from sla_service.settings import Settings
from sla_service.web.principals import Identify, Principal, Role, Scope, Shown, may

__all__ = ["Admin", "Agent", "Principal", "Role", "Scope", "ServiceOnly", "Supervisor", "require"]

_HOST_COOKIE = "__Host-balcao"
_PLAIN_COOKIE = "balcao_session"
_SAFE = ("GET", "HEAD", "OPTIONS")
_TOLD_TO_ONE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""What somebody may see stays in no browser: the next person there may not."""
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")


class NotSignedIn(DomainError):
    """This needs somebody who has signed in, or a valid key."""

    status = 401


class NotAllowed(DomainError):
    """This is not for your role, or your key's scopes."""

    status = 403


class FromElsewhere(DomainError):
    """This request comes from another site's page."""

    status = 403


class FormRefused(DomainError):
    """Send JSON: a form can be sent by anybody's page."""

    status = 415


@dataclass(frozen=True, slots=True)
class Requirement:
    """A dependency: lets in who may do what asks for `role`, or for a key with `scope`."""

    role: Role
    scope: Scope | None

    async def __call__(self, request: Request, answer: Response) -> Principal:
        """Who it is. Raises NotSignedIn, NotAllowed, FromElsewhere, FormRefused."""
        answer.headers.update(_TOLD_TO_ONE)
        shown = _shown(request)
        principal = await _identify(request)(shown) if shown else None
        if shown is None or principal is None:
            raise NotSignedIn
        if shown.is_cookie and request.method not in _SAFE:
            own_page(request)
            _no_form(request)
        if not may(principal, self.role, self.scope):
            raise NotAllowed
        return principal


def require(role: Role = Role.AGENT, scope: Scope | None = None) -> Requirement:
    """What a route depends on; without a scope, no API key opens it."""
    return Requirement(role, scope)


Agent = Annotated[Principal, Depends(require())]
Supervisor = Annotated[Principal, Depends(require(Role.SUPERVISOR))]
Admin = Annotated[Principal, Depends(require(Role.ADMIN))]
ServiceOnly = Annotated[Principal, Depends(require(Role.SERVICE))]


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


async def who(request: Request) -> Principal | None:
    """Whoever asks, if the desk knows them."""
    shown = _shown(request)
    return None if shown is None else await _identify(request)(shown)


async def is_still_in(request: Request) -> bool:
    """Whether who opened a stream may go on listening; being told is no activity of theirs."""
    shown = _shown(request)
    return shown is not None and await _identify(request)(shown, is_busy=False) is not None


def session_token(request: Request) -> str:
    """The token in the session's cookie; empty without one."""
    return request.cookies.get(_cookie(request), "")


def let_in(request: Request, answer: Response, token: str) -> None:
    """Give a browser its session's token."""
    answer.set_cookie(
        _cookie(request),
        token,
        max_age=round(settings_of(request).accounts.lifetime.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_is_secure(request),
    )


def let_out(request: Request, answer: Response) -> None:
    """Take a session's token from a browser."""
    answer.delete_cookie(
        _cookie(request), httponly=True, samesite="lax", secure=_is_secure(request)
    )


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def settings_of(request: Request) -> Settings:
    """The settings the application was built with."""
    settings: Settings = request.app.state.settings
    return settings


def _identify(request: Request) -> Identify:
    identify: Identify = request.app.state.identify
    return identify


def _shown(request: Request) -> Shown | None:
    kind, _, word = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and word:
        return Shown(word, is_cookie=False)
    token = session_token(request)
    return Shown(token, is_cookie=True) if token else None


def _no_form(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _FORMS:
        raise FormRefused


def _cookie(request: Request) -> str:
    """The cookie's name: no other host or plain page can set the one with the prefix."""
    return _HOST_COOKIE if _is_secure(request) else _PLAIN_COOKIE


def _is_secure(request: Request) -> bool:
    """Whether browsers come by https, be it to a proxy that doesn't say so."""
    is_public = settings_of(request).notify.desk_url.startswith("https:")
    return is_public or request.url.scheme == "https"
