"""What is the matter with a document, said with the line to look at and in either language."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, ClassVar, Final

from sla_service.errors import DomainError
from sla_service.sla.wording import words

ENGLISH: Final = "en"
"""What programs and the terminal are told in, unless they ask for another language."""

type Fact = str | int | tuple[str, ...] | "Remark"


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence among this room's words, and the facts that stand in it."""

    key: str
    facts: tuple[tuple[str, Fact], ...] = ()

    def said(self, language: str) -> str:
        """The sentence in a language."""
        facts = {name: _said(fact, language) for name, fact in self.facts}
        return str(words(language)["problems"][self.key].format(**facts))

    def __str__(self) -> str:
        return self.said(ENGLISH)


class Wrong(ValueError):
    """A part of a document isn't as it must be; `remark` says why."""

    def __init__(self, remark: Remark) -> None:
        self.remark = remark
        super().__init__(str(remark))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to look at; `where` is a path such as `policies[2].targets.first_response`."""

    line: int
    """Counted from 1."""
    where: str
    remark: Remark
    is_warning: bool = False
    """Whether the document may be used all the same."""

    @property
    def message(self) -> str:
        """What there is to say, in English."""
        return str(self.remark)

    def plain(self, language: str = ENGLISH) -> dict[str, Any]:
        """The problem as JSON holds it, in a language."""
        return {
            "line": self.line,
            "where": self.where,
            "message": self.remark.said(language),
            "is_warning": self.is_warning,
        }

    def said(self, language: str) -> str:
        """The problem as one line of text, in a language."""
        place = f" ({self.where})" if self.where else ""
        line = about("line", line=self.line, place=place, remark=self.remark)
        return line.said(language)

    def __str__(self) -> str:
        return self.said(ENGLISH)

    def __lt__(self, other: "Problem") -> bool:
        return self._rank() < other._rank()

    def _rank(self) -> tuple[int, str, str, bool]:
        return self.line, self.where, self.message, self.is_warning


class PolicyErrors(DomainError):
    """The policies can't be used as they are."""

    status: ClassVar[int] = 422

    def __init__(self, problems: Iterable[Problem], language: str = ENGLISH) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(problems=[one.plain(language) for one in self.problems])

    def __str__(self) -> str:
        return "\n".join((self.title, *map(str, self.problems)))


def about(key: str, /, **facts: Fact) -> Remark:
    """The sentence with a key, and its facts."""
    return Remark(key, tuple(facts.items()))


def unknown(word: str, known: Iterable[str], thing: Remark | None = None) -> Remark:
    """A sentence about a word that is not known, with the one that was probably meant."""
    known = tuple(known)
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    subject = about("thing", thing=thing, word=word) if thing else about("word", word=word)
    hint = about("known", words=known) if known else about("none_known")
    return about("unknown", subject=subject, hint=about("meant", word=near[0]) if near else hint)


def listed(quoted: Iterable[str], language: str = ENGLISH) -> str:
    """Words in a sentence: `a`, `b` and `c`."""
    several = [f"`{word}`" for word in quoted]
    if len(several) < 2:
        return "".join(several)
    return f"{', '.join(several[:-1])} {words(language)['and']} {several[-1]}"


def _said(fact: Fact, language: str) -> str:
    if isinstance(fact, Remark):
        return fact.said(language)
    return listed(fact, language) if isinstance(fact, tuple) else str(fact)
