"""The page and its files, and the pages on which people sign in and choose a password."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from sla_service.agents.invitations import InvitationOver
from sla_service.agents.passwords import PasswordTooWeak
from sla_service.agents.routes import caller
from sla_service.agents.signing_in import Door, WrongPassword
from sla_service.agents.tables import Purpose
from sla_service.agents.throttle import TooManyTries
from sla_service.console.assets import LANGUAGES, Assets
from sla_service.errors import DomainError, NotFound
from sla_service.web import access

LANGUAGE_COOKIE = "balcao_language"
_A_YEAR = 365 * 24 * 3600
_LARGEST_FORM = 4096  # bytes
_PROBLEMS = {
    WrongPassword: "signin.wrong",
    TooManyTries: "signin.tooMany",
    InvitationOver: "signin.linkOver",
    PasswordTooWeak: "signin.tooWeak",
}
_TAGS = {"pt": "pt-BR", "en": "en"}
_FILE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, max-age=31536000, immutable",
}

Text = Annotated[str, Form(max_length=300)]
Token = Annotated[str, Form(max_length=100)]


class NoSuchFile(NotFound):
    """The console has no such file."""


def routers() -> list[APIRouter]:
    """`/`, `/console`, its forms, and `/static`."""
    assets = Assets.read()
    pages = _Pages(assets)
    return [_page(pages), _forms(pages), _files(assets)]


def _page(pages: "_Pages") -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    async def root() -> Response:
        """The console is what people come for."""
        return RedirectResponse("/console", 303)

    @routes.get("/console")
    async def console(request: Request, invitation: str = "", lang: str = "") -> Response:
        """The page, or the one on which people sign in; a one-time link leads further."""
        if lang in LANGUAGES:
            answer = RedirectResponse("/console", 303, headers=pages.headers)
            answer.set_cookie(LANGUAGE_COOKIE, lang, max_age=_A_YEAR, samesite="lax")
            return answer
        if invitation:
            return await _invited(request, pages, invitation)
        who = await access.who(request)
        if who is None:
            return pages.show("signin", request)
        return pages.show("index", request, language=_TAGS[who.language])

    return routes


def _forms(pages: "_Pages") -> APIRouter:
    """What works without a script: plain forms, which only our own pages may send."""
    routes = APIRouter(include_in_schema=False, dependencies=[Depends(access.own_page)])

    @routes.post("/console/session", max_body_size=_LARGEST_FORM)
    async def send_sign_in(request: Request, email: Text = "", password: Text = "") -> Response:
        """Sign in."""
        try:
            token = await _door(request).sign_in(email, password, caller(request))
        except (WrongPassword, TooManyTries) as refused:
            return pages.refuse("signin", request, refused, email=email)
        return _let_in(request, pages, token)

    @routes.post("/console/invitation", max_body_size=_LARGEST_FORM)
    async def send_invitation(
        request: Request, invitation: Token = "", name: Text = "", password: Text = ""
    ) -> Response:
        """Choose a password."""
        try:
            token = await _door(request).accept(invitation, password, _name(name), caller(request))
        except PasswordTooWeak as refused:
            invited = await _door(request).look(invitation)
            values = {"invitation": invitation, "person": name, "email": invited.agent.email}
            return pages.refuse("invitation", request, refused, **values)
        except (InvitationOver, TooManyTries) as refused:
            return pages.refuse("signin", request, refused)
        return _let_in(request, pages, token)

    return routes


def _files(assets: Assets) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/static/{version}/{name:path}")
    async def static(version: str, name: str) -> Response:
        """A file of the page, under the version of its contents."""
        if version != assets.version or name not in assets.files:
            raise NoSuchFile
        content, media_type = assets.files[name]
        return Response(content, media_type=media_type, headers=_FILE_HEADERS)

    return routes


async def _invited(request: Request, pages: "_Pages", token: str) -> Response:
    """Where a one-time link leads: in, or to the choice of a password."""
    door = _door(request)
    try:
        invited = await door.look(token)
        if invited.purpose is Purpose.ENTRANCE:
            return _let_in(request, pages, await door.enter(token, caller(request)))
    except (InvitationOver, TooManyTries) as refused:
        if await access.who(request) is not None:  # followed once more: they are in already
            return RedirectResponse("/console", 303, headers=pages.headers)
        return pages.refuse("signin", request, refused)
    agent = invited.agent
    values = {"invitation": token, "person": agent.name, "email": agent.email}
    return pages.show("invitation", request, values, language=_TAGS[agent.language])


def _let_in(request: Request, pages: "_Pages", token: str) -> Response:
    answer = RedirectResponse("/console", 303, headers=pages.headers)
    access.let_in(request, answer, token)
    return answer


def _name(text: str) -> str | None:
    return text.replace("\x00", "").strip()[:80] or None


def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


class _Pages:
    """The pages in whoever's language, with the rules under which browsers run them."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self.headers = {
            "Content-Security-Policy": assets.policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cache-Control": "no-store",
        }

    def show(
        self,
        page: str,
        request: Request,
        values: Mapping[str, str] | None = None,
        *,
        status: int = 200,
        language: str = LANGUAGES[0],
    ) -> Response:
        """A page; on the forms, a sentence that says what went wrong before."""
        shown = {"problem": "", "email": ""}
        # What people typed is shown, and is no template.
        shown |= {name: value.replace("{{", "{") for name, value in (values or {}).items()}
        html = self._assets.page(page, _language(request, language), **shown)
        return HTMLResponse(html, status, headers=self.headers)

    def refuse(self, page: str, request: Request, refused: DomainError, **values: str) -> Response:
        """A page that says why."""
        problem = self._assets.words[_language(request)][_PROBLEMS[type(refused)]]
        shown = {**values, "problem": problem}
        answer = self.show(page, request, shown, status=refused.status)
        if "retry_after" in refused.details:
            answer.headers["Retry-After"] = str(refused.details["retry_after"])
        return answer


def _language(request: Request, otherwise: str = LANGUAGES[0]) -> str:
    """The language that was chosen in this browser."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else otherwise
