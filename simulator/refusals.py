"""How Meta says no: error codes with the body and HTTP status they come in."""

import secrets
from typing import Any

KNOWN: dict[int, tuple[str, int]] = {
    1: ("An unknown error occurred", 400),
    4: ("Application request limit reached", 400),
    10: ("Application does not have permission for this action", 403),
    33: ("Parameter value is not valid", 400),
    100: ("Invalid parameter", 400),
    190: ("Invalid OAuth access token - Cannot parse access token", 401),
    368: ("Temporarily blocked for policies violations", 403),
    80007: ("Rate limit issues", 400),
    130429: ("Rate limit hit", 400),
    130472: ("User's number is part of an experiment", 400),
    130497: ("Business account is restricted from messaging users in this country", 403),
    131000: ("Something went wrong", 500),
    131005: ("Access denied", 403),
    131008: ("Required parameter is missing", 400),
    131009: ("Parameter value is not valid", 400),
    131016: ("Service unavailable", 500),
    131021: ("Recipient cannot be sender", 400),
    131026: ("Message undeliverable", 400),
    131031: ("Business account has been locked", 403),
    131037: (
        "WhatsApp provided number needs display name approval before message can be sent",
        400,
    ),
    131042: ("Business eligibility payment issue", 400),
    131045: ("Incorrect certificate", 500),
    131047: ("Re-engagement message", 400),
    131048: ("Spam rate limit hit", 400),
    131049: ("This message was not delivered to maintain healthy ecosystem engagement", 400),
    131050: ("User has stopped marketing messages from this business", 400),
    131051: ("Unsupported message type", 400),
    131052: ("Media download error", 400),
    131053: ("Media upload error", 400),
    131056: ("(Business Account, Consumer Account) pair rate limit hit", 400),
    131057: ("Account in maintenance mode", 500),
    131062: ("Business-scoped user id is not supported for this message", 400),
    132000: ("Number of parameters does not match the expected number of params", 400),
    132001: ("Template name does not exist in the translation", 404),
    132005: ("Template hydrated text too long", 400),
    132012: ("Template parameter format does not match format in the created template", 400),
    132015: ("Template is paused", 400),
    132016: ("Template is disabled", 400),
    132018: ("Template parameters have issues", 400),
    133004: ("Server temporarily unavailable", 503),
    133010: ("Phone number not registered", 400),
    135000: ("Generic user error", 400),
}

DETAILS: dict[int, str] = {
    130429: "Message throughput reached.",
    131016: "A service is temporarily unavailable.",
    131026: "Message undeliverable.",
    131047: "More than 24 hours have passed since the customer last replied.",
    131056: "Too many messages sent from this phone number to the same phone number in a short "
    "period of time.",
}


class GraphError(Exception):
    """The Graph API refuses a request."""

    def __init__(
        self, code: int, details: str | None = None, *, subcode: int | None = None
    ) -> None:
        self.code = code
        self.details = details if details is not None else DETAILS.get(code, title(code))
        self.subcode = subcode
        super().__init__(f"{code}: {self.details}")

    @property
    def status(self) -> int:
        return KNOWN.get(self.code, ("", 400))[1]

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {title(self.code)}",
            "type": "OAuthException",
            "code": self.code,
        }
        if self.code == 190:
            # A refused token is answered before any product is involved.
            error["message"] = self.details
        else:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(12)
        return {"error": error}

    def status_errors(self) -> list[dict[str, Any]]:
        """Shape the same refusal for the `errors` of a `failed` status."""
        return [
            {
                "code": self.code,
                "title": title(self.code),
                "message": title(self.code),
                "error_data": {"details": self.details},
                "href": "/documentation/business-messaging/whatsapp/support/error-codes",
            }
        ]


class ServerBrokenError(Exception):
    """The Graph API answers a 502 that is no JSON."""


def title(code: int) -> str:
    """Name a code as Meta does, known or not."""
    return KNOWN.get(code, ("Unknown error", 400))[0]


def expired_token() -> GraphError:
    """Refuse a token that was good once."""
    return GraphError(190, "Error validating access token: Session has expired.", subcode=463)
