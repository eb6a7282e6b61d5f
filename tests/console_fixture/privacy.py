"""What contacts of the made-up desk allow, and were told."""

from typing import Any

from tests.console_fixture.world import World

_NOTICE = (
    "_Guardamos esta conversa para te atender. Quer ver ou apagar seus dados? É só pedir aqui. "
    "Para não receber avisos, responda SAIR._"
)
_READ = {
    "purpose": "service", "granted": True, "wording": _NOTICE, "wording_version": "3f1c09a2be",
    "language": "pt", "channel": "whatsapp", "cause": "first_answer", "at": "2026-11-20T12:00:00Z",
}  # fmt: skip
_STOPPED = {
    "purpose": "proactive", "granted": False, "wording": "SAIR", "wording_version": "77aa01c3d9",
    "language": "pt", "channel": "whatsapp", "cause": "keyword", "at": "2026-11-24T18:30:00Z",
}  # fmt: skip


def privacy(_: World) -> dict[str, Any]:
    """Of whoever is asked about."""
    return {
        "allowed": {"service": True, "proactive": False, "rating": True, "marketing": False},
        "notice_version": "3f1c09a2be",
        "ledger": [_STOPPED, _READ],
        "legal_hold": None,
        "open_case": None,
        "erasure": None,
        "erased_at": None,
    }
