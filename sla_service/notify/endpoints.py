"""Webhook endpoints: where programs elsewhere listen, and the secrets we sign with."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sla_service import calls
from sla_service.errors import DomainError, NotFound
from sla_service.notify import signing
from sla_service.notify.tables import WebhookEndpoint
from sla_service.notify.values import EVENTS
from sla_service.settings import Settings

_LIVE_SECRETS = 2


class NoSuchEndpoint(NotFound):
    """There is no such webhook endpoint."""


class EndpointRefused(DomainError):
    """A webhook endpoint can't be set like this."""

    status = 422


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint as people see it: without its secrets."""

    id: int
    url: str
    events: Sequence[str]
    is_active: bool
    secrets: int
    """How many are live: two while they are being changed."""
    disabled_at: datetime | None
    disabled_reason: str | None
    created_at: datetime


async def known(session: AsyncSession) -> list[Endpoint]:
    """All endpoints, the oldest first."""
    found = await session.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.id))
    return [_seen(endpoint) for endpoint in found]


async def add(
    session: AsyncSession, url: str, events: Sequence[str], settings: Settings
) -> tuple[Endpoint, str]:
    """A new endpoint and its secret, which is never shown again. Raises EndpointRefused."""
    _check(url, events, settings)
    secret = signing.new_secret()
    endpoint = WebhookEndpoint(url=url, events=sorted(set(events)), secrets=[secret])
    session.add(endpoint)
    await session.flush()
    await session.refresh(endpoint)
    return _seen(endpoint), secret


async def change_secret(session: AsyncSession, endpoint_id: int) -> str:
    """A second live secret; the one before the last stops signing. Raises NoSuchEndpoint."""
    endpoint = await session.get(WebhookEndpoint, endpoint_id, with_for_update=True)
    if endpoint is None:
        raise NoSuchEndpoint(endpoint=endpoint_id)
    secret = signing.new_secret()
    endpoint.secrets = [secret, *endpoint.secrets][:_LIVE_SECRETS]
    return secret


async def activate(session: AsyncSession, endpoint_id: int) -> Endpoint:
    """Let a disabled endpoint hear of what happens from now on. Raises NoSuchEndpoint."""
    found = await session.scalars(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id)
        .values(is_active=True, disabled_at=None, disabled_reason=None)
        .returning(WebhookEndpoint)
        .execution_options(synchronize_session=False)
    )
    endpoint = found.one_or_none()
    if endpoint is None:
        raise NoSuchEndpoint(endpoint=endpoint_id)
    return _seen(endpoint)


async def remove(session: AsyncSession, endpoint_id: int) -> None:
    """Forget an endpoint and the log of its deliveries. Raises NoSuchEndpoint."""
    gone = await session.scalars(
        delete(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id)
        .returning(WebhookEndpoint.id)
        .execution_options(synchronize_session=False)
    )
    if gone.first() is None:
        raise NoSuchEndpoint(endpoint=endpoint_id)


def _check(url: str, events: Sequence[str], settings: Settings) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise EndpointRefused(why="not an address") from error
    allowed = {"https", "http"} if settings.demo else {"https"}
    if parts.scheme not in allowed or not host:
        raise EndpointRefused(why=f"an address begins with {' or '.join(sorted(allowed))}://")
    if parts.username or parts.password:
        raise EndpointRefused(why="a name or password in the address; the signature proves enough")
    if _is_literal(host) and not calls.is_within(settings.notify.reach, host):
        raise EndpointRefused(why="an address out of reach (DESK_NOTIFY__REACH)")
    unknown = sorted(set(events) - set(EVENTS))
    if unknown:
        raise EndpointRefused(why=f"no such event: {', '.join(unknown)}", allowed=EVENTS)


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _seen(endpoint: WebhookEndpoint) -> Endpoint:
    return Endpoint(
        id=endpoint.id,
        url=endpoint.url,
        events=endpoint.events,
        is_active=endpoint.is_active,
        secrets=len(endpoint.secrets),
        disabled_at=endpoint.disabled_at,
        disabled_reason=endpoint.disabled_reason,
        created_at=endpoint.created_at,
    )
