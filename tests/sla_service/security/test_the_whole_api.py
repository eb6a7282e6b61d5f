"""Whatever the API is asked, it answers as its description says, and never breaks."""

import os
from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sla_service import openapi
from tests.sla_service.security.api import BOT, Asked
from tests.sla_service.web import expectations

_EACH = int(os.environ.get("API_REQUESTS", "3"))
"""Requests to each route, as it wants them and as it doesn't."""
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
_THERE = {"conversation_id": 1, "number": 1, "message_id": 1, "agent_id": 1, "reply_id": 1}
"""What the desk has, so that not every answer is that it is not there."""


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_every_route_answers_as_described(asked: Asked, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_dict(openapi.document())
    operations = [one.ok() for one in schema.get_all_operations()]
    assert len(operations) > 100
    faults = {one.label: _faults(asked, one, mode) for one in operations}
    assert {label: found[0] for label, found in faults.items() if found} == {}


def _faults(
    asked: Asked, operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode
) -> list[str]:
    found: list[str] = []
    route = (operation.method.upper(), operation.path)
    is_for_bot = expectations.EXPECTED[route] is expectations.BOT

    @seed(4)
    @settings(
        max_examples=_EACH,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), is_there=st.booleans())
    def ask(case: Case, is_there: bool) -> None:
        if is_there:
            known = _THERE.keys() & case.path_parameters.keys()
            case.path_parameters.update({name: _THERE[name] for name in known})
        try:
            answer = asked.request(BOT if is_for_bot else asked.as_admin(), **_sent(case))
            case.validate_response(answer, checks=_CHECKS)
        except* Exception as faults:  # noqa: BLE001 - each is shown
            found.extend(str(fault)[:1000] for fault in faults.exceptions)

    try:
        ask()
    except Unsatisfiable:
        return []  # there is no wrong way to ask for it
    return found


def _sent(case: Case) -> dict[str, Any]:
    """The request, for another client than the one it was written for."""
    sent: Mapping[str, Any] = case.as_transport_kwargs(base_url="http://desk.test")
    names = {"method", "url", "params", "json", "headers", "files"}
    kept = {name: value for name, value in sent.items() if name in names}
    return kept if sent.get("data") is None else {**kept, "content": sent["data"]}
