"""The committed description of the API is what the routes say."""

import json
from collections import Counter

from sla_service import openapi


def test_the_description_is_the_one_of_this_version() -> None:
    assert openapi.PATH.read_text(encoding="utf-8") == openapi.render(), (
        "write it anew: .venv/bin/python -m sla_service.openapi"
    )


def test_every_route_is_called_by_its_function_and_says_what_it_does() -> None:
    paths = openapi.document()["paths"]
    operations = [operation for methods in paths.values() for operation in methods.values()]
    names = Counter(operation["operationId"] for operation in operations)
    assert [name for name, count in names.items() if count > 1] == []
    assert all(name.isidentifier() for name in names)
    assert [one["operationId"] for one in operations if not one.get("description")] == []


def test_the_description_can_be_read_again() -> None:
    assert json.loads(openapi.render())["openapi"].startswith("3.1")
