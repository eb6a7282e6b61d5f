"""What the parts of a policy document must be to each other."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sla_service.sla.marked_yaml import Marked, Path
from sla_service.sla.policy import Metric
from sla_service.sla.policy_document import MatchDocument, PolicyDocument, Priority
from sla_service.sla.problems import Problem, about, unknown

_LADDER = ("bot", "agent", "senior")
_NEVER_STAND_STILL = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)
_FACTS = ("channel", "segment", "intent", "language", "tags")


def faults(marked: Marked) -> Iterator[Problem]:
    """What is wrong between parts that may each be right; looks at the data as it was written."""
    known = marked.data.get("calendars")
    calendars = list(known) if isinstance(known, Mapping) else []
    names: dict[str, int] = {}
    for path, policy in _policies(marked):
        yield from _left_empty(marked, path, policy)
        yield from _repeated_name(marked, path, policy, names)
        yield from _unknown_calendars(marked, path, policy, calendars)
        yield from _unordered_chain(marked, path, policy)


def doubts(marked: Marked, policies: tuple[PolicyDocument, ...]) -> Iterator[Problem]:
    """What may be meant, and probably isn't."""
    for place, policy in enumerate(policies):
        path: Path = ("policies", place)
        if _is_hidden(policy, policies[:place]):
            remark = about("never_chosen", name=policy.name)
            yield marked.problem((*path, "name"), remark, is_warning=True)
        for metric in _NEVER_STAND_STILL:
            if policy.pauses.get(metric):
                remark = about("pause_hides", metric=metric)
                yield marked.problem((*path, "pauses", metric.value), remark, is_warning=True)
    bare = [priority for priority in Priority if not _is_covered(priority, policies)]
    if bare:
        remark = about("nothing_promised")
        if len(bare) < len(Priority):
            remark = about("nothing_promised_of", priorities=tuple(bare))
        yield marked.problem(("policies",), remark, is_warning=True)


def _policies(marked: Marked) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    policies = marked.data.get("policies")
    for place, policy in enumerate(policies if isinstance(policies, list) else []):
        if isinstance(policy, Mapping):
            yield ("policies", place), policy


def _left_empty(marked: Marked, path: Path, value: Any) -> Iterator[Problem]:
    """A key without a value: to match anything because of a slip would be dangerous."""
    if value is None:
        yield marked.problem(path, about("left_empty"))
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for step, one in inner:
        yield from _left_empty(marked, (*path, step), one)


def _repeated_name(
    marked: Marked, path: Path, policy: Mapping[str, Any], names: dict[str, int]
) -> Iterator[Problem]:
    name = str(policy.get("name") or "").strip()
    here = (*path, "name")
    if name and name in names:
        yield marked.problem(here, about("name_twice", line=names[name], name=name))
    elif name:
        names[name] = marked.lines[here]


def _unknown_calendars(
    marked: Marked, path: Path, policy: Mapping[str, Any], known: list[str]
) -> Iterator[Problem]:
    named: dict[Path, Any] = {(*path, "calendar"): policy.get("calendar")}
    if isinstance(by_metric := policy.get("calendars"), Mapping):
        named |= {(*path, "calendars", metric): name for metric, name in by_metric.items()}
    for where, name in named.items():
        if isinstance(name, str | int) and str(name).strip() not in known:
            yield marked.problem(where, unknown(str(name), known, about("calendar")))


def _unordered_chain(marked: Marked, path: Path, policy: Mapping[str, Any]) -> Iterator[Problem]:
    """Each tier once, and those whose rank we know from below upwards."""
    chain = policy.get("escalation")
    seen: list[str] = []
    for place, step in enumerate(chain if isinstance(chain, list) else []):
        tier = step.get("tier") if isinstance(step, Mapping) else None
        if not isinstance(tier, str):
            continue
        where = (*path, "escalation", place, "tier")
        above = [one for one in seen if _rank(one) > _rank(tier) >= 0]
        if tier in seen:
            yield marked.problem(where, about("tier_twice", tier=tier))
        elif above:
            yield marked.problem(where, about("tier_order", tier=tier, above=above[0]))
        seen.append(tier)


def _rank(tier: str) -> int:
    return _LADDER.index(tier) if tier in _LADDER else -1


def _is_hidden(policy: PolicyDocument, earlier: tuple[PolicyDocument, ...]) -> bool:
    return all(
        any(_covers(wide, match, priority) for one in earlier for wide in _matches(one))
        for match in _matches(policy)
        for priority in match.priority or Priority
    )


def _is_covered(priority: Priority, policies: tuple[PolicyDocument, ...]) -> bool:
    everything = MatchDocument()
    return any(
        _covers(match, everything, priority) for policy in policies for match in _matches(policy)
    )


def _matches(policy: PolicyDocument) -> tuple[MatchDocument, ...]:
    return policy.match or (MatchDocument(),)


def _covers(wide: MatchDocument, narrow: MatchDocument, priority: Priority) -> bool:
    """Whether every ticket of a priority that fits `narrow` fits `wide`."""
    if wide.priority is not None and priority not in wide.priority:
        return False
    for fact in _FACTS:
        wanted, given = getattr(wide, fact), getattr(narrow, fact)
        if wanted is not None and (given is None or not set(given) <= set(wanted)):
            return False
    return True
