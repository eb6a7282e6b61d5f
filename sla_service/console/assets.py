"""The page's files: read once, named by what is in them, so that browsers may keep them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Self

import orjson

FOLDER = Path(__file__).parent / "static"
LANGUAGES = ("pt-BR", "en")
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Assets:
    """Files by name, the version that their contents make, pages, and words by language."""

    files: Mapping[str, tuple[bytes, str]]
    version: str
    pages: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls, folder: Path = FOLDER) -> Self:
        """Read a folder of files and of page templates (`*.html`)."""
        paths = sorted(folder.iterdir())
        contents = {path.name: path.read_bytes() for path in paths if path.suffix in _TYPES}
        digest = hashlib.sha256()
        for name, content in contents.items():
            digest.update(f"{name}:{len(content)}:".encode() + content)
        return cls(
            files={
                name: (content, _TYPES[Path(name).suffix]) for name, content in contents.items()
            },
            version=digest.hexdigest()[:16],
            pages={path.stem: path.read_text() for path in paths if path.suffix == ".html"},
            words={tag: orjson.loads(contents[f"{tag}.json"]) for tag in LANGUAGES},
        )

    def page(self, name: str, language: str, **values: str) -> str:
        """A page in a language: `{{key}}` is a word, or one of `values`."""
        html = self.pages[name]
        words = {**self.words[language], **values, "lang": language, "version": self.version}
        for key, word in words.items():
            html = html.replace("{{" + key + "}}", escape(word))
        return html
