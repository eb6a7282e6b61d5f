"""What is known of a question about goods, from one turn to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace

from rasa_sdk.events import EventType, SlotSet

from actions.talk import flows
from actions.talk.turn import Turn
from order_system.catalogue import Product
from order_system.texts import in_language

FLOW = "goods"
_CONTEXT = ("product", "name", "category", "size", "color", "color_said", "gender")


@dataclass(frozen=True)
class Goods:
    """A question about goods: whether there is something (`stock`), its `chart`, or what `fit`s.

    `size` is as it was said, `color` its neutral name beside `color_said`; `offered` are the
    options of the open question by their key. `worn` is a size in the numbers of `system`, `cm`
    what was measured, and `said` the words that may hold either. `tries` counts how often it was
    asked in vain which product is meant.
    """

    wish: str
    asks: str = ""
    product: str | None = None
    name: str = ""
    category: str | None = None
    gender: str | None = None
    size: str | None = None
    color: str | None = None
    color_said: str | None = None
    worn: str | None = None
    system: str | None = None
    said: str = ""
    cm: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)
    tries: int = 0

    @classmethod
    def of(cls, turn: Turn, wish: str) -> Goods:
        """What an open question knows already, else what was talked about before."""
        if turn.flow.get("name") == FLOW:
            known = {one.name for one in fields(cls)}
            told = {name: value for name, value in turn.flow.items() if name in known - {"name"}}
            return replace(
                cls(**told, name=turn.flow.get("called", "")), wish=wish, asks="", offered={}
            )
        return cls(wish, **{k: v for k, v in turn.goods.items() if k in _CONTEXT})

    def about(self, product: Product, language: str) -> Goods:
        """The same question about this product; what was said of another is forgotten."""
        same = self.product in {None, product.ref}
        return replace(
            self,
            product=product.ref,
            name=in_language(product.name, language),
            category=product.category,
            gender=self.gender,
            size=self.size if same else None,
            color=self.color if same else None,
            color_said=self.color_said if same else None,
            tries=0,
        )

    def of_another(self) -> Goods:
        """The same question about something else, of which nothing is known yet."""
        return Goods(self.wish, gender=self.gender, said=self.said)

    def asking(self, what: str, offered: Mapping[str, str] | None = None) -> list[EventType]:
        """Remember it all until this question is answered."""
        state = asdict(replace(self, asks=what, offered=dict(offered or {})))
        flow = {**state, "name": FLOW, "called": self.name, "told": self._told()}
        return [SlotSet("pending", flows.PENDING), SlotSet("flow", flow), self._kept()]

    def done(self) -> list[EventType]:
        """It is answered; what it was about may be meant by "and in 40?"."""
        return [
            SlotSet("pending", None),
            SlotSet("flow", None),
            SlotSet("failed_attempts", 0),
            self._kept(),
        ]

    def _kept(self) -> EventType:
        known = {name: getattr(self, name) for name in _CONTEXT}
        return SlotSet("goods", {**known, "wish": self.wish})

    def _told(self) -> dict[str, str]:
        worn = " ".join(filter(None, [self.worn, self.system]))
        cm = ", ".join(f"{name} {value} cm" for name, value in self.cm.items())
        told = {
            "product": self.name or self.category or "",
            "wanted_size": self.size or "",
            "color": self.color_said or self.color or "",
            "measures": ", ".join(filter(None, [worn, cm])),
        }
        return {name: value for name, value in told.items() if value}
