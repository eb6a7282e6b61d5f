"""A webhook is Meta's only when its raw bytes are signed with one of our secrets."""

import pytest

from sla_service.whatsapp.signature import is_genuine, sign

_PLAIN = (
    '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":'
    '{"messaging_product":"whatsapp","messages":[{"type":"text","text":{"body":'
    '"Olá, cadê meu pedido? 👟"}}]},"field":"messages"}]}]}'
).encode()
_ESCAPED = _PLAIN.replace(
    "Olá, cadê meu pedido? 👟".encode(), rb"Ol\u00e1, cad\u00ea meu pedido? \ud83d\udc5f"
)


@pytest.mark.parametrize(
    ("body", "digest"),
    [
        (_PLAIN, "c1922858def80e674bb196635cd97ff3f2c69278ebc9605500cd9336b18a155f"),
        (_ESCAPED, "bd6e8371cdd920cfe1ef5bf1e0a50b3acca9667e797dcd7a4d535b548d1b6e0f"),
    ],
    ids=["utf8", "escaped"],
)
def test_the_documented_vectors_verify(body: bytes, digest: str) -> None:
    assert is_genuine(body, f"sha256={digest}", [b"app-secret-123"])
    assert not is_genuine(body + b" ", f"sha256={digest}", [b"app-secret-123"])


def test_both_secrets_are_good_while_one_replaces_the_other() -> None:
    keys = [b"the new secret", b"the old secret"]
    for key in keys:
        assert is_genuine(_PLAIN, sign(_PLAIN, key), keys)
    assert not is_genuine(_PLAIN, sign(_PLAIN, b"somebody else's"), keys)


@pytest.mark.parametrize("header", [None, "", "sha256=", "sha1=abc", "ação", "0" * 64])
def test_what_is_not_a_signature_never_verifies(header: str | None) -> None:
    assert not is_genuine(_PLAIN, header, [b"app-secret-123"])


def test_nothing_verifies_without_a_secret() -> None:
    assert not is_genuine(_PLAIN, sign(_PLAIN, b""), [])
