"""The label of a return, as the paper itself."""

from __future__ import annotations

import logging

from actions.talk.outside import Outside
from actions.talk.turn import Turn
from order_system.papers import Document
from order_system.protocol import OrderSystemError

logger = logging.getLogger(__name__)


async def send_label(turn: Turn, outside: Outside, number: str) -> None:
    """Send the label as a document, or say that it can be asked for later.

    The return is there already, so that a missing label must not sound as if it weren't.
    """
    try:
        label = await outside.orders.return_label(number)
    except OrderSystemError as error:
        logger.warning("no label: %s", error.reason)
        label = None
    if isinstance(label, Document):
        file = await outside.desk.keep_file(turn.conversation, label)
        turn.say("utter_return_label", file=file, return_number=number)
    else:
        turn.say("utter_return_label_later", return_number=number)
