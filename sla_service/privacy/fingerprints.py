"""Who was forgotten, known again by a keyed hash alone."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from sla_service.conversations.phones import phone_key
from sla_service.settings import Settings
from sla_service.whatsapp.values import Identity

_PREFIX = "erased:"


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Hashes under a key of the shop's: who has the database alone can try no numbers out."""

    key: bytes

    @classmethod
    def of(cls, settings: Settings) -> "Fingerprints":
        """Under the key that is set, else under one that follows from the service's token."""
        secret = settings.privacy.key.get_secret_value()
        token = settings.service_token.get_secret_value()
        return cls((secret or f"tombstones of {token}").encode())

    def of_identity(self, identity: Identity) -> list[str]:
        """One for the number and one for the user id, as far as they are known."""
        number = phone_key(identity.wa_id) if identity.wa_id else None
        return list(self._all([("number", number), ("user", identity.bsuid)]))

    def of_update(self, key: str) -> str:
        """What stands in place of an erased update's key: a redelivery is known by it."""
        return _PREFIX + self._hash("update", key)

    def _all(self, parts: Iterable[tuple[str, str | None]]) -> Iterable[str]:
        return (self._hash(kind, value) for kind, value in parts if value)

    def _hash(self, kind: str, value: str) -> str:
        return hmac.new(self.key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()[:40]
