"""What the channel brought, as it came: taken out of deliveries where it tells of one contact."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sla_service.database.sessions import Connection, rows
from sla_service.privacy.fingerprints import Fingerprints
from sla_service.whatsapp import payload, redaction
from sla_service.whatsapp.values import DeliveryStatus


@dataclass(frozen=True, slots=True)
class Redactor:
    """Takes a contact out of deliveries; what else they brought stays, and keeps its place."""

    fingerprints: Fingerprints

    async def redact(
        self, connection: Connection, delivery_ids: Sequence[int], needles: Collection[str]
    ) -> int:
        """Redact these deliveries; returns how many. The caller's transaction holds them."""
        values = {"ids": list(delivery_ids)}
        held = await rows(connection, _HOLD, values)
        for row in held:
            await self._one(connection, row.id, bytes(row.body), needles)
        return len(held)

    async def redact_messages(self, connection: Connection, wamids: Sequence[str]) -> int:
        """Redact whatever brought these messages, or news of them; returns how many deliveries."""
        keys = [f"m:{wamid}" for wamid in wamids]
        keys += [f"s:{wamid}:{status}" for wamid in wamids for status in DeliveryStatus]
        found = await rows(connection, _BROUGHT, {"keys": keys})
        for row in found:
            needles = set(wamids)
            for update in payload.split(bytes(row.body)):
                said = redaction.marks(update.content)
                if not said.isdisjoint(wamids):
                    needles |= said
            await self._one(connection, row.id, bytes(row.body), needles)
        return len(found)

    async def _one(
        self, connection: Connection, delivery_id: int, body: bytes, needles: Collection[str]
    ) -> None:
        rest, places = redaction.without(body, needles)
        values: dict[str, Any] = {"id": delivery_id, "body": rest}
        await rows(connection, _KEEP_REST, values)
        if not places:
            return
        updates = payload.split(body)
        values = {
            "id": delivery_id,
            "places": places,
            "keys": [self.fingerprints.of_update(updates[place].key) for place in places],
        }
        await rows(connection, _FORGET_UPDATES, values)


_HOLD = """
SELECT id, body FROM whatsapp_deliveries WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE
"""

_BROUGHT = """
SELECT id, body FROM whatsapp_deliveries
WHERE id IN (SELECT delivery_id FROM whatsapp_updates WHERE key = ANY(%(keys)s))
ORDER BY id FOR UPDATE
"""

_KEEP_REST = """
UPDATE whatsapp_deliveries
SET body = %(body)s, error = CASE WHEN error IS NOT NULL THEN 'erased' END
WHERE id = %(id)s
"""

# A redelivery that was erased again has its key here already.
_FORGET_UPDATES = """
UPDATE whatsapp_updates u
SET key = CASE WHEN EXISTS (SELECT 1 FROM whatsapp_updates o WHERE o.key = f.key)
               THEN f.key || ':' || u.delivery_id || '/' || u.place ELSE f.key END,
    lane = 'erased', state = 'processed', error = NULL
FROM unnest(%(places)s::int[], %(keys)s::text[]) AS f(place, key)
WHERE u.delivery_id = %(id)s AND u.place = f.place AND u.lane <> 'erased'
"""
