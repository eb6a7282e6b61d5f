"""Looks at what is set: secrets, addresses, files and folders; nothing is called."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sla_service.conversations import wording
from sla_service.dialogue import keywords
from sla_service.handoff import triggers
from sla_service.knowledge import documents as articles
from sla_service.operations.findings import Finding, error, fine, warning
from sla_service.proactive import plan
from sla_service.settings import Settings
from sla_service.sla import documents, rulebooks

SHORTEST = 16
_FEW = 8  # different characters: "aaaaaaaaaaaaaaaa" is long and no secret
_MADE_UP = ("change", "example", "exemplo", "password", "senha", "secret", "test", "token", "12345")
_GROUP = stat.S_IRGRP | stat.S_IWGRP
_OTHERS = stat.S_IROTH | stat.S_IWOTH
_LITTLE = 1 << 30
_TOO_LITTLE = 200 << 20
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def secrets(settings: Settings) -> list[Finding]:
    """Whether each secret is there, long, and like no other."""
    given = _given(settings)
    found = [one for name, value in given.items() for one in _weak(name, value, settings)]
    values = [value for value in given.values() if value]
    if len(set(values)) < len(values):
        twice = ", ".join(sorted(n for n, v in given.items() if v and values.count(v) > 1))
        found.append(
            warning(
                "secrets",
                f"The same secret stands in {twice}.",
                "Give each a value of its own: who learns one must not know the other.",
            )
        )
    return found or [fine("secrets", "All secrets are set and look random.")]


def addresses(settings: Settings) -> list[Finding]:
    """Whether what leaves this machine travels encrypted."""
    found = []
    desk = settings.notify.desk_url
    if not desk.startswith("https://"):
        found.append(
            warning("addresses", f"People open the console at {desk}, which is not https.", _HTTPS)
            if settings.demo
            else error("addresses", f"The console's address {desk} is not https.", _HTTPS)
        )
    elif settings.demo:
        found.append(
            error(
                "addresses",
                "DESK_DEMO is on, and the console has a public address.",
                "Set DESK_DEMO=false: a demo takes short secrets and makes accounts to play with.",
            )
        )
    for name, address in (
        ("DESK_WHATSAPP__GRAPH_URL", settings.whatsapp.graph_url),
        ("DESK_ORDER_SYSTEM__URL", settings.order_system.url),
    ):
        parts = urlsplit(address)
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            found.append(
                warning(
                    "addresses",
                    f"{name} is http: what is said there, with its token, can be read on the way.",
                    "Use an https address, unless the way there is private.",
                )
            )
    return found or [fine("addresses", "Addresses outside this machine are https.")]


_HTTPS = (
    "Put a proxy with a certificate before the desk (deploy/Caddyfile) and set "
    "DESK_NOTIFY__DESK_URL to its https address: WhatsApp delivers to no other."
)


def files(settings: Settings) -> list[Finding]:
    """Who else may read what holds secrets or contacts' files, and whether there is room."""
    found = [one for path in _secret_files() for one in _readable(path)]
    folder = settings.media.folder
    found += _media(folder)
    free = shutil.disk_usage(_nearest(folder)).free
    left = f"{free / (1 << 30):.1f} GB are left on the disk with contacts' files ({folder})."
    make_room = "Make room, or move DESK_MEDIA__FOLDER: without any, files are not fetched."
    if free < _TOO_LITTLE:
        found.append(error("files", left, make_room))
    elif free < _LITTLE:
        found.append(warning("files", left, make_room))
    return found or [fine("files", f"Files are where they belong; {left[0].lower()}{left[1:]}")]


def documents_of(settings: Settings) -> list[Finding]:
    """Whether what designers and managers wrote can be read."""
    data = settings.data_dir
    found = []
    for what, read in (
        ("the desk's sentences", lambda: wording.load(data)),
        ("the words that call people", lambda: triggers.load(data)),
        ("the words that opt out", lambda: keywords.load(data)),
        ("the plan of notices", lambda: plan.load(settings.order_events.plan)),
        ("the articles", lambda: articles.read(settings.knowledge.folder)),
    ):
        try:
            read()
        except Exception as wrong:  # noqa: BLE001 - whatever it is, it is what was looked for
            told = f"{what[0].upper()}{what[1:]} can't be read: {_first_line(wrong)}"
            found.append(error("data", told, f"Correct it under {data}, or set DESK_DATA_DIR."))
    found += _policies()
    found += _time_zones()
    return found or [fine("data", "Sentences, words, notices, articles and policies are valid.")]


