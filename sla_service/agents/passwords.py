"""Passwords: hashed slowly on purpose, beside the event loop, few at a time."""

import asyncio
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sla_service.errors import DomainError

SHORTEST = 10
LONGEST = 200
_hasher = PasswordHasher()


class PasswordTooWeak(DomainError):
    """A password needs at least 10 characters, at most 200, and more than your e-mail address."""

    status = 422


def new_password() -> str:
    """A random password that can be typed."""
    return "-".join(secrets.token_hex(2) for _ in range(5))


def check(password: str, email: str) -> None:
    """Refuse what would be guessed first. Raises PasswordTooWeak."""
    is_address = password.lower() in {email, email.partition("@")[0]}
    if is_address or not SHORTEST <= len(password) <= LONGEST or len(set(password)) < SHORTEST // 2:
        raise PasswordTooWeak


class Passwords:
    """Hashes and compares; each takes 64 MB and a core for a moment, hence `at_once`."""

    def __init__(self, at_once: int) -> None:
        self._free = asyncio.Semaphore(at_once)

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        async with self._free:
            return await asyncio.to_thread(_hasher.hash, password)

    async def match(self, kept: str | None, password: str) -> bool:
        """Whether it is the password; takes as long when there is none to compare with."""
        async with self._free:
            return await asyncio.to_thread(_is_same, kept, password)

    @staticmethod
    def is_dated(kept: str) -> bool:
        """Whether it was hashed with less care than is usual now."""
        return _hasher.check_needs_rehash(kept)


def _is_same(kept: str | None, password: str) -> bool:
    nobodys = _nobodys()
    try:
        return _hasher.verify(kept or nobodys, password) and kept is not None
    except (InvalidHashError, VerificationError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))
