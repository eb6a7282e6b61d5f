"""Webhooks that come again after their contact was forgotten bring nothing back."""

from dataclasses import dataclass

from sla_service.conversations import contacts
from sla_service.conversations.contacts import Thread
from sla_service.database.sessions import Connection, rows
from sla_service.privacy.bodies import Redactor
from sla_service.privacy.fingerprints import Fingerprints
from sla_service.whatsapp import redaction
from sla_service.whatsapp.values import Identity

_MESSAGE = "m:"  # how the key of a message's update begins


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Knows again what was erased, without knowing what it was."""

    fingerprints: Fingerprints

    async def is_of(self, connection: Connection, thread: Thread, who: Identity, key: str) -> bool:
        """Whether a message was erased, of a contact who seems new, or who came back.

        Somebody new who was forgotten earlier starts anew, and that is remembered of them; what
        was made for a message that was erased is taken back.
        """
        if not thread.is_new and thread.forgotten_at is None:
            return False
        if thread.is_new and not await self._came_back(connection, thread, who):
            return False
        is_erased = await self.has(connection, key)
        if is_erased and thread.is_new:
            await contacts.unmake(connection, thread)
        return is_erased

    async def has(self, connection: Connection, key: str) -> bool:
        """Whether the message of this id was erased."""
        values = {"key": self.fingerprints.of_update(_MESSAGE + key)}
        return bool(await rows(connection, _IS_ERASED, values))

    async def erase_again(
        self, connection: Connection, delivery_id: int, content: dict[str, object]
    ) -> None:
        """Take out of a delivery whomever this content of it tells of."""
        await Redactor(self.fingerprints).redact(
            connection, [delivery_id], redaction.marks(content)
        )

    async def _came_back(self, connection: Connection, thread: Thread, who: Identity) -> bool:
        values = {"contact": thread.contact_id, "prints": self.fingerprints.of_identity(who)}
        return bool(await rows(connection, _CAME_BACK, values))


_CAME_BACK = """
UPDATE contacts c SET forgotten_at = t.erased_at
FROM (SELECT max(erased_at) AS erased_at FROM tombstones WHERE fingerprint = ANY(%(prints)s)) t
WHERE c.id = %(contact)s AND t.erased_at IS NOT NULL RETURNING c.id
"""

_IS_ERASED = "SELECT 1 AS found FROM whatsapp_updates WHERE key = %(key)s"
