"""What the project is made of: a CycloneDX bill of materials for each lock file."""

import argparse
import json
import sys
import tomllib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from dev import places
from dev.progress import Progress

LOCKS: Mapping[str, str] = {"desk": "uv.lock", "bot": "bot/uv.lock"}
"""What is locked, by what it is for."""
_VERSION = SchemaVersion.V1_6
_ROOT = "root"
_OURS = uuid.UUID("6c0a6a35-3f4f-5a0e-9d39-3f2c6a2e8c11")

type Package = dict[str, Any]


class NotCycloneDX(Exception):
    """A bill is not as CycloneDX' schema wants it."""


def main(arguments: Sequence[str]) -> int:
    """Write the bills, each checked against CycloneDX' schema."""
    parser = argparse.ArgumentParser(prog="bin/sbom", description=__doc__)
    parser.add_argument("--folder", type=Path, help="where to (var/sbom)")
    asked = parser.parse_args(arguments)
    here = places.find()
    folder = asked.folder or here.var / "sbom"
    folder.mkdir(parents=True, exist_ok=True)
    progress = Progress()
    for name, lock in LOCKS.items():
        with progress.step(f"The bill of materials of {lock}"):
            text = bill(name, (here.root / lock).read_text(encoding="utf-8"))
            (folder / f"{name}.cdx.json").write_text(text, encoding="utf-8")
    print(f"Written to {folder}")
    return 0


def bill(name: str, lock: str) -> str:
    """A lock file as CycloneDX JSON; the same lock gives the same bill. Raises NotCycloneDX."""
    packages: list[Package] = tomllib.loads(lock)["package"]
    root = next(one for one in packages if "virtual" in one["source"])
    others = {_key(one): one for one in packages if one is not root}
    needed = set(_reached(packages, root.get("dependencies", ())))
    components = {key: _component(one, key in needed) for key, one in others.items()}
    whole = Component(name=f"balcao-{name}", type=ComponentType.APPLICATION, bom_ref=_ROOT)
    bom = Bom(
        serial_number=uuid.uuid5(_OURS, lock),
        components=components.values(),
        dependencies=[
            _dependency(root, _ROOT, packages),
            *(_dependency(one, key, packages) for key, one in others.items()),
        ],
    )
    bom.metadata.component = whole
    written = json.loads(make_outputter(bom, OutputFormat.JSON, _VERSION).output_as_string())
    del written["metadata"]["timestamp"]  # it follows from the lock file alone
    text = json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    fault = JsonStrictValidator(_VERSION).validate_str(text)
    if fault is not None:
        raise NotCycloneDX(str(fault)[:500])
    return text


def _key(package: Package) -> str:
    return f"{package['name']}@{package['version']}"


def _component(package: Package, is_needed: bool) -> Component:
    url = PackageURL("pypi", name=package["name"], version=package["version"])
    files = [*package.get("wheels", ()), package.get("sdist", {})]
    hashes = {one["hash"].partition(":")[2] for one in files if "hash" in one}
    return Component(
        name=package["name"],
        version=package["version"],
        type=ComponentType.LIBRARY,
        bom_ref=_key(package),
        purl=url,
        scope=ComponentScope.REQUIRED if is_needed else ComponentScope.EXCLUDED,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in sorted(hashes)],
    )


def _reached(packages: Sequence[Package], wanted: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Everything that what is `wanted` stands on."""
    seen: set[str] = set()
    waiting = list(wanted)
    while waiting:
        for found in _meant(packages, waiting.pop()):
            if _key(found) not in seen:
                seen.add(_key(found))
                waiting += found.get("dependencies", ())
                waiting += [
                    one
                    for extra in found.get("optional-dependencies", {}).values()
                    for one in extra
                ]
    yield from seen


def _meant(packages: Sequence[Package], wanted: Mapping[str, Any]) -> list[Package]:
    """The packages a dependency may mean: a lock may hold several versions of one."""
    named = [one for one in packages if one["name"] == wanted["name"]]
    return [one for one in named if wanted.get("version", one["version"]) == one["version"]]


def _dependency(package: Package, ref: str, packages: Sequence[Package]) -> Dependency:
    wanted = [
        *package.get("dependencies", ()),
        *(one for group in package.get("dev-dependencies", {}).values() for one in group),
        *(one for extra in package.get("optional-dependencies", {}).values() for one in extra),
    ]
    keys = {_key(found) for one in wanted for found in _meant(packages, one)}
    refs = [Dependency(ref=BomRef(key)) for key in sorted(keys)]
    return Dependency(ref=BomRef(ref), dependencies=refs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
