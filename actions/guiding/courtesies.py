"""Thanks and praise: returned, and what is open stays open."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.talk import flows
from actions.talk.act import Act
from actions.talk.turn import Turn
from actions.wording import thanking


class ActionReturnThanks(Act):
    """Returns thanks; what only sounds like them may be the answer."""

    def name(self) -> str:
        """As in the domain."""
        return "action_return_thanks"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Say that it was nothing; what is open is asked again after every action."""
        if turn.is_button or not thanking.thanks(turn.text):
            given = await flows.take(turn, self.outside)
            if given is not None:
                return given
        _return(turn)
        return []


class ActionTakeThanks(Act):
    """Returns thanks, or praise, when nothing is asked."""

    def name(self) -> str:
        """As in the domain."""
        return "action_take_thanks"

    async def answer(self, turn: Turn) -> list[EventType]:
        """Say that it was nothing, or that it was good to hear."""
        _return(turn)
        return []


def _return(turn: Turn) -> None:
    is_praise = not turn.is_button and not thanking.thanks(turn.text)
    turn.say("utter_praised" if is_praise and thanking.praises(turn.text) else "utter_thank")
