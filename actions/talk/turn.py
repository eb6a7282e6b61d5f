"""One turn as an action sees it: what was said and by whom, what is remembered, and a voice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

_DEFAULT_LANGUAGE = "pt"
_EMAIL = re.compile(r"\S+@\S+")
# Told apart from the slots, or of no use to a person.
_NOT_FOR_PEOPLE = frozenset(
    {
        "language",
        "failed_attempts",
        "greeted",
        "offered_requests",
        "given_email",
        "flow",
        "unfinished",
        "goods",
        "answered",
        "named_on",
    }
)


@dataclass(frozen=True)
class Turn:
    """Reads the tracker, and speaks through responses alone."""

    dispatcher: CollectingDispatcher
    tracker: Tracker

    def say(
        self, response: str, buttons: list[dict[str, str]] | None = None, **values: object
    ) -> None:
        """Say a response of `data/`, its placeholders filled with `values`."""
        self.dispatcher.utter_message(response=response, buttons=buttons, **values)

    def fail(self, code: str) -> None:
        """Tell the channel that the turn must be tried again as a whole.

        Other channels (rasa shell) don't know the signal, and say so to the person in front.
        """
        if self.tracker.get_latest_input_channel() != "desk":
            self.say("utter_desk_unreachable")
        self.dispatcher.utter_message(json_message={"turn_failed": code})

    @property
    def conversation(self) -> str:
        """The desk's number of the conversation."""
        return str(self.tracker.sender_id)

    @property
    def message_id(self) -> str:
        """The id under which nothing may happen twice."""
        return str(self._message.get("message_id") or self._metadata.get("message_id") or "")

    @property
    def intent(self) -> str:
        """What the shopper wants, as understood."""
        return str((self._message.get("intent") or {}).get("name") or "")

    @property
    def ranking(self) -> list[tuple[str, float]]:
        """What the message may mean, the likeliest first, whether or not it was sure enough."""
        return [
            (str(each["name"]), float(each["confidence"]))
            for each in self._message.get("intent_ranking") or []
            if each["name"] != "nlu_fallback"
        ]

    @property
    def articles(self) -> dict[str, Any]:
        """Which articles may be asked for (`ranking`), and whether any is (`general`)."""
        return dict(self._message.get("articles") or {})

    @property
    def entities(self) -> list[dict[str, Any]]:
        """What was found in the message."""
        return list(self._message.get("entities") or [])

    @property
    def other_request(self) -> dict[str, Any] | None:
        """The second request of the message, when it makes two."""
        return self._message.get("also") or None

    @property
    def text(self) -> str:
        """The shopper's words, or the payload of the button."""
        return str(self._message.get("text") or "")

    @property
    def words(self) -> str:
        """The text as a flow may keep it: without e-mail addresses, and empty for a button."""
        return "" if self.is_button else _EMAIL.sub("", self.text)

    @property
    def is_button(self) -> bool:
        """Whether a button or a list row was pressed; a file alone is told in the same way."""
        return self.text.startswith("/") and self.intent != "send_media"

    @property
    def is_urgent(self) -> bool:
        """Whether the message says that it can't wait."""
        return bool(self._message.get("urgent"))

    @property
    def language(self) -> str:
        """The language that the responses of this turn are said in, found as the bot finds it."""
        detected = self._message.get("language")
        spoken = detected.get("name") if isinstance(detected, dict) else None
        return str(
            spoken
            or self._metadata.get("language")
            or self.tracker.get_slot("language")
            or _DEFAULT_LANGUAGE
        )

    @property
    def detected_language(self) -> dict[str, Any]:
        """What the message itself says of its language."""
        return dict(self._message.get("language") or {})

    def of_message(self) -> dict[str, Any]:
        """What another event of this same message must carry."""
        return {"message_id": self.message_id, "metadata": self._metadata}

    @property
    def phone(self) -> str | None:
        """The contact's WhatsApp number, when it has one."""
        return self._contact.get("phone") or None

    @property
    def contact_name(self) -> str | None:
        """What the contact calls itself on WhatsApp."""
        return self._contact.get("name") or None

    @property
    def media_kind(self) -> str | None:
        """The kind of the first picture, audio or file that came with the message."""
        media = self._metadata.get("media") or [{}]
        return media[0].get("kind") or None

    @property
    def images(self) -> list[str]:
        """The ids of the pictures that came with the message."""
        media = self._metadata.get("media") or []
        return [str(one["id"]) for one in media if one.get("kind") == "image" and one.get("id")]

    @property
    def has_handed_over(self) -> bool:
        """Whether people were given the conversation in this very turn."""
        said = [str(message.get("response") or "") for message in self.dispatcher.messages]
        return any("_handed_over" in response for response in said)

    @property
    def has_just_spoken(self) -> bool:
        """Whether nothing was done yet about the message."""
        return self.tracker.latest_action_name in {None, "action_listen"}

    def values_of(self, entity: str) -> list[str]:
        """All values of this entity in the message, in their order."""
        return [str(each["value"]) for each in self.entities if each.get("entity") == entity]

    @property
    def order_number(self) -> str | None:
        """The first order number in the message, digits only."""
        found = next(self.tracker.get_latest_entity_values("order_number"), None)
        digits = str(found or "").lstrip("#").replace(".", "")
        return digits or None

    @property
    def email(self) -> str | None:
        """The first e-mail address in the message."""
        found = next(self.tracker.get_latest_entity_values("email"), None)
        return str(found).strip() if found else None

    @property
    def pending(self) -> str | None:
        """The last open question."""
        return self._remembered("pending")

    @property
    def flow(self) -> dict[str, Any]:
        """What a flow remembers between its questions: its name, what it asks, what it knows."""
        return dict(self.tracker.get_slot("flow") or {})

    @property
    def goods(self) -> dict[str, Any]:
        """The product last talked about, with its size and colour."""
        return dict(self.tracker.get_slot("goods") or {})

    @property
    def answered(self) -> dict[str, str]:
        """The last question that an article answered: its words, its message, the article."""
        return dict(self.tracker.get_slot("answered") or {})

    @property
    def message_before(self) -> str | None:
        """The id of the message before this one."""
        heard = [event for event in self.tracker.events if event.get("event") == "user"]
        return str(heard[-2].get("message_id")) if len(heard) > 1 else None

    @property
    def told(self) -> dict[str, str]:
        """What a flow has collected so far, in words for people."""
        flow = self.flow
        return dict(flow.get("told") or (flow.get("after") or {}).get("told") or {})

    @property
    def topic(self) -> str:
        """What the shopper wants of an order: track, status, late, or what a flow does with it."""
        return self._remembered("order_topic") or "status"

    @property
    def shown_order(self) -> str | None:
        """The number of the order last shown."""
        return self._remembered("order_number")

    @property
    def unproven_order(self) -> str | None:
        """The number of the order that waits for its e-mail."""
        return self._remembered("unproven_order")

    @property
    def given_email(self) -> str | None:
        """An e-mail given before its order was known."""
        return self._remembered("given_email")

    @property
    def offered_orders(self) -> list[str]:
        """The numbers offered last, in their order."""
        return list(self.tracker.get_slot("offered_orders") or [])

    @property
    def offered_requests(self) -> list[str]:
        """The buttons' payloads of the question which of two requests was meant."""
        return list((self.tracker.get_slot("offered_requests") or {}).get("payloads") or [])

    @property
    def failed_before_offer(self) -> int:
        """The failed attempts before that question, whatever its answer made of them."""
        return int((self.tracker.get_slot("offered_requests") or {}).get("failed") or 0)

    @property
    def proven_orders(self) -> list[str]:
        """The orders of other phones that were proven in this session."""
        return list(self.tracker.get_slot("proven_orders") or [])

    @property
    def failed_attempts(self) -> int:
        """How many attempts in a row came to nothing before this one."""
        return int(self.tracker.get_slot("failed_attempts") or 0)

    @property
    def named_on(self) -> str | None:
        """The day on which the contact was last greeted by name."""
        return self._remembered("named_on")

    @property
    def is_greeted(self) -> bool:
        """Whether this session has heard its greeting."""
        return bool(self.tracker.get_slot("greeted"))

    def findings(self, order: str | None) -> dict[str, Any]:
        """What is known, for a person who takes over: slots, understanding, failed attempts."""
        intent = self._message.get("intent") or {}
        confidence = intent.get("confidence")
        return {
            "slots": {
                name: value
                for name, value in self.tracker.current_slot_values().items()
                if value not in (None, [], "") and name not in _NOT_FOR_PEOPLE
            },
            "intent": intent.get("name") or None,
            "confidence": None if confidence is None else min(max(float(confidence), 0.0), 1.0),
            "failed_attempts": self.failed_attempts,
            "order": order,
        }

    def _remembered(self, slot: str) -> str | None:
        value = self.tracker.get_slot(slot)
        return str(value) if value else None

    @property
    def _message(self) -> dict[str, Any]:
        return self.tracker.latest_message or {}

    @property
    def _metadata(self) -> dict[str, Any]:
        return self._message.get("metadata") or {}

    @property
    def _contact(self) -> dict[str, Any]:
        return self._metadata.get("contact") or {}
