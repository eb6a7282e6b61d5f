"""Channels are named without their secrets, and only allowed services are used."""

import pytest

from sla_service.notify import channels
from sla_service.notify.channels import ChannelRefused
from sla_service.notify.letters import Letter
from sla_service.settings import NotifySettings
from tests.sla_service.notify.conftest import DUE

_SETTINGS = NotifySettings()
_TOKEN = "S3cr3tS3cr3tS3cr3tS3cr3t"
_LETTER = Letter("Assunto", "Texto", "<p>Texto</p>", is_alarming=True)
_URLS = [
    f"mailto://desk:{_TOKEN}@smtp.loja.example/bruno@loja.example",
    f"mailtos://desk:{_TOKEN}@gmail.com",
    f"slack://T1JJ3T3L2/A1BRTD4JD/{_TOKEN}/#sla",
    f"slack://xoxb-1234567890-1234567890123-{_TOKEN}/#sla",
    f"discord://4174216298/{_TOKEN}{_TOKEN}{_TOKEN}",
    f"tgram://123456789:{_TOKEN}AABBCCddEEff/12345",
    f"json://user:{_TOKEN}@hook.loja.example/{_TOKEN}?+X-Token={_TOKEN}",
    f"gchat://workspace/{_TOKEN}/{_TOKEN}",
    f"rockets://{_TOKEN}/{_TOKEN}@rocket.loja.example/#sla",
    f"mmost://chat.loja.example/{_TOKEN}12345678/sla",
    f"ntfys://tk_{_TOKEN}@ntfy.loja.example/topic",
    f"ntfy://{_TOKEN}",
    f"pover://{_TOKEN}123456@{_TOKEN}654321",
]


@pytest.mark.parametrize("url", _URLS)
def test_no_secret_of_a_url_is_shown(url: str) -> None:
    named = channels.named([url], _SETTINGS, {})
    assert list(named.values()) == [url]
    for shown in (*named, channels.masked(url)):
        assert _TOKEN.lower() not in shown.lower()
        assert "T1JJ3T3L2" not in shown
        assert "123456789" not in shown


def test_channels_are_named_by_their_service() -> None:
    named = channels.named([_URLS[0], _URLS[2], _URLS[1], _URLS[3]], _SETTINGS, {})
    assert named == {
        "mailto": _URLS[0],
        "slack": _URLS[2],
        "mailto-2": _URLS[1],
        "slack-2": _URLS[3],
    }


def test_a_channels_name_stands_for_its_url() -> None:
    before = {"mailto": _URLS[0], "slack": _URLS[2]}
    assert channels.named(["slack", _URLS[1]], _SETTINGS, before) == {
        "slack": _URLS[2],
        "mailto": _URLS[1],
    }


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("syslog://localhost", "'syslog' is not allowed"),
        ("file:///etc/passwd", "'file' is not allowed"),
        ("slack", "not a URL"),
        ("", "not a URL"),
        (f"slack://{_TOKEN}", "lacks a part"),
        ("mailto://", "lacks a part"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?template=/etc/passwd", "template"),
        ("mailto://u:p@loja.example?pgp=yes&pgpkey=/etc/passwd", "pgp"),
    ],
)
def test_a_channel_is_refused_with_its_reason_and_without_its_secret(url: str, why: str) -> None:
    with pytest.raises(ChannelRefused) as refused:
        channels.named([url], _SETTINGS, {})
    assert why in refused.value.details["why"]
    assert _TOKEN not in str(refused.value.details)


def test_a_service_that_is_no_longer_allowed_is_not_called() -> None:
    fewer = _SETTINGS.model_copy(update={"schemes": "mailto"})
    with pytest.raises(channels.NotHandedOver) as refused:
        channels.deliver(_URLS[2], _LETTER, "<m@x>", DUE, fewer)
    assert refused.value.is_permanent


@pytest.mark.parametrize(
    "url",
    [
        "json://localhost:1/x",
        "json://127.0.0.1:1/x",
        "json://2130706433:1/x",
        "ntfy://localhost/topic",
        "rocket://u:p@localhost:1/#sla",
        "mmost://localhost:1/3ccdd113474722377935511fc85d3dd4",
    ],
)
def test_a_chat_server_is_held_to_the_same_addresses_as_webhooks(url: str) -> None:
    with pytest.raises(channels.NotHandedOver, match="out of reach"):
        channels.deliver(url, _LETTER, "<m@x>", DUE, _SETTINGS)
