"""Rules of routing as a file that people edit."""

from collections.abc import Sequence

import yaml
from pydantic import ValidationError

from sla_service.errors import DomainError
from sla_service.handoff.routing import Rule, Rules

_HEAD = """\
# Regras de encaminhamento: a primeira que combinar vale. Veja docs/handoff.md.
# Rules of routing: the first that fits counts. See docs/handoff.md.
"""


class RulesUnreadable(DomainError):
    """These rules can't be used."""

    status = 422


def parse(text: str) -> list[Rule]:
    """The rules of a file. Raises RulesUnreadable, with every fault and where it is."""
    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RulesUnreadable(why=str(error)) from error
    try:
        return Rules.model_validate(said).rules
    except ValidationError as error:
        faults = [f"{_where(fault['loc'], said)}: {fault['msg']}" for fault in error.errors()]
        raise RulesUnreadable(why="; ".join(faults)) from error


def dump(rules: Sequence[Rule]) -> str:
    """Rules as a file; what is left open is left out."""
    plain = [rule.model_dump(mode="json", exclude_defaults=True) for rule in rules]
    text = yaml.safe_dump({"rules": plain}, allow_unicode=True, sort_keys=False)
    return f"{_HEAD}{text}"


def _where(path: tuple[int | str, ...], said: object) -> str:
    """A fault's place as people look for it: the rule's name, and the part of it."""
    if len(path) < 2 or not isinstance(said, dict):
        return ".".join(map(str, path)) or "the file"
    number, *part = path[1:]
    rule = said["rules"][number] if isinstance(number, int) else None
    name = rule.get("name") if isinstance(rule, dict) else None
    return ".".join(map(str, [name or f"rule {int(number) + 1}", *part]))
