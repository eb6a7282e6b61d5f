"""Looks at whom the desk talks to: WhatsApp, the bot, its actions, the shop's order system."""

import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import orjson
import psycopg

from sla_service.calls import Answer, NoAnswer, NotReached, Peer
from sla_service.operations import model
from sla_service.operations.findings import Finding, error, fine, warning
from sla_service.proactive import plan
from sla_service.settings import ROOT, Settings
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.failures import Failure

_PATIENCE = timedelta(seconds=8)
_TOKEN_CODES = frozenset({0, 10, 102, 190, 200})
_NO_ORDER = "DOCTOR-0"
_ACTIONS = "http://127.0.0.1:5055/webhook"


async def whatsapp(settings: Settings) -> list[Finding]:
    """Whether Meta takes our token, and has the templates that the desk would send."""
    account = settings.whatsapp.account_id
    graph = GraphClient(settings.whatsapp)
    found = []
    try:
        number = await _a_number(settings)
        if number:
            await graph.number(number)
        if not account:
            told = "No WhatsApp Business Account is named: no template can be sent."
            found.append(warning("whatsapp", told, "Set DESK_WHATSAPP__ACCOUNT_ID."))
        else:
            found += list(_missing(await graph.templates(account), settings))
        if not number and not account:
            told = "WhatsApp's token could not be tried: no number and no account is known yet."
            found.append(warning("whatsapp", told, "Set DESK_WHATSAPP__ACCOUNT_ID."))
    except Failure as failure:
        found.append(_of_graph(failure))
    finally:
        await graph.close()
    return found or [fine("whatsapp", "WhatsApp takes our token and has the templates.")]


async def bot(settings: Settings) -> list[Finding]:
    """Whether the bot hears us, with a model trained from the files that are here."""
    token = settings.bot.token.get_secret_value()
    async with _peer(settings.bot.url, token) as peer:
        told = await _asked(peer, "/webhooks/desk/model")
    start = "Start it: bin/dev, or rasa run (docs/operations.md)."
    if told is None:
        return [error("bot", f"The bot does not answer at {settings.bot.url}.", start)]
    if told.status == 401:
        remedy = "DESK_BOT__TOKEN must be the same for the bot and the desk."
        return [error("bot", "The bot does not take our token.", remedy)]
    if told.status != 200:
        said = f"The bot answers with status {told.status}: it has no model, most likely."
        return [error("bot", said, "Train one: bin/rasa train, and start the bot with it.")]
    runs, wanted = str(_json(told).get("model", "")).split(".")[0], model.fingerprint(ROOT)
    if runs != wanted:
        said = f"The bot runs the model {runs or '?'}; the files here would make {wanted}."
        return [warning("bot", said, "Train and start the bot anew, if data/ or bot/ changed.")]
    return [fine("bot", f"The bot hears us, with the model {runs}.")]


async def actions() -> list[Finding]:
    """Whether the action server is there."""
    address = os.environ.get("ACTIONS_URL") or _ACTIONS
    base = address.removesuffix("/webhook")
    async with _peer(base, "") as peer:
        told = await _asked(peer, "/health")
    if told is None or told.status != 200:
        said = f"The action server does not answer at {base}."
        return [error("actions", said, "Start it, or correct ACTIONS_URL.")]
    return [fine("actions", "The action server is there.")]


async def orders(settings: Settings) -> list[Finding]:
    """Whether the shop's order system takes our token; it is asked for an order nobody has."""
    known = settings.order_system
    if not known.url:
        told = "No order system is set up: agents see no orders."
        return [warning("orders", told, "Set DESK_ORDER_SYSTEM__URL (docs/order-system.md).")]
    async with _peer(known.url, known.token.get_secret_value()) as peer:
        answer = await _asked(peer, f"/orders/{_NO_ORDER}")
    if answer is None:
        told = f"The order system does not answer at {known.url}."
        return [error("orders", told, "Start it, or correct DESK_ORDER_SYSTEM__URL.")]
    if answer.status in {401, 403}:
        remedy = "Correct DESK_ORDER_SYSTEM__TOKEN, and ORDER_SYSTEM_TOKEN for the bot's actions."
        return [error("orders", "The order system does not take our token.", remedy)]
    if answer.status not in {200, 404}:
        told = f"The order system answers with status {answer.status} to a plain question."
        return [error("orders", told, "See its own log; order_system/openapi.yaml is the measure.")]
    return [fine("orders", "The order system takes our token.")]


async def _a_number(settings: Settings) -> str:
    """A business number of ours: the one that is set, or one that was written to."""
    if settings.order_events.phone_number_id:
        return settings.order_events.phone_number_id
    try:
        async with await psycopg.AsyncConnection.connect(
            settings.server_url(), autocommit=True, connect_timeout=5
        ) as connection:
            cursor = await connection.execute(
                "SELECT phone_number_id FROM conversations ORDER BY id DESC LIMIT 1"
            )
            row = await cursor.fetchone()
    except (psycopg.Error, OSError, ValueError):
        return ""  # what is wrong with the database is said elsewhere
    return str(row[0]) if row else ""


def _missing(listed: Iterable[dict[str, Any]], settings: Settings) -> Iterator[Finding]:
    status = {
        (str(one.get("name")), str(one.get("language"))): str(one.get("status", "")).upper()
        for one in listed
    }
    for name, language in _wanted(settings):
        at = {
            state
            for (other, spelt), state in status.items()
            if other == name and (spelt == language or spelt.startswith(f"{language}_"))
        }
        if "APPROVED" not in at:
            state = f"is {', '.join(sorted(at)).lower()}" if at else "is not there"
            yield warning(
                "whatsapp",
                f"The template {name} in {language} {state}.",
                "Have it approved in Meta's manager, or take its name out of the settings.",
            )


def _wanted(settings: Settings) -> list[tuple[str, str]]:
    """Templates that the desk sends by itself, by name and language."""
    wanted = [(settings.ratings.template, one) for one in ("pt", "en") if settings.ratings.template]
    try:
        planned = plan.load(settings.order_events.plan).kinds.values()
    except plan.PlanUnreadable:
        planned = {}.values()  # said elsewhere
    for kind in planned:
        if kind.active and kind.template is not None:
            wanted += [(kind.template.name, one) for one in kind.template.languages.values()]
    return wanted


def _of_graph(failure: Failure) -> Finding:
    if failure.code in _TOKEN_CODES:
        return error(
            "whatsapp",
            f"WhatsApp does not take our token: {failure.detail} (code {failure.code}).",
            "Make a system user's token that does not expire and set DESK_WHATSAPP__ACCESS_TOKEN.",
        )
    if failure.code is None:
        said = f"WhatsApp can't be reached: {failure.detail}."
        return error("whatsapp", said, "Correct DESK_WHATSAPP__GRAPH_URL, or the way out of here.")
    return error(
        "whatsapp",
        f"WhatsApp refuses a plain question: {failure.detail} (code {failure.code}).",
        "Correct DESK_WHATSAPP__ACCOUNT_ID, and what the token's system user may see.",
    )


@asynccontextmanager
async def _peer(url: str, token: str) -> AsyncIterator[Peer]:
    peer = Peer(url, {"Authorization": f"Bearer {token}"} if token else {}, _PATIENCE)
    try:
        yield peer
    finally:
        await peer.close()


async def _asked(peer: Peer, path: str) -> Answer | None:
    try:
        return await peer.get(path)
    except (NotReached, NoAnswer):
        return None


def _json(answer: Answer) -> dict[str, Any]:
    try:
        told = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}
