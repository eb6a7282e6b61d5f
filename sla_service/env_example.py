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


def render() -> str:
    """The whole file."""
    return "\n".join([_HEAD, *_lines(Settings, "DESK_")]).rstrip() + "\n"


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
