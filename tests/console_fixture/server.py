"""The made-up desk's server: the page with its own rules, the API, and the stream of events."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from sla_service import clock
from sla_service.console.assets import LANGUAGES, Assets
from sla_service.sla import documents
from tests.console_fixture import back_office, canned, reports
from tests.console_fixture.picture import picture
from tests.console_fixture.world import World, say

POLICIES = Path(__file__).parents[2] / "sla_policies.yml"
Handler = Any


class Fixture:
    """The made-up desk; `delay` is how long the server thinks before it answers a send."""

    def __init__(self, world: World, *, rate: float = 0, delay: float = 0.0) -> None:
        self.world = world
        self.assets = Assets.read()
        self.delay = delay
        self._rate = rate
        self._streams: set[asyncio.Queue[tuple[str, Any]]] = set()

    def app(self) -> web.Application:
        """The application."""
        app = web.Application()
        add = app.router.add_route
        for path, answer in back_office.SIMPLE.items():
            add("GET", path, self._simple(answer))
        for path, figures in reports.GROUPED.items():
            add("GET", path, self._grouped(figures))
        for method, path, handler in self._routes():
            add(method, path, handler)
        app.cleanup_ctx.append(self._life)
        return app

    def tell(self, kind: str, data: Any) -> None:
        """Tell every open page."""
        for queue in self._streams:
            queue.put_nowait((kind, data))

    def _routes(self) -> list[tuple[str, str, Handler]]:
        one, ticket = "/api/conversations/{id}", "/api/tickets/{number}"
        return [
            ("GET", "/console", self._page),
            ("GET", "/static/{version}/{name:.+}", self._file),
            ("GET", "/api/events", self._events),
            ("GET", "/api/me", self._me),
            ("PATCH", "/api/me", self._change_me),
            ("GET", "/api/counts", self._counts),
            ("GET", "/api/conversations", self._list),
            ("GET", one, self._one),
            ("GET", f"{one}/messages", self._thread),
            ("POST", f"{one}/messages", self._say),
            ("POST", f"{one}/assignment", self._assign),
            ("DELETE", f"{one}/assignment", self._unassign),
            ("POST", f"{one}/bot", self._give_back),
            ("GET", f"{one}/orders", self._orders),
            ("GET", f"{one}/tickets", self._tickets),
            ("GET", f"{ticket}/notes", self._notes),
            ("POST", f"{ticket}/notes", self._note),
            ("GET", f"{ticket}/action-items", self._items),
            ("GET", f"{ticket}/clocks", self._clocks),
            ("GET", f"{ticket}/history", self._history),
            ("POST", f"{ticket}/resolution", self._resolve),
            ("DELETE", f"{ticket}/resolution", self._reopen),
            ("PUT", f"{ticket}/status", self._status),
            ("PATCH", ticket, self._amend),
            ("GET", "/api/media/{message}", self._picture),
            ("GET", canned.PATH, canned.rendering(self.world)),
            ("GET", "/api/sla/rulebooks/active", self._policies),
            ("GET", "/api/sla/rulebooks", self._versions),
            ("POST", "/api/sla/rulebooks/check", self._check),
            ("GET", "/api/reports/ratings", self._ratings),
            ("POST", "/made-up/{kind}", self._make_up),
            ("*", "/api/{rest:.+}", self._nothing),
        ]

    async def _life(self, app: web.Application) -> Any:
        task = asyncio.create_task(self._stir())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def _stir(self) -> None:
        while self._rate:
            await asyncio.sleep(1 / self._rate)
            self.tell("conversation", {"id": self.world.stir()})

    def _simple(self, answer: back_office.Answer) -> Handler:
        async def handler(_: web.Request) -> web.Response:
            return web.json_response(answer(self.world))

        return handler

    def _grouped(self, figures: reports.Figures) -> Handler:
        async def handler(request: web.Request) -> web.Response:
            return web.json_response(figures(request.query.getall("group", [])))

        return handler

    async def _ratings(self, request: web.Request) -> web.Response:
        return web.json_response(reports.ratings(int(request.query.get("at_most", 5))))

    async def _page(self, request: web.Request) -> web.Response:
        chosen = request.query.get("lang") or request.cookies.get("balcao_language", "")
        language = chosen if chosen in LANGUAGES else LANGUAGES[0]
        page = "signin" if "signin" in request.query else "index"
        html = self.assets.page(page, language, problem="", email="")
        headers = {"Content-Security-Policy": self.assets.policy, "Cache-Control": "no-store"}
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def _file(self, request: web.Request) -> web.Response:
        content, kind = self.assets.files[request.match_info["name"]]
        headers = {"Content-Type": kind, "Cache-Control": "public, max-age=31536000, immutable"}
        return web.Response(body=content, headers=headers)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        queue: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        queue.put_nowait(("everything", {}))
        self._streams.add(queue)
        try:
            while True:
                kind, data = await queue.get()
                await stream.write(f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode())
        except ConnectionError:
            return stream
        finally:
            self._streams.discard(queue)

    async def _me(self, _: web.Request) -> web.Response:
        return web.json_response(self.world.me | {"role": "admin"})

    async def _change_me(self, request: web.Request) -> web.Response:
        self.world.me |= await request.json()
        return web.json_response(self.world.me | {"role": "admin"})

    async def _counts(self, _: web.Request) -> web.Response:
        return web.json_response(self.world.counts())

    async def _list(self, request: web.Request) -> web.Response:
        query = request.query
        found = self.world.listed(query.get("view", "all"), query.get("q", ""))
        begin, limit = int(query.get("cursor", 0)), int(query.get("limit", 50))
        end = begin + limit
        return web.json_response({
            "items": found[begin:end], "next": str(end) if end < len(found) else None,
        })  # fmt: skip

    def _conversation(self, request: web.Request) -> dict[str, Any]:
        found = self.world.conversations.get(int(request.match_info["id"]))
        if found is None:
            raise web.HTTPNotFound
        return found

    def _of_ticket(self, request: web.Request) -> dict[str, Any]:
        return self.world.conversations[int(request.match_info["number"]) - 1000]

    async def _one(self, request: web.Request) -> web.Response:
        return web.json_response(self._conversation(request))

    async def _thread(self, request: web.Request) -> web.Response:
        return web.json_response(self.world.threads[self._conversation(request)["id"]])

    async def _say(self, request: web.Request) -> web.Response:
        body = await request.json()
        await asyncio.sleep(self.delay)
        one = self._conversation(request)
        one |= {"owner": "agent", "agent": {key: self.world.me[key] for key in ("id", "name")}}
        told = {"agent": one["agent"], "state": "sent"}
        said = self.world.message(one["id"], "agent", body["text"], **told)
        self.tell("conversation", {"id": one["id"]})
        return web.json_response(said, status=201)

    async def _assign(self, request: web.Request) -> web.Response:
        one, body = self._conversation(request), await request.json()
        wanted = self.world.me["id"] if body["agent"] == "me" else body["agent"]
        agent = next(one for one in back_office.AGENTS if one["id"] == wanted)
        if body.get("owner_fence", one["owner_fence"]) != one["owner_fence"]:
            return web.json_response({"type": "changed_meanwhile", "status": 409}, status=409)
        return self._changed(one, owner="agent", agent={"id": wanted, "name": agent["name"]})

    async def _unassign(self, request: web.Request) -> web.Response:
        return self._changed(self._conversation(request) | {}, owner="queue", agent=None)

    async def _give_back(self, request: web.Request) -> web.Response:
        return self._changed(self._conversation(request), owner="bot", agent=None, promise=None)

    def _changed(self, one: dict[str, Any], **changes: Any) -> web.Response:
        if "owner" in changes:
            changes["owner_fence"] = one["owner_fence"] + 1
        self.world.conversations[one["id"]] |= changes
        self.tell("conversation", {"id": one["id"]})
        return web.json_response({})

    async def _orders(self, request: web.Request) -> web.Response:
        return web.json_response(back_office.orders(int(request.match_info["id"])))

    async def _tickets(self, request: web.Request) -> web.Response:
        return web.json_response(back_office.tickets(self.world, int(request.match_info["id"])))

    async def _notes(self, request: web.Request) -> web.Response:
        return web.json_response(self.world.notes[int(request.match_info["number"])])

    async def _note(self, request: web.Request) -> web.Response:
        body = await request.json()
        note = {
            "id": self.world.new_id(), "text": body["text"], "agent": self.world.me["id"],
            "author": self.world.me["name"], "mentions": body.get("mentions", []),
            "created_at": say(clock.now()),
        }  # fmt: skip
        self.world.notes[int(request.match_info["number"])].append(note)
        return web.json_response(note, status=201)

    async def _items(self, request: web.Request) -> web.Response:
        return web.json_response(self.world.items[int(request.match_info["number"])])

    async def _clocks(self, request: web.Request) -> web.Response:
        return web.json_response(back_office.clocks(self.world, int(request.match_info["number"])))

    async def _history(self, _: web.Request) -> web.Response:
        return web.json_response(back_office.history())

    async def _resolve(self, request: web.Request) -> web.Response:
        one = self._of_ticket(request)
        one["ticket"]["status"] = "resolved"
        return self._changed(one, owner="bot", agent=None, promise=None, waiting=False)

    async def _reopen(self, request: web.Request) -> web.Response:
        one = self._of_ticket(request)
        one["ticket"]["status"] = "open"
        return self._changed(one)

    async def _status(self, request: web.Request) -> web.Response:
        one = self._of_ticket(request)
        one["ticket"]["status"] = (await request.json())["status"]
        return self._changed(one)

    async def _amend(self, request: web.Request) -> web.Response:
        one, body = self._of_ticket(request), await request.json()
        tags = body.pop("tags", one["tags"])
        one["ticket"] |= body
        return self._changed(one, tags=tags)

    async def _picture(self, _: web.Request) -> web.Response:
        return web.Response(body=picture(), content_type="image/png")

    async def _policies(self, request: web.Request) -> web.Response:
        text = documents_text()
        if "yaml" in request.headers.get("Accept", ""):
            return web.Response(text=text, content_type="application/yaml")
        document = documents.read(text).document
        assert document is not None
        return web.json_response({
            "id": 3, "source": text, "document": document.model_dump(mode="json", by_alias=True),
        })  # fmt: skip

    async def _versions(self, _: web.Request) -> web.Response:
        return web.json_response(back_office.VERSIONS)

    async def _check(self, request: web.Request) -> web.Response:
        reading = documents.read(await request.text())
        problems = [one.plain(request.query.get("language", "en")) for one in reading.problems]
        return web.json_response({"is_usable": reading.document is not None, "problems": problems})

    async def _make_up(self, request: web.Request) -> web.Response:
        """Let something happen: an event of a kind, with the data that is sent; or, `unheard`,
        a conversation change without an event."""
        data = await request.json()
        if request.match_info["kind"] == "unheard":
            self.world.conversations[data.pop("id")] |= data
            return web.json_response({})
        if request.match_info["kind"] == "offer":
            data["expires_at"] = say(clock.now() + timedelta(seconds=40))
        self.tell(request.match_info["kind"], data)
        return web.json_response({})

    async def _nothing(self, request: web.Request) -> web.Response:
        if request.method == "GET":
            raise web.HTTPNotFound
        return web.Response(status=204)


def documents_text() -> str:
    """The policies as the shop wrote them."""
    return POLICIES.read_text(encoding="utf-8")
