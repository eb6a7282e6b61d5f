"""What the desk says by itself, in the words designers gave it under `data/`."""

from dataclasses import dataclass
from pathlib import Path

import yaml

LANGUAGES = ("pt", "en")
SEE_OPTIONS = "utter_desk_see_options"
_TOPICS = ("desk", "notices")


class WordingMissing(Exception):
    """A sentence of the desk is not in the designers' file in every language."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences by name and language."""

    sentences: dict[tuple[str, str], str]

    def say(self, name: str, language: str | None, **values: object) -> str:
        """The sentence `name`; a contact whose language isn't known is spoken to in Portuguese.

        Raises WordingMissing.
        """
        key = language if language in LANGUAGES else LANGUAGES[0]
        try:
            return self.sentences[name, key].format(**values)
        except KeyError as missing:
            raise WordingMissing(f"{name}: {missing}") from missing


def load(data_dir: Path) -> Wording:
    """Read the desk's sentences. Raises WordingMissing when one lacks a language."""
    sentences: dict[tuple[str, str], str] = {}
    for topic in _TOPICS:
        sentences |= _read(data_dir / topic / "responses.yml")
    return Wording(sentences)


def _read(path: Path) -> dict[tuple[str, str], str]:
    responses = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["responses"]
    sentences: dict[tuple[str, str], str] = {}
    for name, variations in responses.items():
        for variation in variations:
            for condition in variation.get("condition", []):
                if condition.get("name") == "language":
                    sentences[name, condition["value"]] = variation["text"]
        for language in LANGUAGES:
            if (name, language) not in sentences:
                raise WordingMissing(f"{path}: {name} has no text for {language}")
    return sentences
