"""What becomes of a message the desk sent: sent, delivered, read or failed."""

import random
from itertools import permutations

from simulator import envelope
from simulator.outside import Outside
from simulator.refusals import GraphError
from simulator.shoppers import Shopper
from simulator.world import Json, Message


def promise(outside: Outside, shopper: Shopper, message: Message, pricing: Json) -> None:
    """Report the usual course of a message that was accepted."""
    settings, habits = outside.settings, outside.faults.habits
    course = [("sent", settings.sent_after_seconds)]
    if not habits.skip_delivered:
        course.append(("delivered", settings.delivered_after_seconds))
    if settings.auto_read:
        course.append(("read", settings.read_after_seconds))
        message.is_reported_read = True
    delays = sorted(delay for _, delay in course)
    if habits.shuffle_statuses and len(course) > 1:
        in_order = tuple(course)
        course = list(random.choice([p for p in permutations(course) if p != in_order]))  # noqa: S311
    for (status, truly_after), delay in zip(course, delays, strict=True):
        # One of them carries the price, never all.
        extra = {"pricing": pricing} if status == "sent" else {}
        _report(outside, shopper, message, status, truly_after, delay=delay, extra=extra)


def promise_failure(
    outside: Outside, shopper: Shopper, message: Message, refusal: GraphError
) -> None:
    """Report that a message which was accepted did not arrive."""
    after = outside.settings.sent_after_seconds
    extra = {"errors": refusal.status_errors()}
    _report(outside, shopper, message, "failed", after, delay=after, extra=extra)


def report_read(outside: Outside, shopper: Shopper) -> int:
    """Report all that the shopper has now seen; returns how many messages that is."""
    seen = [
        message
        for message in outside.world.chats[shopper.key]
        if message.author == "business"
        and message.status != "failed"
        and not message.is_reported_read
    ]
    now = outside.now()
    for message in seen:
        message.is_reported_read = True
        message.status = "read"
        # Nothing is read before it has arrived.
        arrived_at = message.at + outside.settings.delivered_after_seconds
        after = max(now, arrived_at) - message.at
        _report(outside, shopper, message, "read", after, delay=after, extra={})
    if shopper.unread:
        shopper.unread = 0
        outside.world.changed({"type": "shoppers"})
    return len(seen)


def _report(
    outside: Outside,
    shopper: Shopper,
    message: Message,
    status: str,
    truly_after: float,
    *,
    delay: float,
    extra: Json,
) -> None:
    entry: Json = {
        "id": message.id,
        "status": status,
        "timestamp": str(int(message.at + truly_after)),
    }
    if shopper.wa_id is not None:
        entry["recipient_id"] = shopper.wa_id
    if status != "failed" or not message.to_phone:
        entry["recipient_user_id"] = shopper.user_id
    if message.callback_data is not None:
        entry["biz_opaque_callback_data"] = message.callback_data
    value = outside.value()
    if status != "failed":
        value["contacts"] = [outside.contact(shopper, with_username=status != "sent")]
    value["statuses"] = [{**entry, **extra}]
    outside.courier.owe(
        envelope.update(outside.settings.waba_id, "messages", value),
        lane=f"statuses {shopper.key}",
        not_before=message.at + delay,
    )
