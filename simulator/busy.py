"""A busy day: shoppers of a crowd write by themselves, at a rate, until it is switched off."""

import asyncio
import random
from collections import deque
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, field_validator

from simulator import inbound, pictures, statuses, voice
from simulator.busy_crowd import Person, crowd
from simulator.busy_talks import LANGUAGES, Item, names_of_mix, talks
from simulator.busy_visit import Act, Pressed, Visit
from simulator.outside import Outside
from simulator.world import Json

_AT_ONCE = 40
_REMEMBERED = 160  # visits that are over, and still answer when they are asked
_NEW = 0.3  # of the turns in which somebody could go on
_MIX: Mapping[str, float] = {"pt": 0.7, "en": 0.3}


class BusyOrder(BaseModel):
    """A busy day: on or off, messages a minute, and the weights of languages and kinds of talks."""

    model_config = ConfigDict(extra="forbid")

    on: bool
    per_minute: float = Field(default=20, ge=1, le=60)
    mix: dict[str, float] = {}
    seed: int | None = None

    @field_validator("mix")
    @classmethod
    def _is_known(cls, mix: dict[str, float]) -> dict[str, float]:
        unknown = sorted(mix.keys() - names_of_mix())
        if unknown:
            raise ValueError(f"no such language or kind of talk: {', '.join(unknown)}")
        if any(weight < 0 for weight in mix.values()):
            raise ValueError("a weight is not below 0")
        return mix


class BusyDay:
    """Lets one shopper after the other act; what they do follows from the seed and the answers."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._order = BusyOrder(on=False)
        self._chance = random.Random()  # noqa: S311 - no secret
        self._visits: list[Visit] = []
        self._over: deque[Visit] = deque(maxlen=_REMEMBERED)
        self._begun = self._written = 0
        self._changed = asyncio.Event()

    def set(self, order: BusyOrder) -> None:
        """Switch it on or off, or change its rate; who is in a talk goes on with it."""
        is_new = order.on and not self._order.on
        if is_new or order.seed is not None:
            self._visits.clear()
            self._over.clear()
            self._begun = self._written = 0
            self._chance = random.Random(order.seed)  # noqa: S311 - no secret
        self._order = order
        self._changed.set()
        self._outside.world.feed.publish({"type": "busy", **self.state()})

    def state(self) -> Json:
        """Whether it is on, how fast, and what came of it."""
        return {
            "on": self._order.on,
            "per_minute": self._order.per_minute,
            "mix": self._order.mix,
            "written": self._written,
            "begun": self._begun,
            "under_way": len(self._visits),
        }

    async def run(self) -> None:
        """Act until cancelled, whenever it is switched on."""
        while True:
            self._changed.clear()
            pause = self._chance.expovariate(self._order.per_minute / 60)
            try:
                await asyncio.wait_for(self._changed.wait(), pause if self._order.on else None)
            except TimeoutError:
                self.act()

    def act(self) -> None:
        """Let one shopper do something: go on with a talk, or begin one."""
        now = self._outside.now()
        can_begin = len(self._visits) < _AT_ONCE
        if not (can_begin and self._chance.random() < _NEW) and self._go_on(now):
            return
        if can_begin and (visit := self._visit()) is not None:
            self._visits.append(visit)
            self._begun += 1
            self._do(visit, visit.begin(now))

    def _go_on(self, now: float) -> bool:
        """Let the first who is ready go on; False: nobody is."""
        for visit in [*self._visits, *self._over]:
            act = visit.next(self._outside.world.chats.get(visit.person.key, ()), now)
            if visit.is_over and visit in self._visits:
                self._visits.remove(visit)
                self._over.append(visit)
            if act is not None:
                self._do(visit, act)
                if act.items:
                    return True
        return False

    def _visit(self) -> Visit | None:
        language = self._weighed({name: self._weight(name) for name in LANGUAGES})
        said = talks()[language] if language else None
        if language is None or said is None:
            return None
        busy = {visit.person.key for visit in self._visits}
        others = {
            one.wa_id for one in self._outside.world.shoppers.values() if one.group != "crowd"
        }
        free = [
            one
            for one in crowd()
            if one.language == language and one.key not in busy and one.number not in others
        ]
        weights = {
            nth: talk.weight * self._order.mix.get(talk.kind, 1)
            for nth, talk in enumerate(said.talks)
        }
        found = self._weighed(weights)
        if found is None or not free:
            return None
        person, talk = self._chance.choice(free), said.talks[found]
        self._forget(person)
        seed = self._chance.getrandbits(64)
        return Visit(person, talk, said, random.Random(seed))  # noqa: S311 - no secret

    def _weight(self, language: str) -> float:
        chosen = self._order.mix
        is_chosen = any(name in chosen for name in LANGUAGES)
        return chosen.get(language, 0) if is_chosen else _MIX[language]

    def _weighed[T](self, weights: Mapping[T, float]) -> T | None:
        if not any(weights.values()):
            return None
        return self._chance.choices(list(weights), list(weights.values()))[0]

    def _forget(self, person: Person) -> None:
        """Whoever comes again goes on with nothing old."""
        kept = [visit for visit in self._over if visit.person.key != person.key]
        self._over = deque(kept, maxlen=_REMEMBERED)

    def _do(self, visit: Visit, act: Act) -> None:
        outside, key = self._outside, visit.person.key
        if key not in outside.world.shoppers:
            outside.world.adopt(visit.person.shopper())
        shopper = outside.world.shoppers[key]
        if shopper.unread:
            statuses.report_read(outside, shopper)
        for item in act.items:
            kind, content, reply_to = _wire(outside, item)
            inbound.say(outside, shopper, kind, content, reply_to=reply_to)
            self._written += 1


def _wire(outside: Outside, item: Item | Pressed) -> tuple[str, Json, str | None]:
    """A message's type and object, and what it answers."""
    if isinstance(item, Pressed):
        return item.type, item.content, item.of
    if item.text is not None:
        return "text", {"body": item.text}, None
    if item.place is not None:
        return "location", item.place.model_dump(), None
    data, mime_type, filename = _file(item)
    medium = outside.shelf.put(data, mime_type, filename=filename, is_from_shopper=True)
    kind, content = inbound.media_content(outside, medium.id, caption=item.caption)
    return kind, content, None


def _file(item: Item) -> tuple[bytes, str, str | None]:
    if item.photo is not None:
        return pictures.photo(item.photo), "image/png", f"{item.photo}.png"
    if item.file is not None:
        title = item.file.rpartition(".")[0].replace("-", " ").capitalize()
        return pictures.receipt(title), "application/pdf", item.file
    return voice.sample(), "audio/ogg; codecs=opus", None
