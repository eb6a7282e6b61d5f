"""Articles as Markdown files with front matter, and what is wrong with them, by file and line."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from sla_service.errors import DomainError
from sla_service.knowledge.folding import LANGUAGES

_FENCE = "---"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LINK = re.compile(r"\]\(([^)\s]*)[^)]*\)")
_OUTWARD = re.compile(r"https://|#|mailto:")
_TEXTS: Mapping[str, tuple[int, int]] = {"title": (5, 90), "answer": (20, 600)}
_LISTS: Mapping[str, tuple[int, int]] = {"tags": (1, 40), "questions": (3, 40)}
_SLUGS = ("id", "slug")
_KNOWN = ("id", "language", "slug", "title", "updated", "tags", "questions", "answer")
_LONGEST_BODY = 20_000
_LONGEST_ITEM = 160


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one language."""

    key: str
    """What it is called in every language."""
    language: str
    slug: str
    """The last part of its address."""
    title: str
    answer: str
    """What the bot says."""
    body: str
    """The whole of it, as Markdown."""
    updated: date
    tags: tuple[str, ...]
    questions: tuple[str, ...]
    """How people ask for it."""
    digest: str
    """Of the file."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to put right; lines count from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ArticlesFaulty(DomainError):
    """The articles can't be used as they are."""

    status = 422

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__(problems=[str(fault) for fault in self.faults])


def read(folder: Path) -> list[Article]:
    """All articles below `<folder>/<language>/`. Raises ArticlesFaulty with everything found."""
    articles: list[Article] = []
    faults: list[Fault] = []
    places: dict[tuple[str, str], str] = {}
    for path in sorted(folder.glob("**/*.md")):
        name = path.relative_to(folder).as_posix()
        found = parse(name, path.read_bytes())
        if isinstance(found, Article):
            articles.append(found)
            places.setdefault((found.language, found.key), name)
        else:
            faults += found
    if not articles and not faults:
        faults.append(Fault(folder.name, 1, "there is no article (*.md) in this folder"))
    faults += _between(articles, places)
    if faults:
        raise ArticlesFaulty(faults)
    return articles


def parse(name: str, content: bytes) -> Article | list[Fault]:
    """The article in a file, or all that is wrong with it."""
    try:
        text = content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return [Fault(name, line, "this is not UTF-8")]
    front, body, begins = _parted(text)
    if front is None:
        return [Fault(name, 1, f"front matter is missing: it stands between two lines of {_FENCE}")]
    data, lines, faults = _front(name, front)
    faults += _checked(name, data, lines)
    if not body.strip():
        faults.append(Fault(name, begins, "the article itself is missing below the front matter"))
    if len(body) > _LONGEST_BODY:
        faults.append(Fault(name, begins, f"the article is longer than {_LONGEST_BODY} letters"))
    if faults:
        return faults
    return Article(
        key=data["id"],
        language=data["language"],
        slug=data["slug"],
        title=data["title"],
        answer=data["answer"],
        body=body.strip(),
        updated=date.fromisoformat(data["updated"]),
        tags=tuple(data["tags"]),
        questions=tuple(data["questions"]),
        digest=sha256(content).hexdigest(),
    )


