"""The notice about a contact's data: once, inside the first answer, which they get anyway."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sla_service.conversations import consent
from sla_service.conversations.consent import Purpose, Words
from sla_service.conversations.wording import Wording
from sla_service.database.sessions import Connection, rows
from sla_service.whatsapp.compose import Composed, compose
from sla_service.whatsapp.values import Reply

NOTICE = "utter_desk_notice"


@dataclass(frozen=True, slots=True)
class Noticed:
    """What the bot says, and the notice that was put into it, if there was room."""

    messages: Sequence[Composed]
    words: Words | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Knows the designers' wording; without one nobody is told."""

    wording: Wording | None

    def put_into(self, replies: Sequence[Reply], language: str, *, list_label: str) -> Noticed:
        """The messages of an answer with the notice in the last text that has room for it.

        Where it would cost a message of its own, it waits for the next answer.
        """
        plain = compose(replies, list_label=list_label)
        if self.wording is None:
            return Noticed(plain)
        words = Words.of(self.wording.say(NOTICE, language))
        for place in reversed(range(len(replies))):
            if not replies[place].text.strip():
                continue
            text = f"{replies[place].text.strip()}\n\n{words.text}"
            longer = [*replies[:place], replace(replies[place], text=text), *replies[place + 1 :]]
            composed = compose(longer, list_label=list_label)
            if len(composed) == len(plain):
                return Noticed([_marked(one, words) for one in composed], words)
        return Noticed(plain)


async def given(
    connection: Connection, contact_id: int, words: Words, language: str, key: str
) -> None:
    """A contact is given the notice in answer to the message with this key."""
    values = {"contact": contact_id, "version": words.version, "wamid": key}
    found = await rows(connection, _GIVEN, values)
    await consent.record(
        connection,
        contact_id,
        {Purpose.SERVICE},
        granted=True,
        wording=words,
        language=language,
        cause="first_answer",
        message_id=found[0].message_id,
    )


def _marked(message: Composed, words: Words) -> Composed:
    if words.text not in message.text:
        return message
    return replace(message, content={**message.content, "notice": words.version})


_GIVEN = """
UPDATE contacts SET notice_version = %(version)s WHERE id = %(contact)s
RETURNING (SELECT id FROM messages WHERE wamid = %(wamid)s) AS message_id
"""
