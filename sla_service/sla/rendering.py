"""Why a ticket's clocks stand where they stand, as a text to paste into an e-mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sla_service.sla import durations
from sla_service.sla.instants import SECOND, duration, moment
from sla_service.sla.policy import NO_POLICY
from sla_service.sla.reasons import ClockReasons, Moment, Why
from sla_service.sla.whose_time import Spell
from sla_service.sla.wording import words

_INDENT = "  "


def as_text(why: Why, language: str, time_zone: str) -> str:
    """The text in a language (`pt` or `en`), with the times of a zone."""
    return "\n".join(_Text(words(language), ZoneInfo(time_zone)).lines(why)) + "\n"


@dataclass(frozen=True, slots=True)
class _Text:
    words: dict[str, Any]
    zone: ZoneInfo

    def lines(self, why: Why) -> Iterator[str]:
        yield self._say("headline", at=self._instant(why.at), zone=self.zone.key)
        policy = self.words["no_policy"] if why.policy == NO_POLICY.name else why.policy
        yield self._say(
            "about",
            priority=self._name("priorities", why.priority),
            status=self._name("statuses", why.status),
            tier=self._name("tiers", why.tier),
            policy=policy,
        )
        if not why.clocks:
            yield from ("", self.words["nothing"])
        for clock in why.clocks:
            yield ""
            yield from self._clock(clock)
        yield from ("", self.words["whose_time"])
        for spell in why.spells:
            if spell.wall:
                yield _INDENT + self._spell(spell)

    def _clock(self, clock: ClockReasons) -> Iterator[str]:
        yield self._say(
            "clock",
            metric=self._name("metrics", clock.metric),
            cycle=self._say("cycle", number=clock.cycle + 1) if clock.cycle else "",
            tier=self._say("tier_of_clock", tier=self._tier(clock.tier)) if clock.tier else "",
            state=self._name("states", clock.state),
        )
        by = "around_the_clock" if clock.calendar is None else "by_calendar"
        target = self.words["no_target"] if clock.target is None else _span(clock.target)
        yield _INDENT + self._say(
            "promise", target=target, calendar=self._say(by, calendar=clock.calendar)
        )
        if clock.deadline is not None:
            yield _INDENT + self._say("due", at=self._instant(clock.deadline))
        for one in clock.moments:
            yield 2 * _INDENT + self._say("line", at=self._instant(one.at), what=self._moment(one))
        yield _INDENT + self._say("total", used=_span(clock.consumed), wall=_span(clock.wall))

    def _moment(self, one: Moment) -> str:
        if one.what == "warned":
            return str(self.words["moments"]["warned"].format(percent=one.cause))
        if one.what == "passed_on":
            name = "passed_on" if one.cause else "passed_on_last"
            text = self.words["moments"][name].format(tier=self._tier(one.cause))
        else:
            text = self._name("moments", one.what)
            if one.cause:
                text = self._say("because", what=text, cause=self._cause(one.cause))
        if one.target is not None:
            text = self._say("new_target", what=text, target=_span(one.target))
        if one.used is not None and one.wall is not None:
            text = self._say("counted", what=text, used=_span(one.used), wall=_span(one.wall))
        return str(text)

    def _cause(self, cause: str) -> str:
        kind, _, what = cause.partition(":")
        said = self.words["causes"][kind]
        if isinstance(said, dict):
            return str(said[what])
        return str(
            said.format(priority=self._name("priorities", what), tier=self._tier(what), number=what)
        )

    def _spell(self, spell: Spell) -> str:
        return self._say(
            "spell",
            whose=self._name("whose", spell.whose),
            used=_span(spell.business),
            wall=_span(spell.wall),
        )

    def _tier(self, tier: str) -> str:
        return self._name("tiers", tier)

    def _name(self, group: str, name: str) -> str:
        """The word for a name; tiers and the like that only this shop knows stay as they are."""
        return str(self.words[group].get(name, name))

    def _say(self, name: str, **values: object) -> str:
        return str(self.words[name].format(**values))

    def _instant(self, at: int) -> str:
        return moment(at).astimezone(self.zone).strftime(self.words["moment"])


def _span(span: int) -> str:
    """A length of time in whole seconds, without what is left over."""
    return durations.write(duration(span // SECOND * SECOND))
