"""What the page is made of: files of others and an import map by hash, modules ahead."""

import hashlib
import re
import tomllib
from base64 import b64encode

import orjson
import pytest

from sla_service.console.assets import BARE, FOLDER, Assets

LIST = FOLDER.parent / "vendor.toml"
TYPES = FOLDER.parents[2] / "dev" / "typescript"
NOTICES = FOLDER.parents[2] / "THIRD_PARTY_NOTICES"
_LONGEST = 300  # lines of a module of our own
_STYLE = re.compile(r"""\bstyle=(?!\$\{\{)""")
_FOREIGN = re.compile(
    r"""\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function)\b"""
)


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets.read()


def _packages() -> list[dict[str, object]]:
    listed: list[dict[str, object]] = tomllib.loads(LIST.read_text())["package"]
    return listed


def test_types_are_checked_against_the_versions_that_the_page_brings_along() -> None:
    checked = orjson.loads((TYPES / "package.json").read_bytes())["devDependencies"]
    brought = {str(one["name"]): one["version"] for one in _packages()}
    both = checked.keys() & brought.keys()
    assert {"preact", "@preact/signals"} <= both
    assert {name: checked[name] for name in both} == {name: brought[name] for name in both}


def _listed() -> dict[str, str]:
    return {
        one["to"]: one["sha256"]
        for package in _packages()
        for one in package["files"]  # type: ignore[attr-defined]
    }


def _ours() -> dict[str, str]:
    return {
        path.relative_to(FOLDER).as_posix(): path.read_text()
        for path in FOLDER.rglob("*.js")
        if path.parent.name != "vendor"
    }


def test_files_of_others_are_those_that_are_listed() -> None:
    there = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (FOLDER / "vendor").iterdir()
    }
    assert there == _listed()


def test_every_package_has_its_notice() -> None:
    notices = NOTICES.read_text()
    for package in _packages():
        assert f"{package['name']} {package['version']} ({package['licence']})" in notices


def test_the_one_inline_script_is_the_import_map_that_the_policy_names(assets: Assets) -> None:
    page = assets.page("index", "pt-BR")
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", page, re.DOTALL)
    assert inline == [assets.import_map]
    digest = b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in assets.policy
    assert "unsafe" not in assets.policy
    assert not re.search(r"\bon\w+=|\bstyle=", page)


def test_every_module_called_by_name_is_there(assets: Assets) -> None:
    imports = orjson.loads(assets.import_map)["imports"]
    assert set(imports) == set(BARE)
    for address in imports.values():
        assert address.removeprefix(f"/static/{assets.version}/") in assets.files
    asked = {
        name
        for source in _ours().values()
        for name in re.findall(r"""(?:\bfrom|\bimport\()\s*["']([^."'][^"']*)["']""", source)
    }
    assert asked <= set(BARE)


def test_what_the_page_begins_with_is_loaded_ahead_and_nothing_else(assets: Assets) -> None:
    page = assets.page("index", "en")
    ahead = set(re.findall(r'modulepreload" href="/static/\w+/([^"]+)"', page))
    assert {"store/conversations.js", "queue/queue.js", "vendor/preact.js"} <= ahead
    assert not {name for name in ahead if name.startswith(("reports/", "settings/"))}
    assert "vendor/echarts.js" not in ahead


def test_a_module_finds_what_it_imports(assets: Assets) -> None:
    for name, source in _ours().items():
        for wanted in re.findall(r"""(?:\bfrom|\bimport\()\s*["'](\.[^"']+)["']""", source):
            path = (FOLDER / name).parent / wanted
            assert path.resolve().is_relative_to(FOLDER), (name, wanted)
            assert path.exists(), (name, wanted)


def test_modules_stay_readable_and_open_with_a_sentence() -> None:
    for name, source in _ours().items():
        assert source.count("\n") <= _LONGEST, name
        assert re.match(r"// .+[.?]\n", source), name


def test_the_page_writes_no_markup_from_strings_and_no_style_attributes() -> None:
    for name, source in _ours().items():
        assert not _FOREIGN.search(source), name
        assert not _STYLE.search(source), name


def test_another_version_of_a_file_has_another_address(assets: Assets) -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", assets.version)
    assert f"/static/{assets.version}/app.js" in assets.page("index", "pt-BR")
