"""Takes a message from the desk: finds the recipient, applies the trouble ahead, delivers it."""

import asyncio
import logging
from typing import Any

import httpx2

from simulator import rules, statuses, templates
from simulator.faults import Fault
from simulator.media import Medium, check_upload, kind_of
from simulator.outside import Outside
from simulator.refusals import GraphError, ServerBrokenError
from simulator.shoppers import Shopper, digits
from simulator.world import Json, Message, new_wamid

log = logging.getLogger("simulator.graph")

_MEDIA = {"image", "video", "document", "audio", "sticker"}


async def accept(outside: Outside, body: Any) -> tuple[Json, Fault | None]:
    """Accept a message; returns the answer and the fault that spoils the answer, if any."""
    kind = rules.check(body)
    shopper, to_phone = _recipient(outside, body)
    fault = outside.faults.take("messages", shopper)
    refusal = fault.refusal() if fault is not None else None
    if fault is not None and refusal is not None and fault.via == "response":
        raise refusal
    if fault is not None and fault.kind == "server_error":
        raise ServerBrokenError
    _check_window(outside, shopper, kind)
    message = _message(outside, shopper, kind, body, to_phone=to_phone)
    outside.world.note(
        {
            "kind": "message",
            "id": message.id,
            "shopper": shopper.key,
            "to": shopper.address,
            "type": kind,
            "body": body,
            "biz_opaque_callback_data": message.callback_data,
            "fault": fault.kind if fault is not None else None,
        }
    )
    log.info("accepted %s %s", kind, message.id)
    if refusal is not None:
        statuses.promise_failure(outside, shopper, message, refusal)
    elif kind in _MEDIA and "link" in body[kind]:
        await _deliver_linked(outside, shopper, message)
    else:
        _deliver(outside, shopper, message)
    return _answer(body, shopper, message, to_phone=to_phone), fault


def mark_read(outside: Outside, body: Json) -> Json:
    """Tick everything up to a message of a shopper, and show that the desk is typing."""
    wamid = rules.check_read_mark(body)
    message = outside.world.message(wamid)
    if message is None or message.author != "shopper":
        raise GraphError(131009, "Message ID is invalid.")
    for one in outside.world.chats[message.shopper]:
        if one.author == "shopper" and one.status != "read":
            one.status = "read"
            outside.world.show(one)
        if one is message:
            break
    log.info("read up to %s", wamid)
    typing = "typing_indicator" in body
    if typing:
        seconds = outside.settings.typing_seconds
        outside.world.changed({"type": "typing", "shopper": message.shopper, "seconds": seconds})
    outside.world.note(
        {"kind": "read", "id": wamid, "shopper": message.shopper, "typing": typing, "body": body}
    )
    return {"success": True}


def _recipient(outside: Outside, body: Json) -> tuple[Shopper, bool]:
    """Find who gets the message; a number without + gets the business's country code first."""
    to = body.get("to")
    if to:
        number = digits(to)
        if not number:
            raise GraphError(100, "Param to must be a valid phone number.")
        country = outside.settings.display_phone_number[:2]
        number = number if to.strip().startswith("+") else country + number
        if number == outside.settings.display_phone_number:
            raise GraphError(131021)
        found = outside.world.find(number)
        if found is None:
            raise GraphError(
                131026,
                f"Message undeliverable. +{number} has no account (a number without + is taken "
                f"as one of +{country}).",
            )
        return found, True
    found = outside.world.shoppers.get(body["recipient"]) or next(
        (s for s in outside.world.shoppers.values() if s.user_id == body["recipient"]), None
    )
    if found is None or found.user_id != body["recipient"]:
        raise GraphError(131026)
    return found, False


def _check_window(outside: Outside, shopper: Shopper, kind: str) -> None:
    if kind == "template":
        return
    last = shopper.last_wrote_at
    if last is None or outside.now() - last > outside.settings.window_seconds:
        raise GraphError(131047)


