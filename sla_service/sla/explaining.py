"""What the models found wrong with a document, as sentences with lines."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sla_service.sla.marked_yaml import Marked, Path, spelled
from sla_service.sla.policy_document import Document
from sla_service.sla.problems import Problem, unknown

_A_MAPPING = "Lines of the form `key: value` are expected here."
_SENTENCES = {
    "model_type": _A_MAPPING,
    "dict_type": _A_MAPPING,
    "list_type": "A list is expected here.",
    "tuple_type": "A list is expected here.",
    "string_type": "Write a word or a text here.",
    "bool_type": "Write yes or no.",
    "bool_parsing": "Write yes or no.",
    "int_type": "Write a whole number here.",
    "int_parsing": "Write a whole number here.",
}


def explained(refused: ValidationError, marked: Marked) -> Iterator[Problem]:
    """A problem for each fault that the models found."""
    for error in refused.errors(include_url=False):
        path = marked.nearest(error["loc"])
        if path[:1] == ("policies",) and len(path) > 1 and marked.value(path) is None:
            continue  # an empty place is told as such
        where = spelled((*path, error["loc"][-1]) if error["type"] == "missing" else path)
        yield Problem(marked.lines.get(path, 1), where, _sentence(error, path))


def _sentence(error: ErrorDetails, path: Path) -> str:
    kind = error["type"]
    if kind == "missing":
        return f"`{error['loc'][-1]}` is missing."
    if kind == "extra_forbidden":
        return unknown(str(path[-1]), _keys_beside(path))
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return _SENTENCES.get(kind) or f"{error['msg'].rstrip('.')}."


def _keys_beside(path: Path) -> list[str]:
    """The keys that may stand where `path` ends."""
    model: type[BaseModel] = Document
    for step in path[:-1]:
        field = model.model_fields.get(step) if isinstance(step, str) else None
        model = (_model_in(field.annotation) if field else None) or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model within `dict[str, Model]`, `Model | None` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _model_in(one))), None)
