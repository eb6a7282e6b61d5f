"""`docs/openapi.json`: what the API takes and answers, as the routes say it themselves."""

import json
from typing import Any

from sla_service.app import create_app
from sla_service.settings import ROOT, Settings

PATH = ROOT / "docs" / "openapi.json"


def document() -> dict[str, Any]:
    """The OpenAPI document of the whole desk; nothing is connected to for it."""
    settings = Settings(
        _env_file=None,
        database_url="postgresql://nowhere/",
        demo=True,
    )
    return create_app(settings).openapi()


def render() -> str:
    """The whole file."""
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
