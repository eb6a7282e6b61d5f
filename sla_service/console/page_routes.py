"""The page, its files, and signing in with the console's key."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from sla_service.console.assets import LANGUAGES, Assets
from sla_service.console.guesses import Guesses
from sla_service.errors import NotFound
from sla_service.settings import Settings
from sla_service.web import access

LANGUAGE_COOKIE = "balcao_language"
_WRONG_KEY_DELAY = 0.4  # seconds: slower for a guesser, nothing to a person
_A_YEAR = 365 * 24 * 3600
_LARGEST_FORM = 4096  # bytes
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; "
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_FILE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, max-age=31536000, immutable",
}


class NoSuchFile(NotFound):
    """The console has no such file."""


def router(settings: Settings) -> APIRouter:
    """`/`, `/console`, its session, and `/static`."""
    routes = APIRouter(include_in_schema=False)
    assets = Assets.read()
    door = _Door(settings, assets)

    @routes.get("/")
    async def root() -> Response:
        """The console is what people come for."""
        return RedirectResponse("/console", 303)

    @routes.get("/console")
    async def console(request: Request, key: str | None = None, lang: str = "") -> Response:
        """The page; a key in the address opens it and leaves the address."""
        if key is not None:
            return await door.open(request, key)
        if lang in LANGUAGES:
            answer = RedirectResponse("/console", 303, headers=_HEADERS)
            answer.set_cookie(LANGUAGE_COOKIE, lang, max_age=_A_YEAR, samesite="lax")
            return answer
        try:
            access.person(request)
        except access.NotSignedIn:
            return door.ask(request)
        return HTMLResponse(assets.page("index", _language(request)), headers=_HEADERS)

    routes.include_router(_session(door))
    routes.include_router(_files(assets))
    return routes


def _session(door: "_Door") -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.post(
        "/console/session", dependencies=[Depends(access.own_page)], max_body_size=_LARGEST_FORM
    )
    async def sign_in(request: Request, key: Annotated[str, Form(max_length=500)] = "") -> Response:
        """Open the console with its key."""
        return await door.open(request, key)

    @routes.delete("/console/session", dependencies=[Depends(access.own_page)])
    async def sign_out() -> Response:
        """Close the console on this browser."""
        answer = Response(status_code=204)
        answer.delete_cookie(access.COOKIE, httponly=True, samesite="lax")
        return answer

    return routes


def _files(assets: Assets) -> APIRouter:
    routes = APIRouter()

    @routes.get("/static/{version}/{name}")
    async def static(version: str, name: str) -> Response:
        """A file of the page, under the version of its contents."""
        if version != assets.version or name not in assets.files:
            raise NoSuchFile
        content, media_type = assets.files[name]
        return Response(content, media_type=media_type, headers=_FILE_HEADERS)

    return routes


class _Door:
    """Asks for the key, and compares it."""

    def __init__(self, settings: Settings, assets: Assets) -> None:
        self._settings = settings
        self._assets = assets
        self._guesses = Guesses()

    def ask(self, request: Request, problem: str = "", status: int = 200) -> Response:
        """The sign-in page, with what went wrong before."""
        language = _language(request)
        words = self._assets.words[language]
        html = self._assets.page("signin", language, problem=words[problem] if problem else "")
        return HTMLResponse(html, status, headers=_HEADERS)

    async def open(self, request: Request, key: str) -> Response:
        """The way in for the right key; for a wrong one the sign-in page, after a moment."""
        address = request.client.host if request.client else ""
        if not self._guesses.may_try(address):
            answer = self.ask(request, "signin.tooMany", 429)
            answer.headers["Retry-After"] = "60"
            return answer
        if not access.is_console_key(self._settings, key.strip()):
            self._guesses.was_wrong(address)
            await asyncio.sleep(_WRONG_KEY_DELAY)
            return self.ask(request, "signin.wrong", 401)
        answer = RedirectResponse("/console", 303, headers=_HEADERS)
        answer.set_cookie(
            access.COOKIE,
            access.cookie_for(key.strip()),
            max_age=_A_YEAR // 12,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer


def _language(request: Request) -> str:
    """The language that was chosen in this browser; Portuguese until one is."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]
