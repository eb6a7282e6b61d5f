"""The made-up desk's ready replies, filled in as the desk would."""

from aiohttp import web
from aiohttp.typedefs import Handler

from sla_service.tickets import placeholders
from tests.console_fixture.back_office import CANNED
from tests.console_fixture.world import World

PATH = "/api/canned-replies/{reply}/rendering"


def rendering(world: World) -> Handler:
    """Answers with a ready reply: what is known in a conversation, and the order that is named."""

    async def handler(request: web.Request) -> web.Response:
        reply = next(one for one in CANNED if one["id"] == int(request.match_info["reply"]))
        one = world.conversations[int(request.query["conversation"])]
        language = "en" if one["language"] == "en" else "pt"
        name = one["contact"]["name"] or ""
        values = {
            "contact.name": name,
            "contact.first_name": name.partition(" ")[0],
            "ticket.number": str(one["ticket"]["number"]),
            "order.number": request.query.get("order", ""),
        }
        filled = placeholders.fill(reply[f"text_{language}"], values)
        return web.json_response({
            "language": language, "text": filled.text, "missing": list(filled.missing),
        })  # fmt: skip

    return handler