def _given(settings: Settings) -> dict[str, str]:
    whatsapp = settings.whatsapp
    keys = [key.decode(errors="replace") for key in whatsapp.signing_keys()] or [""]
    named = {f"DESK_WHATSAPP__APP_SECRETS {n}": key for n, key in enumerate(keys, 1)}
    return {
        "DESK_SERVICE_TOKEN": settings.service_token.get_secret_value(),
        "DESK_BOT__TOKEN": settings.bot.token.get_secret_value(),
        "DESK_WHATSAPP__VERIFY_TOKEN": whatsapp.verify_token.get_secret_value(),
        "DESK_WHATSAPP__ACCESS_TOKEN": whatsapp.access_token.get_secret_value(),
        **({"DESK_WHATSAPP__APP_SECRETS": keys[0]} if len(keys) == 1 else named),
        **_optional("DESK_METRICS__TOKEN", settings.metrics.token.get_secret_value()),
        **_optional("DESK_PRIVACY__KEY", settings.privacy.key.get_secret_value()),
        **_optional("DESK_ORDER_SYSTEM__TOKEN", settings.order_system.token.get_secret_value()),
    }


def _optional(name: str, value: str) -> dict[str, str]:
    return {name: value} if value else {}


def _weak(name: str, value: str, settings: Settings) -> Iterator[Finding]:
    make = "Set it to something random: openssl rand -base64 32. Meta's own you copy from its app."
    if not value:
        yield error("secrets", f"{name} is not set.", make)
    elif len(value) < SHORTEST:
        told = f"{name} is shorter than {SHORTEST} characters."
        yield warning("secrets", told, make) if settings.demo else error("secrets", told, make)
    elif len(set(value)) < _FEW or any(word in value.lower() for word in _MADE_UP):
        yield warning("secrets", f"{name} looks like something one can guess.", make)


def _secret_files() -> Iterator[Path]:
    yield Path(".env")
    for name, path in os.environ.items():
        if name.startswith("DESK_") and name.endswith("_FILE"):
            yield Path(path)


def _readable(path: Path) -> Iterator[Finding]:
    if not path.is_file():
        return
    mode = path.stat().st_mode
    if mode & _OTHERS:
        told = f"{path} holds secrets, and everybody on this machine can read it."
        yield error("files", told, f"chmod 600 {path}")
    elif mode & _GROUP:
        told = f"{path} holds secrets, and its group can read it."
        yield warning("files", told, f"chmod 600 {path}, unless the group is the desk's own.")


def _media(folder: Path) -> Iterator[Finding]:
    if not folder.exists():
        if not os.access(_nearest(folder), os.W_OK):
            told = f"The folder for contacts' files, {folder}, is missing and can't be made."
            yield error("files", told, "Make it for the desk's user, or set DESK_MEDIA__FOLDER.")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        told = f"The folder for contacts' files, {folder}, can't be written to."
        yield error("files", told, "Give it to the desk's user: chown, then chmod 700.")
    if folder.stat().st_mode & (_OTHERS | stat.S_IXOTH):
        told = f"Everybody on this machine may look into contacts' files ({folder})."
        yield warning("files", told, f"chmod 700 {folder}")


def _policies() -> Iterator[Finding]:
    path = rulebooks.SHIPPED
    if not path.is_file():
        return
    for one in documents.read(path.read_text(encoding="utf-8")).errors:
        told = f"{path.name}, line {one.line}: {one.message}"
        yield error("data", told, f"bin/desk sla check {path.name} shows all that is wrong.")


def _time_zones() -> Iterator[Finding]:
    zone = os.environ.get("SHOP_TIMEZONE", "America/Sao_Paulo")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        told = f"Nothing is known here of the time zone {zone}."
        yield error("data", told, "Correct SHOP_TIMEZONE, or install tzdata on this machine.")


def _nearest(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    return next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())


def _first_line(wrong: Exception) -> str:
    faults = getattr(wrong, "faults", None)
    said = str(faults[0]) if faults else str(wrong) or type(wrong).__name__
    return said.splitlines()[0][:300]
