"""What the models found wrong with a document, as sentences with lines."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sla_service.sla.marked_yaml import Marked, Path, spelled
from sla_service.sla.policy_document import Document
from sla_service.sla.problems import Problem, Remark, Wrong, about, unknown

_REMARKS = {
    "model_type": "mapping",
    "dict_type": "mapping",
    "list_type": "list",
    "tuple_type": "list",
    "string_type": "text",
    "bool_type": "yes_or_no",
    "bool_parsing": "yes_or_no",
    "int_type": "whole_number",
    "int_parsing": "whole_number",
}


def explained(refused: ValidationError, marked: Marked) -> Iterator[Problem]:
    """A problem for each fault that the models found."""
    for error in refused.errors(include_url=False):
        path = marked.nearest(error["loc"])
        if path[:1] == ("policies",) and len(path) > 1 and marked.value(path) is None:
            continue  # an empty place is told as such
        where = spelled((*path, error["loc"][-1]) if error["type"] == "missing" else path)
        yield Problem(marked.lines.get(path, 1), where, _remark(error, path))


def _remark(error: ErrorDetails, path: Path) -> Remark:
    kind = error["type"]
    if kind == "missing":
        return about("missing", name=error["loc"][-1])
    if kind == "extra_forbidden":
        return unknown(str(path[-1]), _keys_beside(path))
    if kind == "value_error" and isinstance(wrong := error["ctx"]["error"], Wrong):
        return wrong.remark
    if kind in _REMARKS:
        return about(_REMARKS[kind])
    return about("refused", said=error["msg"].rstrip("."))


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
