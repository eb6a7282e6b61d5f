"""Routes for tests and for the curious: make things go wrong, write as anyone, see all."""

import base64
import binascii
from typing import Any, Literal

import httpx2
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from simulator import envelope, inbound
from simulator.busy import BusyDay, BusyOrder
from simulator.faults import Fault, Habits
from simulator.outside import Outside
from simulator.shoppers import Shopper, digits, new_user_id
from simulator.template_news import TemplateChange, change
from simulator.world import Json


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FaultOrder(_Strict):
    """A fault (`kind` and its details), new habits of webhooks, or both."""

    kind: str | None = None
    count: int | None = Field(default=1, ge=1)
    to: str | None = None
    on: str = "messages"
    via: str = "response"
    code: int | None = None
    seconds: float = Field(default=30, ge=0)
    webhooks: Json | None = None


class InboundOrder(_Strict):
    """A message of any shopper: `text`, a `media` file, or any wire object in `message`."""

    shopper: str
    text: str | None = None
    media: "FileOrder | None" = None
    message: Json | None = None
    reply_to: str | None = None
    name: str | None = Field(default=None, description="make the shopper if there is none")


class FileOrder(_Strict):
    """A file a shopper sends, in base64; without data a small example is taken."""

    mime_type: str
    data: str = "ZXhhbXBsZQ=="
    filename: str | None = None
    caption: str | None = None


class RawOrder(_Strict):
    """Bytes for the desk: `payload` as JSON or `text` as it is, signed well, badly or not."""

    payload: Any = None
    text: str | None = None
    signature: Literal["valid", "wrong", "missing"] = "valid"


class NumberOrder(_Strict):
    """A new number for a shopper."""

    wa_id: str


def router(outside: Outside, busy: BusyDay) -> APIRouter:
    """Make the routes below /control."""
    routes = APIRouter(prefix="/control")
    _add_fault_routes(routes, outside)
    _add_sending_routes(routes, outside)
    _add_rare_routes(routes, outside, busy)
    _add_busy_routes(routes, busy)
    _add_template_routes(routes, outside)
    _add_looking_routes(routes, outside)
    return routes


def _add_fault_routes(routes: APIRouter, outside: Outside) -> None:
    faults = outside.faults

    def current() -> Json:
        return {
            "faults": [fault.model_dump() for fault in faults.waiting],
            "webhooks": faults.habits.model_dump(),
        }

    def told() -> Json:
        outside.world.feed.publish({"type": "faults"})
        outside.courier.wake()
        return current()

    @routes.get("/faults")
    async def show() -> Json:
        return current()

    @routes.post("/faults")
    async def add(order: FaultOrder) -> Json:
        try:
            if order.webhooks is not None:
                faults.habits = Habits.model_validate(
                    {**faults.habits.model_dump(), **order.webhooks}
                )
            if order.kind is not None:
                faults.add(Fault.model_validate(order.model_dump(exclude={"webhooks"})))
        except ValueError as error:
            raise HTTPException(422, str(error)) from None
        return told()

    @routes.delete("/faults")
    async def clear() -> Json:
        faults.clear()
        return told()


def _add_sending_routes(routes: APIRouter, outside: Outside) -> None:
    @routes.post("/inbound")
    async def write(order: InboundOrder) -> Json:
        shopper = _shopper(outside, order.shopper, order.name)
        if order.media is not None:
            kind, content = _file(outside, order.media)
            wamid = inbound.say(outside, shopper, kind, content, reply_to=order.reply_to)
        elif order.message is not None:
            given = dict(order.message)
            kind = str(given.pop("type", "text"))
            wamid = inbound.say(
                outside,
                shopper,
                kind,
                given.pop(kind, None),
                reply_to=order.reply_to,
                given=given,
            )
        else:
            content = {"body": order.text or ""}
            wamid = inbound.say(outside, shopper, "text", content, reply_to=order.reply_to)
        return {"id": wamid, "shopper": shopper.key}


