"""Who showed a session's token, an API key or the bot's token."""

import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta

from sla_service.agents import tokens
from sla_service.database.sessions import Connection, Database, rows
from sla_service.settings import Settings
from sla_service.web.principals import Principal, Role, Shown

SEEN_EVERY = timedelta(minutes=1)
"""How coarsely it is written down when somebody was seen."""
_GOOD_FOR = 1.0  # seconds in which a revocation elsewhere may go unnoticed
_REMEMBERED = 1000


class Identities:
    """Looks up who is calling; whom it found it knows for a second."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._idle = settings.accounts.idle
        self._service_token = settings.service_token.get_secret_value()
        self._elapsed = elapsed
        self._known: OrderedDict[str, tuple[float, Principal]] = OrderedDict()

    async def __call__(self, shown: Shown, *, is_busy: bool = True) -> Principal | None:
        """Who it is, None when nobody is known by it; unless `is_busy`, idleness goes on."""
        if not shown.is_cookie and self._is_service(shown.secret):
            return Principal("service", None, "bot", Role.SERVICE)
        kept = f"{shown.is_cookie}:{tokens.hashed(shown.secret)}"
        good_until, principal = self._known.get(kept, (0.0, None))
        if principal is not None and self._elapsed() < good_until:
            return principal
        find = self._by_session if shown.is_cookie else self._by_key
        async with self._database.step() as connection:
            principal = await find(connection, shown.secret, is_busy)
        if principal is not None:
            self._remember(kept, principal)
        return principal

    def forget(self) -> None:
        """Look everybody up anew: somebody's rights have changed."""
        self._known.clear()

    def _is_service(self, word: str) -> bool:
        given, expected = word.encode("utf-8", "replace"), self._service_token.encode()
        return bool(expected) and hmac.compare_digest(given, expected)

    def _remember(self, kept: str, principal: Principal) -> None:
        self._known[kept] = (self._elapsed() + _GOOD_FOR, principal)
        self._known.move_to_end(kept)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    async def _by_session(
        self, connection: Connection, token: str, is_busy: bool
    ) -> Principal | None:
        values = {"hash": tokens.hashed(token), "idle": self._idle, "every": SEEN_EVERY}
        found = await rows(connection, _SESSION, values)
        if not found:
            return None
        one = found[0]
        if is_busy and not one.is_seen:
            await rows(connection, _SEEN, {"session": one.session, "agent": one.id})
        return Principal("agent", one.id, one.name, Role(one.role), language=one.language)

    async def _by_key(self, connection: Connection, word: str, is_busy: bool) -> Principal | None:
        parts = tokens.key_parts(word)
        if parts is None:
            return None
        number, secret = parts
        found = await rows(connection, _KEY, {"id": number, "every": SEEN_EVERY})
        kept = found[0].secret_hash if found else tokens.hashed("")
        if not hmac.compare_digest(kept, tokens.hashed(secret)) or not found:
            return None
        one = found[0]
        if is_busy and not one.is_seen:
            await rows(connection, _USED, {"id": one.id})
        return Principal("key", one.id, one.name, Role.SERVICE, frozenset(one.scopes))


# By the database's clock, which all processes share.
_SESSION = """
SELECT s.id AS session, a.id, a.name, a.role, a.language,
       s.last_seen_at > now() - %(every)s
         AND COALESCE(a.last_seen_at > now() - %(every)s, false) AS is_seen
FROM agent_sessions s JOIN agents a ON a.id = s.agent_id
WHERE s.token_hash = %(hash)s AND s.revoked_at IS NULL AND s.expires_at > now()
  AND s.last_seen_at > now() - %(idle)s AND a.disabled_at IS NULL
"""

_SEEN = """
WITH session AS (
  UPDATE agent_sessions SET last_seen_at = now() WHERE id = %(session)s
)
UPDATE agents SET last_seen_at = now() WHERE id = %(agent)s
"""

_KEY = """
SELECT id, name, secret_hash, scopes,
       COALESCE(last_used_at > now() - %(every)s, false) AS is_seen
FROM api_keys
WHERE id = %(id)s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
"""

_USED = "UPDATE api_keys SET last_used_at = now() WHERE id = %(id)s"
