"""Responses in the language of the turn, or a loud failure; never half a sentence."""

from __future__ import annotations

import re
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import language, patches, turn

# {{ and }} stand for a brace; {"…"} in a payload is none of our business.
_BRACES = re.compile(r"\{\{|\}\}|\{([A-Za-z_]\w*)\}")
_WITH_PLACEHOLDERS = ("text", "image", "custom", "buttons", "attachment", "quick_replies")


class ResponseMissingError(Exception):
    """A response, its variation in the turn's language, or a value it names is missing."""


class BilingualNLG(TemplatedNaturalLanguageGenerator):
    """Chooses the variation whose condition on the slot `language` fits the turn.

    Serves the rules' `utter_…` steps and, inside Rasa, `dispatcher.utter_message(response=…)`.
    """

    def __init__(
        self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None
    ) -> None:
        """`default_language` of the endpoint is spoken when nothing is known."""
        super().__init__(domain.responses if domain else {})
        settings = endpoint_config.kwargs if endpoint_config else {}
        self._default_language: str = settings.get("default_language", "pt")
        patches.apply()

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """The response `utter_action`, filled with the slots and `kwargs`."""
        slots = tracker.current_slot_values()
        spoken = language.of_turn(tracker.latest_message, slots.get(language.SLOT)).name
        spoken = spoken or self._default_language
        heard = turn.current.get()
        if heard is not None:
            heard.spoken = spoken
        try:
            return self._in(spoken, utter_action, slots, output_channel, **kwargs)
        except ResponseMissingError:
            if heard is not None:
                heard.fail("response_missing", utter_action)
            raise

    def _in(
        self, spoken: str, utter_action: str, slots: dict[str, Any], channel: str, **kwargs: Any
    ) -> dict[str, Any]:
        values = {**slots, language.SLOT: spoken}
        response = self.generate_from_slots(utter_action, values, channel, **kwargs)
        if response is None:
            raise ResponseMissingError(f"{utter_action} has no variation in {spoken}")
        return response

    def _fill_response(
        self,
        response: dict[str, Any],
        filled_slots: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        # Rasa's own filling prints the braces or the word "None" when a value is missing.
        values = {**(filled_slots or {}), **kwargs}
        return {
            key: _filled(part, values) if key in _WITH_PLACEHOLDERS else part
            for key, part in response.items()
        }


def _filled(part: Any, values: dict[str, Any]) -> Any:
    if isinstance(part, str):
        return _BRACES.sub(lambda found: _value(found, values), part)
    if isinstance(part, dict):
        return {key: _filled(inner, values) for key, inner in part.items()}
    if isinstance(part, list):
        return [_filled(inner, values) for inner in part]
    return part


def _value(found: re.Match[str], values: dict[str, Any]) -> str:
    name = found[1]
    if name is None:
        return found[0][0]
    if values.get(name) is None:
        raise ResponseMissingError(f"no value for {{{name}}}")
    return str(values[name])
