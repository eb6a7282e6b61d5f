"""What is the matter with a policy document, said with the line to look at."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import ClassVar

from sla_service.errors import DomainError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to look at; `where` is a path such as `policies[2].targets.first_response`."""

    line: int
    """Counted from 1."""
    where: str
    message: str
    is_warning: bool = False
    """Whether the document may be used all the same."""

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return f"line {self.line}{place}: {self.message}"


class PolicyErrors(DomainError):
    """The policies can't be used as they are."""

    status: ClassVar[int] = 422

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(problems=[asdict(one) for one in self.problems])

    def __str__(self) -> str:
        return "\n".join((self.title, *map(str, self.problems)))


def unknown(word: str, known: Iterable[str], what: str = "") -> str:
    """A sentence about a word that is not known, with the one that was probably meant."""
    known = list(known)
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    hint = f"did you mean `{near[0]}`?" if near else f"known are {listed(known)}."
    subject = f"{what} `{word}`" if what else f"`{word}`"
    return f"{subject[:1].upper()}{subject[1:]} is not known here; {hint}"


def listed(words: Iterable[str]) -> str:
    """Words in a sentence: `a`, `b` and `c`."""
    quoted = [f"`{word}`" for word in words]
    if len(quoted) < 2:
        return "".join(quoted) or "none"
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"