def _message(
    outside: Outside, shopper: Shopper, kind: str, body: Json, *, to_phone: bool
) -> Message:
    content = body[kind]
    if kind in _MEDIA and "id" in content:
        _check_medium(outside, kind, content["id"])
    if kind == "template":
        content = templates.fill(outside.world.templates, content)
    elif kind == "reaction":
        reacted = outside.world.message(content["message_id"])
        if reacted is None or reacted.shopper != shopper.key:
            raise GraphError(131009, "Message ID is invalid.")
    context = body.get("context")
    return Message(
        id=new_wamid(),
        shopper=shopper.key,
        author="business",
        at=outside.now(),
        type=kind,
        content=content,
        context={"id": context["message_id"]} if context else None,
        callback_data=body.get("biz_opaque_callback_data"),
        to_phone=to_phone,
    )


def _check_medium(outside: Outside, kind: str, media_id: str) -> None:
    medium = outside.shelf.get(media_id)
    if medium is None:
        raise GraphError(131009, f"Media ID {media_id} does not exist.")
    if kind_of(medium.mime_type) != kind:
        raise GraphError(131053, f"Media of type {medium.mime_type} can't be sent as {kind}.")


async def _deliver_linked(outside: Outside, shopper: Shopper, message: Message) -> None:
    """Fetch a linked file as Meta does after accepting; what can't be had fails later."""
    try:
        medium = await _fetched(outside, message)
    except (httpx2.HTTPError, httpx2.InvalidURL):
        statuses.promise_failure(outside, shopper, message, GraphError(131053))
    except GraphError as refusal:
        statuses.promise_failure(outside, shopper, message, refusal)
    else:
        message.content = {**message.content, "id": medium.id}
        _deliver(outside, shopper, message)


async def _fetched(outside: Outside, message: Message) -> Medium:
    response = await outside.client.get(message.content["link"], follow_redirects=True)
    if response.status_code != 200:
        raise GraphError(131053, f"The link was answered {response.status_code}.")
    mime_type = response.headers.get("content-type", "application/octet-stream")
    check_upload(response.content, mime_type)
    if kind_of(mime_type) != message.type:
        raise GraphError(131053, f"The link holds {mime_type}, not {message.type}.")
    filename = message.content.get("filename")
    return outside.shelf.put(response.content, mime_type, filename=filename, is_from_shopper=False)


def _deliver(outside: Outside, shopper: Shopper, message: Message) -> None:
    if message.type == "reaction":
        _react(outside, message)
    else:
        outside.world.add(message)
        shopper.unread += 1
        outside.world.changed({"type": "shoppers"})
    statuses.promise(outside, shopper, message, _pricing(outside, message))


def _react(outside: Outside, message: Message) -> None:
    target = outside.world.message(message.content["message_id"])
    if target is None:
        return
    emoji = message.content.get("emoji")
    if emoji:
        target.reactions["business"] = emoji
    else:
        target.reactions.pop("business", None)
    outside.world.show(target)


def _pricing(outside: Outside, message: Message) -> Json:
    if message.type == "template":
        category = str(message.content["category"]).lower()
        return {
            "billable": True,
            "pricing_model": "PMP",
            "type": "regular",
            "category": category,
        }
    month = int(outside.now() // (30 * 24 * 3600))
    is_free = outside.world.next(f"service {month}") <= outside.settings.free_service_messages
    return {
        "billable": not is_free,
        "pricing_model": "PMP",
        "type": "free_customer_service" if is_free else "regular",
        "category": "service",
    }


def _answer(body: Json, shopper: Shopper, message: Message, *, to_phone: bool) -> Json:
    if to_phone:
        contact = {"input": body["to"], "wa_id": shopper.wa_id}
    else:
        contact = {"input": body["recipient"], "user_id": shopper.user_id}
    sent: Json = {"id": message.id}
    if message.type == "template":
        sent["message_status"] = "accepted"
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]}


async def hang(outside: Outside, seconds: float) -> None:
    """Keep the desk waiting, but not the simulator when it stops."""
    try:
        await asyncio.wait_for(outside.world.feed.closed.wait(), seconds)
    except TimeoutError:
        return