def _add_rare_routes(routes: APIRouter, outside: Outside, busy: BusyDay) -> None:
    @routes.post("/shoppers/{name}/number")
    async def change_number(name: str, order: NumberOrder) -> Json:
        shopper = _shopper(outside, name, None)
        return {"id": inbound.change_number(outside, shopper, order.wa_id)}

    @routes.post("/raw")
    async def raw(order: RawOrder) -> Json:
        body = (
            order.text.encode()
            if order.text is not None
            else envelope.encoded(order.payload, escape=outside.settings.escape_unicode)
        )
        signature = {
            "valid": outside.courier.signature(body),
            "wrong": "sha256=" + "0" * 64,
            "missing": None,
        }[order.signature]
        try:
            status, text = await outside.courier.post_raw(body, signature)
        except httpx2.RequestError as error:
            raise HTTPException(502, f"The desk does not answer: {type(error).__name__}") from None
        return {"status": status, "body": text}

    @routes.post("/reset")
    async def reset() -> Json:
        busy.set(BusyOrder(on=False))
        outside.faults.clear()
        outside.shelf.clear()
        outside.world.begin()
        outside.courier.wake()
        return {"success": True}


def _add_busy_routes(routes: APIRouter, busy: BusyDay) -> None:
    @routes.get("/busy")
    async def show_busy() -> Json:
        return busy.state()

    @routes.post("/busy")
    async def set_busy(order: BusyOrder) -> Json:
        """Let shoppers write by themselves, or stop them."""
        busy.set(order)
        return busy.state()


def _add_template_routes(routes: APIRouter, outside: Outside) -> None:
    @routes.get("/templates")
    async def list_templates() -> Json:
        """All templates of the account, as Meta has them."""
        return {"templates": outside.world.templates}

    @routes.post("/templates/{name}/{language}")
    async def change_template(name: str, language: str, order: TemplateChange) -> Json:
        """Approve, pause, disable or reject a template, or change its quality or category."""
        for one in outside.world.templates:
            if (one["name"], one["language"]) == (name, language):
                change(outside, one, order)
                return one
        raise HTTPException(404, "No template has this name in this language.")


def _add_looking_routes(routes: APIRouter, outside: Outside) -> None:
    world = outside.world

    @routes.get("/record")
    async def record(
        to: str | None = None, kind: str | None = None, after: int = 0, limit: int = 1000
    ) -> Json:
        """List what the Graph API accepted, oldest first, after a sequence number."""
        shopper = world.find(to) if to is not None else None
        found = [
            entry
            for entry in world.record
            if entry["seq"] > after
            and (to is None or (shopper is not None and entry.get("shopper") == shopper.key))
            and kind in {None, entry["kind"]}
        ]
        return {"total": len(found), "record": found[:limit]}

    @routes.get("/deliveries")
    async def deliveries() -> Json:
        """Tell which webhooks are still owed."""
        owed = [
            {
                "id": one.id,
                "attempts": one.attempts,
                "updates": len(one.updates),
                "not_before": one.not_before,
            }
            for one in world.deliveries.values()
        ]
        return {"owed": len(owed), "deliveries": owed[:200]}


def _shopper(outside: Outside, name: str, full_name: str | None) -> Shopper:
    shopper = outside.world.find(name)
    if shopper is not None:
        return shopper
    number = digits(name)
    if full_name is None or not number:
        raise HTTPException(404, "No such shopper; give a name to make one with this number.")
    language = "pt" if number.startswith("55") else "en"
    user_id = new_user_id(language)
    shopper = Shopper(
        key=user_id,
        name=full_name,
        language=language,
        wa_id=number,
        user_id=user_id,
        group="made",
    )
    outside.world.adopt(shopper)
    return shopper


def _file(outside: Outside, order: FileOrder) -> tuple[str, Json]:
    try:
        data = base64.b64decode(order.data, validate=True)
    except binascii.Error:
        raise HTTPException(422, "data must be base64.") from None
    medium = outside.shelf.put(data, order.mime_type, filename=order.filename, is_from_shopper=True)
    return inbound.media_content(outside, medium.id, caption=order.caption)
