"""What the Graph API takes as an interactive message: buttons, lists, links and requests."""

from collections.abc import Callable
from typing import Any

from simulator.refusals import GraphError
from simulator.values import choice, is_link, items, obj, string
from simulator.world import Json

_HEADERS = {"text", "image", "video", "document"}


def check_interactive(value: Any) -> None:
    """Refuse an interactive object with a part missing, too long or too many."""
    interactive = obj(value, "interactive")
    kind = choice(interactive.get("type"), "interactive['type']", _KINDS)
    longest_body, check_action = _KINDS[kind]
    body = obj(interactive.get("body"), "interactive['body']")
    string(body.get("text"), "interactive['body']['text']", longest=longest_body)
    if "footer" in interactive:
        footer = obj(interactive["footer"], "interactive['footer']")
        string(footer.get("text"), "interactive['footer']['text']", longest=60)
    if "header" in interactive:
        _check_header(obj(interactive["header"], "interactive['header']"), kind)
    check_action(obj(interactive.get("action"), "interactive['action']"))


def _check_header(header: Json, kind: str) -> None:
    allowed = {"text"} if kind == "list" else _HEADERS
    if kind.endswith(("_message", "_info")):
        raise GraphError(131009, f"Param interactive['header'] is not allowed for {kind}.")
    shape = header.get("type")
    if not isinstance(shape, str) or shape not in allowed:
        raise GraphError(131009, f"Param interactive['header']['type'] is wrong for {kind}.")
    if shape == "text":
        string(header.get("text"), "interactive['header']['text']", longest=60)
        return
    medium = obj(header.get(shape), f"interactive['header']['{shape}']")
    if ("id" in medium) == ("link" in medium):
        raise GraphError(100, "Exactly one of id and link is required in the header.")


def _check_buttons(action: Json) -> None:
    buttons = items(action.get("buttons"), "interactive['action']['buttons']")
    if not 1 <= len(buttons) <= 3:
        raise GraphError(
            131009, "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3."
        )
    titles, ids = [], []
    for index, button in enumerate(buttons):
        name = f"interactive['action']['buttons'][{index}]"
        if obj(button, name).get("type") != "reply":
            raise GraphError(131009, f"Param {name}['type'] must be one of {{REPLY}}.")
        reply = obj(button.get("reply"), f"{name}['reply']")
        ids.append(string(reply.get("id"), f"{name}['reply']['id']", longest=256))
        titles.append(string(reply.get("title"), f"{name}['reply']['title']", longest=20))
    _check_unique(titles, "button titles")
    _check_unique(ids, "button ids")


def _check_list(action: Json) -> None:
    string(action.get("button"), "interactive['action']['button']", longest=20)
    sections = items(action.get("sections"), "interactive['action']['sections']")
    if not 1 <= len(sections) <= 10:
        raise GraphError(131009, "A list has 1 to 10 sections.")
    ids = []
    for index, section in enumerate(sections):
        name = f"interactive['action']['sections'][{index}]"
        shortest = 1 if len(sections) > 1 else 0
        title = obj(section, name).get("title", "")
        string(title, f"{name}['title']", longest=24, shortest=shortest)
        for number, row in enumerate(items(section.get("rows"), f"{name}['rows']")):
            ids.append(_check_row(row, f"{name}['rows'][{number}]"))
    if not 1 <= len(ids) <= 10:
        raise GraphError(131009, "Total row count exceed max allowed count: 10.")
    _check_unique(ids, "row ids")


def _check_row(value: Any, name: str) -> str:
    row = obj(value, name)
    string(row.get("title"), f"{name}['title']", longest=24)
    if "description" in row:
        string(row["description"], f"{name}['description']", longest=72, shortest=0)
    return string(row.get("id"), f"{name}['id']", longest=200)


def _check_link(action: Json) -> None:
    _check_name(action, "cta_url")
    parameters = obj(action.get("parameters"), "interactive['action']['parameters']")
    name = "interactive['action']['parameters']"
    string(parameters.get("display_text"), f"{name}['display_text']", longest=20)
    if not is_link(parameters.get("url")):
        raise GraphError(131009, f"Param {name}['url'] is not a valid URI.")


def _named(expected: str) -> Callable[[Json], None]:
    def check_action(action: Json) -> None:
        _check_name(action, expected)

    return check_action


def _check_name(action: Json, expected: str) -> None:
    if action.get("name") != expected:
        raise GraphError(131009, f"Param interactive['action']['name'] must be {expected}.")


def _check_unique(values: list[str], what: str) -> None:
    if len(set(values)) != len(values):
        raise GraphError(131009, f"Duplicate {what} are not allowed.")


_KINDS: dict[str, tuple[int, Callable[[Json], None]]] = {
    "button": (1024, _check_buttons),
    "list": (4096, _check_list),
    "cta_url": (1024, _check_link),
    "location_request_message": (1024, _named("send_location")),
    "request_contact_info": (1024, _named("request_contact_info")),
}
