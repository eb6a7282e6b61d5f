"""No secret is in a file of the project, in a line of the log, or in what settings show of them."""

import logging
import re
import subprocess
from functools import cache
from pathlib import Path

import httpx2
import pytest
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import RegexBasedDetector
from pydantic import SecretStr
from structlog.testing import capture_logs

from sla_service.web.principals import Scope
from tests.sla_service.people import ALICE, BRUNO, COOKIE, OWN, key_for, session_of
from tests.sla_service.world import Desk, refusal, written

ROOT = Path(__file__).parents[3]
_WITHOUT_A_FORM = ("Basic Auth", "Public IP", "IBM", "SoftLayer", "Cloudant", "Artifactory")
"""Kinds that are told by the words around them, which documentation and tests are full of."""
_NOT_TEXT = {".png", ".jpg", ".gz", ".woff2", ".pdf", ".ico", ".webp", ".lock", ".tsv", ".csv"}
_METAS = re.compile(r"\bEAA[A-Za-z0-9]{40,}")
"""What access tokens of the Graph API look like."""
_ALLOWED = {"tests/sla_service/notify/test_channels.py": "made-up addresses of chat services"}
"""Files in which something only looks like a secret, and why."""


def test_no_file_of_the_project_holds_a_key() -> None:
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is not a checkout")
    files = [ROOT / name for name in listed.stdout.splitlines() if name not in _ALLOWED]
    texts = [file for file in files if file.is_file() and file.suffix not in _NOT_TEXT]
    assert len(texts) > 500
    found = [
        f"{file.relative_to(ROOT)}: {kind}"
        for file in texts
        for kind in _kinds(file.read_text(errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize("text", ["-----BEGIN " + "RSA PRIVATE KEY-----", "ghp_" + "x9" * 18])
def test_a_key_would_be_found(text: str) -> None:
    assert _kinds(f"token = '{text}'\n")


def test_what_is_secret_is_kept_apart_from_the_project() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {".env", "/var/"} <= set(ignored)


async def test_no_secret_is_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = (await key_for(desk.database, Scope.TICKETS_READ))["Authorization"].split()[1]
    token = await session_of(desk.database, BRUNO)
    with capture_logs() as lines:
        desk.world.answers = [refusal(190, 401), ConnectionError(), refusal(131000, 500)]
        desk.world.bot = lambda _: httpx2.Response(401, json={"error": "wrong_token"})
        await desk.deliver(written("oi", "wamid.A1"))
        await desk.settle()
        body = {"email": "bruno@loja.example", "password": "um palpite errado"}
        await desk.http.post("/api/session", json=body, headers=OWN)
        await desk.http.get("/api/me", headers={"Cookie": f"{COOKIE}={token}"})
        await desk.http.get("/api/tickets/1", headers={"Authorization": f"Bearer {key}"})
        await desk.http.get("/webhooks/whatsapp", params={"hub.verify_token": "um palpite errado"})
        admin = await desk.sign_in(ALICE)
        hook = {"url": "https://erp.loja.example/hook", "events": []}
        made = await admin.post("/api/webhooks/endpoints", json=hook)
    secrets = [*_secrets(desk), key, token, "um palpite errado", made.json()["secret"]]
    told = f"{lines} {caplog.text}"
    assert [one for one in secrets if one in told] == []


async def test_settings_show_no_secret(desk: Desk) -> None:
    shown = f"{desk.settings!r} {desk.settings} {desk.settings.model_dump_json()}"
    assert len(_secrets(desk)) >= 5
    assert [one for one in _secrets(desk) if one in shown] == []


async def test_no_answer_of_the_api_repeats_a_secret(desk: Desk) -> None:
    person = await desk.sign_in(ALICE)
    made = (await person.post("/api/keys", json={"name": "erp", "scopes": ["tickets:read"]})).json()
    endpoint = {"url": "https://erp.loja.example/hook", "events": []}
    hook = (await person.post("/api/webhooks/endpoints", json=endpoint)).json()
    shown = ""
    for path in ("/api/keys", "/api/webhooks/endpoints", "/api/audit", "/api/agents", "/api/me"):
        shown += (await person.get(path)).text
    for secret in (made["text"], hook["secret"], *_secrets(desk)):
        assert secret not in shown
    assert "$argon2" not in shown


def _kinds(text: str) -> list[str]:
    return [kind for kind, patterns in _patterns().items() if any(p.search(text) for p in patterns)]


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    """The patterns of all keys that are known by their form."""
    known = get_mapping_from_secret_type_to_class()
    patterns = {
        kind: list(detector().denylist)
        for kind, detector in known.items()
        if issubclass(detector, RegexBasedDetector) and not kind.startswith(_WITHOUT_A_FORM)
    }
    return {**patterns, "Graph API": [_METAS]}


def _secrets(desk: Desk) -> list[str]:
    """Every secret of the settings, wherever it stands."""
    found: list[str] = []
    names = type(desk.settings).model_fields
    groups = [desk.settings, *(getattr(desk.settings, name) for name in names)]
    for group in groups:
        for name in getattr(type(group), "model_fields", {}):
            value = getattr(group, name)
            if isinstance(value, SecretStr) and len(value.get_secret_value()) > 7:
                found.append(value.get_secret_value())
    return found
