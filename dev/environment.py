"""The environment that every process of one desk gets."""

import os
from collections.abc import Mapping

from dotenv import dotenv_values

from dev.places import Places
from dev.ports import HOST, Ports

_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def settings(places: Places) -> dict[str, str]:
    """What the person has set: `.env` in the root, and over it the environment."""
    written = dotenv_values(places.root / ".env")
    return {name: value for name, value in written.items() if value is not None} | dict(os.environ)


def of_python(places: Places, chosen: Mapping[str, str]) -> dict[str, str]:
    """What any Python process of ours needs, whatever it does."""
    environment = {**_QUIET, "RASA_CACHE_DIRECTORY": str(places.training_cache), **chosen}
    environment |= {"PYTHONPATH": str(places.root), "PYTHONUNBUFFERED": "1"}
    environment.pop("VIRTUAL_ENV", None)
    return environment


def of_desk(
    places: Places, chosen: Mapping[str, str], ports: Ports, secrets: Mapping[str, str]
) -> dict[str, str]:
    """The environment of the processes of a desk; the person's settings win over ours.

    A secret that the person gives as a file (`NAME_FILE`) gets no value of ours beside it.
    """
    ours = {**_desk(places, ports, secrets), **_bot(ports, secrets)}
    given = {name for name in ours if f"{name}_FILE" in chosen}
    desk = {name: value for name, value in ours.items() if name not in given} | dict(chosen)
    return of_python(places, {**_simulator(places, ports, desk), **_orders(desk), **desk})


def _desk(places: Places, ports: Ports, secrets: Mapping[str, str]) -> dict[str, str]:
    return {
        "DESK_DEMO": "true",
        "DESK_HOST": HOST,
        "DESK_PORT": str(ports.web),
        "DESK_SERVICE_TOKEN": secrets["service_token"],
        "DESK_BOT__URL": ports.url("rasa"),
        "DESK_BOT__TOKEN": secrets["bot_token"],
        "DESK_WHATSAPP__APP_SECRETS": secrets["app_secret"],
        "DESK_WHATSAPP__VERIFY_TOKEN": secrets["verify_token"],
        "DESK_WHATSAPP__ACCESS_TOKEN": secrets["access_token"],
        "DESK_WHATSAPP__GRAPH_URL": f"{ports.url('simulator')}/graph",
        "DESK_WHATSAPP__GRAPH_VERSION": "v25.0",
        "DESK_WHATSAPP__ACCOUNT_ID": "900800700600",
        "DESK_MEDIA__FOLDER": str(places.var / "media"),
        "DESK_NOTIFY__REACH": "loopback",
        "DESK_NOTIFY__DESK_URL": ports.url("web"),
        "DESK_RATINGS__TEMPLATE": "avaliar_atendimento",
        "DESK_ORDER_EVENTS__SECRETS": secrets["order_events_secret"],
        "DESK_ORDER_EVENTS__PHONE_NUMBER_ID": "700100200300",
    }


def _bot(ports: Ports, secrets: Mapping[str, str]) -> dict[str, str]:
    return {
        "ACTIONS_URL": f"{ports.url('actions')}/webhook",
        "DESK_URL": ports.url("web"),
        "ORDER_SYSTEM_URL": f"{ports.url('simulator')}/shop/api",
        "ORDER_SYSTEM_TOKEN": secrets["order_token"],
        "SANIC_HOST": HOST,  # the action server would listen to the whole network
    }


def _orders(desk: Mapping[str, str]) -> dict[str, str]:
    """Agents see the orders that the bot sees, unless the person says otherwise."""
    pairs = {
        "ORDER_SYSTEM_URL": "DESK_ORDER_SYSTEM__URL",
        "ORDER_SYSTEM_TOKEN": "DESK_ORDER_SYSTEM__TOKEN",
        "ORDER_SYSTEM_TOKEN_FILE": "DESK_ORDER_SYSTEM__TOKEN_FILE",
    }
    return {ours: desk[bots] for bots, ours in pairs.items() if bots in desk}


def _simulator(places: Places, ports: Ports, desk: Mapping[str, str]) -> dict[str, str]:
    """The simulator's half of each secret follows the desk's, whoever chose it."""
    return {
        "SIMULATOR_HOST": HOST,
        "SIMULATOR_PORT": str(ports.simulator),
        "SIMULATOR_PUBLIC_URL": ports.url("simulator"),
        "SIMULATOR_WEBHOOK_URL": f"{ports.url('web')}/webhooks/whatsapp",
        "SIMULATOR_STATE": str(places.var / "simulator.json"),
        "SIMULATOR_APP_SECRET": desk.get("DESK_WHATSAPP__APP_SECRETS", "").split(",")[0].strip(),
        "SIMULATOR_VERIFY_TOKEN": desk.get("DESK_WHATSAPP__VERIFY_TOKEN", ""),
        "SIMULATOR_ACCESS_TOKEN": desk.get("DESK_WHATSAPP__ACCESS_TOKEN", ""),
        "SIMULATOR_ORDER_TOKEN": desk.get("ORDER_SYSTEM_TOKEN", ""),
        **_events(ports, desk),
    }


def _events(ports: Ports, desk: Mapping[str, str]) -> dict[str, str]:
    """The demo shop tells the desk of its orders, where their secret is known."""
    secret = desk.get("DESK_ORDER_EVENTS__SECRETS", "").split(",")[0].strip()
    if not secret:
        return {}
    return {
        "SIMULATOR_ORDER_EVENTS_URL": f"{ports.url('web')}/webhooks/orders",
        "SIMULATOR_ORDER_EVENTS_SECRET": secret,
    }
