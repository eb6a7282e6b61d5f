"""`.env.example`: every setting with what it means and what it is by default."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, SecretStr

from sla_service.settings import ROOT, Settings

_HEAD = """\
# Balcão's settings: copy to `.env` and change what you need. `bin/dev` needs none of them.
# A variable with _FILE at its end names a file that holds the value, for secrets.
# Durations are seconds (0.9) or ISO 8601 (PT0.9S). This file is generated:
#   .venv/bin/python -m sla_service.env_example > .env.example
"""
# What the other processes read; `bin/dev` sets it for all of them.
_OTHERS = {
    "DESK_URL": ("Where the bot's actions find the desk.", "http://127.0.0.1:8000"),
    "ACTIONS_URL": ("Where Rasa finds the action server.", "http://127.0.0.1:5055/webhook"),
    "ORDER_SYSTEM_URL": ("The shop's orders (order_system/openapi.yaml).", ""),
    "ORDER_SYSTEM_TOKEN": ("What is shown there.", ""),
    "SHOP_TIMEZONE": ("What day it is for the shop: late, today.", "America/Sao_Paulo"),
    "BALCAO_VAR": ("Where bin/dev keeps this desk's data.", "var"),
    "BALCAO_WEB_PORT": ("Ports of bin/dev.", "8000"),
    "BALCAO_RASA_PORT": ("", "5005"),
    "BALCAO_ACTIONS_PORT": ("", "5055"),
    "BALCAO_SIMULATOR_PORT": ("", "8090"),
}


def render() -> str:
    """The whole file."""
    lines = [_HEAD, *_lines(Settings, "DESK_"), "# --- The other processes, and bin/dev.", ""]
    for name, (meaning, default) in _OTHERS.items():
        lines += [f"# {meaning}"] if meaning else []
        lines.append(f"#{name}={default}")
    return "\n".join(lines).rstrip() + "\n"


def _lines(group: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in group.model_fields.items():
        if isinstance(field.default, BaseModel):
            yield f"# --- {type(field.default).__doc__}"
            yield ""
            yield from _lines(type(field.default), f"{prefix}{name.upper()}__")
            continue
        yield f"# {field.description}"
        yield f"#{prefix}{name.upper()}={_shown(field.default)}"
        yield ""


def _shown(value: Any) -> str:
    if value is None or isinstance(value, SecretStr):
        return ""
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).removeprefix(f"{ROOT}/")


if __name__ == "__main__":
    print(render(), end="")  # noqa: T201 - this is what it is for
