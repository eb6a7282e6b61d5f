"""The Graph API as the desk uses it: send, mark read, show typing."""

from typing import Any

import httpx2
import orjson

from sla_service.settings import WhatsAppSettings
from sla_service.whatsapp.failures import Failure, FailureClass, classify
from sla_service.whatsapp.values import Identity


class GraphClient:
    """One HTTP client for all numbers; `transport` takes the network's place in tests."""

    def __init__(
        self, settings: WhatsAppSettings, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self._http = httpx2.AsyncClient(
            base_url=f"{settings.graph_url.rstrip('/')}/{settings.graph_version}",
            headers={"Authorization": f"Bearer {settings.access_token.get_secret_value()}"},
            timeout=httpx2.Timeout(settings.send_timeout.total_seconds(), connect=3),
            limits=httpx2.Limits(max_connections=64, max_keepalive_connections=64),
            transport=transport,
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

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
            response = await self._http.post(
                f"/{phone_number_id}/messages",
                content=orjson.dumps(body),
                headers={"Content-Type": "application/json"},
            )
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise Failure(FailureClass.RETRY, None, type(error).__name__) from error
        except httpx2.HTTPError as error:  # it had left us: nobody knows what became of it
            raise Failure(FailureClass.UNSETTLED, None, type(error).__name__) from error
        answer = _json(response)
        if response.is_success and "error" not in answer:
            return answer
        problem = answer.get("error")
        problem = problem if isinstance(problem, dict) else {}
        code = problem.get("code")
        raise classify(
            code if isinstance(code, int) else None,
            response.status_code,
            str(problem.get("message", f"HTTP {response.status_code}"))[:300],
        )


def _recipient(to: Identity) -> dict[str, str]:
    """By number where there is one, in E.164 with its plus sign; by user id otherwise."""
    if to.wa_id:
        return {"to": "+" + to.wa_id.lstrip("+")}
    if to.bsuid:
        return {"recipient": to.bsuid}
    raise Failure(FailureClass.PERMANENT, None, "a contact without any address")


def _json(response: httpx2.Response) -> dict[str, Any]:
    try:
        answer = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}
