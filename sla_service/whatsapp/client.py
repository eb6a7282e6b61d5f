"""The Graph API as the desk uses it: send, mark read, show typing."""

from typing import Any

import orjson

from sla_service.calls import NoAnswer, NotReached, Peer
from sla_service.settings import WhatsAppSettings
from sla_service.whatsapp.failures import Failure, FailureClass, classify
from sla_service.whatsapp.values import Identity


class GraphClient:
    """One client for all numbers."""

    def __init__(self, settings: WhatsAppSettings) -> None:
        self._graph = Peer(
            f"{settings.graph_url.rstrip('/')}/{settings.graph_version}",
            {"Authorization": f"Bearer {settings.access_token.get_secret_value()}"},
            settings.send_timeout,
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._graph.close()

    async def send(
        self, phone_number_id: str, to: Identity, body: dict[str, Any], *, callback: str
    ) -> str:
        """Send one message; returns its wamid. Raises Failure.

        `callback` comes back in each status of the message, even when this answer is lost.
        """
        envelope = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **_recipient(to),
            **body,
            "biz_opaque_callback_data": callback,
        }
        answer = await self._post(phone_number_id, envelope)
        try:
            return str(answer["messages"][0]["id"])
        except (KeyError, IndexError, TypeError) as error:
            raise Failure(FailureClass.UNSETTLED, None, "an acceptance without an id") from error

    async def mark_read(self, phone_number_id: str, wamid: str, *, typing: bool) -> None:
        """Mark a message and those before it as read; `typing` when an answer follows soon."""
        body: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": wamid,
        }
        if typing:
            body["typing_indicator"] = {"type": "text"}
        await self._post(phone_number_id, body)

    async def _post(self, phone_number_id: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = await self._graph.post(f"/{phone_number_id}/messages", orjson.dumps(body))
        except NotReached as error:
            raise Failure(FailureClass.RETRY, None, str(error)) from error
        except NoAnswer as error:  # it had left us: nobody knows what became of it
            raise Failure(FailureClass.UNSETTLED, None, str(error)) from error
        told = _json(answer.body)
        if answer.status == 200 and "error" not in told:
            return told
        problem = told.get("error")
        problem = problem if isinstance(problem, dict) else {}
        code = problem.get("code")
        raise classify(
            code if isinstance(code, int) else None,
            answer.status,
            str(problem.get("message", f"HTTP {answer.status}"))[:300],
        )


def _recipient(to: Identity) -> dict[str, str]:
    """By number where there is one, in E.164 with its plus sign; by user id otherwise."""
    if to.wa_id:
        return {"to": "+" + to.wa_id.lstrip("+")}
    if to.bsuid:
        return {"recipient": to.bsuid}
    raise Failure(FailureClass.PERMANENT, None, "a contact without any address")


def _json(body: bytes) -> dict[str, Any]:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}
