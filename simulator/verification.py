"""Asks the desk to prove that the webhook address is its own, as Meta does on set-up."""

import asyncio
import logging
import secrets

import httpx2

from simulator.settings import Settings

log = logging.getLogger("simulator.webhooks")


async def verify(settings: Settings, client: httpx2.AsyncClient) -> bool:
    """Ask until the desk answers; True when it echoed the challenge."""
    challenge = str(10**9 + secrets.randbelow(10**9))
    query = {
        "hub.mode": "subscribe",
        "hub.challenge": challenge,
        "hub.verify_token": settings.verify_token.get_secret_value(),
    }
    has_waited = False
    while True:
        try:
            response = await client.get(settings.webhook_url, params=query)
        except httpx2.RequestError:
            if not has_waited:
                log.info("waiting for the desk at %s", settings.webhook_url)
            has_waited = True
            await asyncio.sleep(settings.verify_every_seconds)
            continue
        if response.status_code == 200 and response.text == challenge:
            log.info("webhook address verified: %s", settings.webhook_url)
            return True
        log.error(
            "webhook address NOT verified: %s answered %d; do both sides have the same "
            "verify token?",
            settings.webhook_url,
            response.status_code,
        )
        return False
