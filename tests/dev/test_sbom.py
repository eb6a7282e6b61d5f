"""What the project is made of is written down whole, from the lock files, as CycloneDX."""

import json
import tomllib
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from dev import sbom

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sbom.LOCKS)
def test_a_bill_names_every_package_of_its_lock(name: str) -> None:
    lock = (ROOT / sbom.LOCKS[name]).read_text(encoding="utf-8")
    text = sbom.bill(name, lock)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    locked = {f"pkg:pypi/{one['name']}@{one['version']}" for one in tomllib.loads(lock)["package"]}
    named = {one["purl"] for one in bill["components"]}
    assert locked - named == {one for one in locked if one.startswith("pkg:pypi/balcao")}
    assert all(one["hashes"] for one in bill["components"])
    assert len(bill["dependencies"]) == len(bill["components"]) + 1
    assert sbom.bill(name, lock) == text, "the same lock gives the same bill"


def test_what_only_developers_need_is_told_apart() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    scopes = {
        one["name"]: one["scope"] for one in json.loads(sbom.bill("desk", lock))["components"]
    }
    assert scopes["fastapi"] == scopes["starlette"] == scopes["psycopg-binary"] == "required"
    assert scopes["pytest"] == scopes["schemathesis"] == "excluded"
