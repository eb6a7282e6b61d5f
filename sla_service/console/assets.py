"""The page's files: read once, named by what is in them, so that browsers may keep them."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from posixpath import join, normpath
from typing import Self

import orjson

FOLDER = Path(__file__).parent / "static"
LANGUAGES = ("pt-BR", "en")
BARE = {
    "preact": "vendor/preact.js",
    "preact/hooks": "vendor/hooks.js",
    "@preact/signals-core": "vendor/signals-core.js",
    "@preact/signals": "vendor/signals.js",
    "htm": "vendor/htm.js",
    "tinykeys": "vendor/tinykeys.js",
    "echarts": "vendor/echarts.js",
}
"""Modules that are called by their name, and the files that they are."""

_ENTRY = "app.js"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
# `import … from "x"`, `export … from "x"` and `import "x"`, but not `import("x")`.
_IMPORTED = re.compile(r"""(?:\bfrom|(?:^|;)\s*import)\s*["']([^"']+)["']""", re.MULTILINE)
_RULES = (
    "default-src 'none'",
    "script-src 'self' {import_map}",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
)


@dataclass(frozen=True)
class Assets:
    """Files by path, the version that their contents make, pages, and words by language."""

    files: Mapping[str, tuple[bytes, str]]
    version: str
    pages: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls, folder: Path = FOLDER) -> Self:
        """Read a folder of files, with its folders, and of page templates (`*.html`)."""
        paths = sorted(path for path in folder.rglob("*") if path.suffix in _TYPES)
        contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        digest = hashlib.sha256()
        for name, content in contents.items():
            digest.update(f"{name}:{len(content)}:".encode() + content)
        return cls(
            files={
                name: (content, _TYPES[Path(name).suffix]) for name, content in contents.items()
            },
            version=digest.hexdigest()[:16],
            pages={path.stem: path.read_text() for path in sorted(folder.glob("*.html"))},
            words={tag: orjson.loads(contents[f"{tag}.json"]) for tag in LANGUAGES},
        )

    def page(self, name: str, language: str, **values: str) -> str:
        """A page in a language: `{{key}}` is a word, or one of `values`."""
        html = self.pages[name]
        words = {**self.words[language], **values, "lang": language, "version": self.version}
        for key, word in words.items():
            html = html.replace("{{" + key + "}}", escape(word))
        return html.replace("{{imports}}", self.import_map).replace("{{ahead}}", self._ahead)

    @cached_property
    def import_map(self) -> str:
        """Where the modules are that are called by name."""
        found = {name: self._address(path) for name, path in BARE.items() if path in self.files}
        return orjson.dumps({"imports": found}).decode()

    @cached_property
    def policy(self) -> str:
        """What the page may do: run its own files, and the one import map by its hash."""
        digest = b64encode(hashlib.sha256(self.import_map.encode()).digest()).decode()
        return "; ".join(_RULES).format(import_map=f"'sha256-{digest}'")

    @cached_property
    def _ahead(self) -> str:
        """Links by which a browser fetches at once what it would find out about step by step."""
        found = [path for path in self._needed(_ENTRY, set()) if path != _ENTRY]
        return "\n    ".join(f'<link rel="modulepreload" href="{self._address(p)}">' for p in found)

    def _needed(self, path: str, seen: set[str]) -> Iterator[str]:
        """A module and those it can't begin without."""
        if path in seen or path not in self.files:
            return
        seen.add(path)
        yield path
        for name in _IMPORTED.findall(self.files[path][0].decode()):
            wanted = normpath(join(path, "..", name)) if name.startswith(".") else BARE.get(name)
            if wanted:
                yield from self._needed(wanted, seen)

    def _address(self, path: str) -> str:
        return f"/static/{self.version}/{path}"