def _parted(text: str) -> tuple[str | None, str, int]:
    """Front matter, body, and the line on which the body begins."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return None, text, 1
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    return None, text, 1


def _front(name: str, front: str) -> tuple[dict[str, Any], dict[str, int], list[Fault]]:
    """The fields as text and lists of text, and the line of each."""
    data: dict[str, Any] = {}
    lines: dict[str, int] = {}
    faults: list[Fault] = []
    try:
        node = yaml.compose(front, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = mark.line + 2 if mark else 1
        hint = " (put a text with a colon in quotes)" if "mapping values" in str(error) else ""
        return data, lines, [Fault(name, where, f"this is no YAML: {error.problem}{hint}")]
    except yaml.reader.ReaderError as error:
        line = front.count("\n", 0, error.position) + 2
        return data, lines, [Fault(name, line, "there is a character that YAML doesn't know")]
    if not isinstance(node, yaml.MappingNode):
        return data, lines, [Fault(name, 2, "front matter is `field: value`, one on each line")]
    for key, value in node.value:
        field, line = str(key.value), key.start_mark.line + 2
        if field in lines:
            faults.append(Fault(name, line, f"{field} stands here twice"))
        elif field not in _KNOWN:
            known = ", ".join(_KNOWN)
            faults.append(Fault(name, line, f"there is no field {field}; there are {known}"))
        lines[field] = line
        data[field] = _plain(value)
    return data, lines, faults


def _plain(node: yaml.Node) -> object:
    if isinstance(node, yaml.SequenceNode):
        return [_text(one) for one in node.value]
    return _text(node)


def _text(node: yaml.Node) -> str | None:
    return " ".join(node.value.split()) if isinstance(node, yaml.ScalarNode) else None


def _checked(name: str, data: Mapping[str, Any], lines: Mapping[str, int]) -> Iterator[Fault]:
    for field in _KNOWN:
        if field not in data:
            if lines:
                yield Fault(name, 1, f"{field} is missing")
            continue
        message = _wrong(field, data[field], name)
        if message:
            yield Fault(name, lines[field], message)


def _wrong(field: str, value: object, name: str) -> str | None:
    """Why a field can't be as it is; None when it can."""
    if field in _LISTS:
        return _wrong_list(field, value)
    if not isinstance(value, str) or not value:
        return f"{field} is one text"
    if field in _TEXTS:
        least, most = _TEXTS[field]
        is_long = not least <= len(value) <= most
        return f"{field} has {len(value)} letters; {least} to {most} it is" if is_long else None
    if field in _SLUGS:
        fits = _SLUG.fullmatch(value)
        return None if fits else f"{field} is made of a to z, digits and single hyphens"
    return _wrong_language(value, name) if field == "language" else _wrong_day(value)


def _wrong_language(value: str, name: str) -> str | None:
    if value not in LANGUAGES:
        return f"language is one of {', '.join(LANGUAGES)}"
    folder = PurePosixPath(name).parts[0]
    return None if value == folder else f"language is {value}, but the folder is {folder}/"


def _wrong_list(field: str, value: object) -> str | None:
    least, most = _LISTS[field]
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        return f"{field} is a list of texts"
    if not least <= len(value) <= most:
        return f"{field} has {len(value)} entries; {least} to {most} it is"
    long = next((one for one in value if len(one) > _LONGEST_ITEM), None)
    return f"{field}: “{long[:20]}…” is longer than {_LONGEST_ITEM} letters" if long else None


def _wrong_day(value: str) -> str | None:
    try:
        is_day = date.fromisoformat(value).isoformat() == value
    except ValueError:
        is_day = False
    return None if is_day else "updated is a day such as 2026-11-20"


def _between(articles: Sequence[Article], places: Mapping[tuple[str, str], str]) -> list[Fault]:
    """What is wrong with articles beside each other."""
    faults: list[Fault] = []
    slugs: dict[tuple[str, str], str] = {}
    keys: set[tuple[str, str]] = set()
    for one in articles:
        place = places[one.language, one.key]
        if (one.language, one.key) in keys:
            faults.append(Fault(place, 1, f"id {one.key} is in {one.language}/ twice"))
        keys.add((one.language, one.key))
        other = slugs.setdefault((one.language, one.slug), one.key)
        if other != one.key:
            faults.append(Fault(place, 1, f"slug {one.slug} is that of {other} already"))
    for language, key in sorted(keys):
        for missing in (other for other in LANGUAGES if (other, key) not in keys):
            message = f"there is no article with id {key} in {missing}/"
            faults.append(Fault(places[language, key], 1, message))
    for one in articles:
        for target in _LINK.findall(one.body):
            if not _OUTWARD.match(target) and (one.language, target) not in slugs:
                message = f"the link to {target or 'nowhere'} leads to no article"
                faults.append(Fault(places[one.language, one.key], 1, message))
    return faults
