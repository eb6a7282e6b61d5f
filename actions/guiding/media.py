"""A picture, a voice message or a file came without words."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.talk import flows, people
from actions.talk.act import Act
from actions.talk.turn import Turn

_HANDED_OVER = {
    "image": "utter_handed_over_image",
    "audio": "utter_handed_over_audio",
    "voice": "utter_handed_over_audio",
    "video": "utter_handed_over_video",
    "document": "utter_handed_over_document",
}


class ActionReceiveMedia(Act):
    """Gives what the bot can't open to a person, and says so."""

    def name(self) -> str:
        """As in the domain."""
        return "action_receive_media"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Thank for it and hand over; a sticker is a gesture, and words alone only announce.

        Of an edited message WhatsApp often tells no more than that it was edited.
        """
        if turn.media_kind == "edit":
            turn.say("utter_edited_unseen")
            return []
        given = await flows.take(turn, self.outside)
        if given is not None:
            return given
        if turn.media_kind is None:
            turn.say("utter_send_media_here")
            return []
        if turn.media_kind == "sticker":
            turn.say("utter_sticker")
            return []
        said = _HANDED_OVER.get(turn.media_kind, "utter_handed_over_media")
        return await people.call(turn, self.outside.desk, "media", said)
