"""Approved templates: what they hold open, and the message that fills them in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sla_service.whatsapp.compose import Composed
from sla_service.whatsapp.values import MessageKind

_HOLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_REFUSED = re.compile(r"[\n\t]| {5}")
_LONGEST_VALUE = 1024


class Unfillable(Exception):
    """A value is missing, unknown, or holds what the channel refuses; the text says which."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Something a template leaves open.

    `key` is what its value is called: the name in the body's text; `header.` and the name;
    `button.` and the button's place.
    """

    key: str
    part: str
    name: str
    example: str | None


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a template's text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template, in one language."""

    name: str
    language: str
    category: str
    is_named: bool
    header: str
    body: str
    footer: str
    buttons: tuple[Button, ...]
    holes: tuple[Hole, ...]


def read(raw: Mapping[str, Any]) -> Template | None:
    """A template as the channel lists it; None when more than texts would have to be filled in."""
    if raw.get("status") != "APPROVED":
        return None
    parts = {str(one.get("type")).upper(): one for one in raw.get("components") or ()}
    header = parts.get("HEADER", {})
    body = parts.get("BODY", {})
    if header.get("format", "TEXT") != "TEXT" or not isinstance(body.get("text"), str):
        return None
    buttons = list(parts.get("BUTTONS", {}).get("buttons") or ())
    if any(one.get("type") not in {"QUICK_REPLY", "URL", "PHONE_NUMBER"} for one in buttons):
        return None
    holes = [*_holes(header, "header", "header."), *_holes(body, "body", "")]
    holes += [
        Hole(f"button.{place}", "button", str(place), str(one.get("text", "")))
        for place, one in enumerate(buttons)
        if one["type"] == "URL" and _HOLE.search(str(one.get("url", "")))
    ]
    return Template(
        name=str(raw.get("name")),
        language=str(raw.get("language")),
        category=str(raw.get("category", "")).lower(),
        is_named=str(raw.get("parameter_format", "")).upper() == "NAMED",
        header=str(header.get("text", "")),
        body=body["text"],
        footer=str(parts.get("FOOTER", {}).get("text", "")),
        buttons=tuple(Button(one["type"].lower(), str(one.get("text", ""))) for one in buttons),
        holes=tuple(holes),
    )


def fill(template: Template, values: Mapping[str, str]) -> Composed:
    """The message of a template with its holes filled. Raises Unfillable."""
    _check(template, values)
    components = list(_components(template, values))
    sent: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
    if components:
        sent["components"] = components
    shown = [_filled(template, "header", values), _filled(template, "body", values)]
    text = "\n\n".join(part for part in (*shown, template.footer) if part)
    content: dict[str, Any] = {"template": {"name": template.name, "language": template.language}}
    if template.buttons:
        content["options"] = [{"title": one.text, "payload": one.text} for one in template.buttons]
    return Composed({"type": "template", "template": sent}, MessageKind.TEXT, text, content)


def _holes(part: Mapping[str, Any], kind: str, prefix: str) -> Iterator[Hole]:
    names = dict.fromkeys(_HOLE.findall(str(part.get("text", ""))))
    for name in sorted(names, key=lambda one: (not one.isdecimal(), len(one), one)):
        yield Hole(f"{prefix}{name}", kind, name, _example(part, kind, name))


def _example(part: Mapping[str, Any], kind: str, name: str) -> str | None:
    """What whoever wrote the template gave as an example, where it can be found."""
    examples = part.get("example")
    if not isinstance(examples, dict):
        return None
    for one in examples.get(f"{kind}_text_named_params") or ():
        if isinstance(one, dict) and one.get("param_name") == name:
            return str(one.get("example"))
    listed = examples.get(f"{kind}_text")
    row = listed[0] if kind == "body" and isinstance(listed, list) and listed else listed
    if isinstance(row, list) and name.isdecimal() and 0 < int(name) <= len(row):
        return str(row[int(name) - 1])
    return None


def _check(template: Template, values: Mapping[str, str]) -> None:
    keys = {hole.key for hole in template.holes}
    for key in sorted(keys | values.keys()):
        if key not in keys:
            raise Unfillable(f"{key}: this template has no such place")
        value = values.get(key, "")
        if not value.strip():
            raise Unfillable(f"{key}: empty")
        if len(value) > _LONGEST_VALUE or _REFUSED.search(value):
            raise Unfillable(f"{key}: over {_LONGEST_VALUE} signs, a new line, or many spaces")


def _components(template: Template, values: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for part in ("header", "body"):
        holes = [hole for hole in template.holes if hole.part == part]
        if holes:
            filled = [_parameter(template, hole, values[hole.key]) for hole in holes]
            yield {"type": part, "parameters": filled}
    for hole in template.holes:
        if hole.part == "button":
            yield {
                "type": "button",
                "sub_type": "url",
                "index": hole.name,
                "parameters": [{"type": "text", "text": values[hole.key]}],
            }


def _parameter(template: Template, hole: Hole, value: str) -> dict[str, str]:
    name = {"parameter_name": hole.name} if template.is_named else {}
    return {"type": "text", **name, "text": value}


def _filled(template: Template, part: str, values: Mapping[str, str]) -> str:
    text = template.header if part == "header" else template.body
    prefix = "header." if part == "header" else ""
    return _HOLE.sub(lambda hole: values[prefix + hole[1]], text)
