"""Everything that may be misconfigured, looked at; each finding says what to do."""

import asyncio
from collections.abc import Awaitable, Callable

from pydantic import ValidationError

from sla_service.operations import looking_at_database, looking_at_settings, looking_outside
from sla_service.operations.findings import Finding, Level, error
from sla_service.settings import Settings

_UNREAD = "Correct it in .env or the environment; .env.example says what each means."


async def examine() -> list[Finding]:
    """What there is to say about the desk whose settings this process has, worst first."""
    settings, found = _settings()
    if settings is not None:
        looks: tuple[Callable[[], Awaitable[list[Finding]]], ...] = (
            lambda: asyncio.to_thread(looking_at_settings.secrets, settings),
            lambda: asyncio.to_thread(looking_at_settings.addresses, settings),
            lambda: asyncio.to_thread(looking_at_settings.files, settings),
            lambda: asyncio.to_thread(looking_at_settings.documents_of, settings),
            lambda: looking_at_database.look(settings),
            lambda: looking_outside.whatsapp(settings),
            lambda: looking_outside.bot(settings),
            looking_outside.actions,
            lambda: looking_outside.orders(settings),
        )
        for some in await asyncio.gather(*(_looked(look) for look in looks)):
            found += some
    order = [Level.ERROR, Level.WARNING, Level.FINE]
    return sorted(found, key=lambda one: order.index(one.level))


def _settings() -> tuple[Settings | None, list[Finding]]:
    """The settings, be it with what they may not be outside a demo."""
    try:
        return Settings.read(), []
    except OSError as wrong:
        told = f"A file that a DESK_…_FILE variable names can't be read: {wrong.strerror}."
        return None, [error("settings", f"{told} ({wrong.filename})", _UNREAD)]
    except ValidationError as wrong:
        found = [error("settings", _told(one), _UNREAD) for one in wrong.errors()]
    try:
        return Settings(demo=True), found
    except ValidationError:
        return None, found


def _told(one: object) -> str:
    """What is wrong with a setting; never what it is set to: it may be a secret."""
    assert isinstance(one, dict)  # noqa: S101 - pydantic's own
    name = "DESK_" + "__".join(str(part).upper() for part in one["loc"]) if one["loc"] else ""
    said = str(one["msg"]).removeprefix("Value error, ")
    return f"{name}: {said}." if name else f"{said[0].upper()}{said[1:]}."


async def _looked(look: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
    try:
        return await look()
    except Exception as wrong:  # noqa: BLE001 - the edge: the other looks are still worth having
        told = f"A look ended with {type(wrong).__name__}, which nobody foresaw."
        return [error("doctor", told, "Please report it, with the version of the desk.")]
