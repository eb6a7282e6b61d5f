"""YAML as plain data, with the line each part stands on and without the surprises of YAML 1.1.

Only `true`, `false`, `null` and whole numbers are more than text, so that `18:00`, `no` and
`2026-12-24` arrive as they were written.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from sla_service.sla.problems import Problem, Remark, about

Path = tuple[str | int, ...]
_DEEPEST = 12
_LARGEST = 20_000
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}", re.ASCII)
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq")}


@dataclass(slots=True)
class Marked:
    """The data of a document, the line of each part, and what is wrong with its form."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def nearest(self, path: Path) -> Path:
        """The longest beginning of `path` that stands in the document.

        Steps that are no part of it, such as a validator's name, are left out.
        """
        place: Path = ()
        for step in path:
            if (*place, step) in self.lines:
                place = (*place, step)
        return place

    def value(self, path: Path) -> Any:
        """What stands at a path of the document."""
        value = self.data
        for step in path:
            value = value[step]
        return value

    def problem(self, path: Path, remark: Remark, *, is_warning: bool = False) -> Problem:
        """Something about the part at `path`."""
        return Problem(self.lines.get(path, 1), spelled(path), remark, is_warning)


def read(text: str) -> Marked:
    """The document's data, as far as its form allows."""
    marked = Marked()
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
        if node is not None:
            marked.lines[()] = node.start_mark.line + 1
            marked.data = _Reader(marked).plain(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        line = mark.line + 1 if mark else 1
        marked.problems.append(Problem(line, "", about("not_yaml", said=said)))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        marked.problems.append(Problem(line, "", about("not_shown")))
    except RecursionError:
        marked.problems.append(Problem(1, "", about("too_deep")))
    return marked


def spelled(path: Path) -> str:
    """`policies[2].name` for ("policies", 2, "name")."""
    words = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(words).removeprefix(".")


class _Reader:
    """One pass over a document; counts its parts, since aliases can blow few lines up to many."""

    def __init__(self, marked: Marked) -> None:
        self._marked = marked
        self._left = _LARGEST

    def plain(self, node: yaml.Node, path: Path) -> Any:
        self._left -= 1
        if self._left < 0 or len(path) > _DEEPEST:
            raise RecursionError
        if node.tag not in _TAGS:
            self._complain(node, path, about("tag", tag=node.tag))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            for place, one in enumerate(node.value):
                self._marked.lines[(*path, place)] = one.start_mark.line + 1
            return [self.plain(one, (*path, place)) for place, one in enumerate(node.value)]
        return _scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._complain(key, path, about("key_no_word"))
                continue
            here = (*path, key.value)
            if key.value in mapping:
                first = self._marked.lines[here]
                self._complain(key, here, about("key_twice", key=key.value, first=first))
                continue
            self._marked.lines[here] = key.start_mark.line + 1
            mapping[key.value] = self.plain(value, here)
        return mapping

    def _complain(self, node: yaml.Node, path: Path, remark: Remark) -> None:
        problem = Problem(node.start_mark.line + 1, spelled(path), remark)
        self._marked.problems.append(problem)


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style is not None:
        return text  # in quotes, or a block of text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    return int(text) if _NUMBER.fullmatch(text) else text
