"""What the shop of the actions' tests answers about returns, changes and stock, and does."""

import json
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx2

from actions.wording import dates
from order_system.eligibility import grounds
from order_system.model import OrderState
from order_system.policies import Exemption, Regret, ReturnPolicy, Window
from order_system.returns import Ground, best_ground
from order_system.vocabulary import Basis, Payer, ReturnKind, ReturnReason

POLICY = ReturnPolicy(
    regret={"BR": Regret("BR", 7, "CDC, art. 49")},
    windows={
        Basis.CHANGE_OF_MIND: Window(30),
        Basis.EXCHANGE: Window(30, shipping_paid_by=Payer.SHOP),
        Basis.DEFECT: Window(90, needs_photo=True, shipping_paid_by=Payer.SHOP),
        Basis.WRONG_ITEM: Window(30, needs_photo=True, shipping_paid_by=Payer.SHOP),
    },
    exemptions=(
        Exemption(
            "hygiene",
            frozenset({"socks"}),
            frozenset(),
            {Basis.CHANGE_OF_MIND: 0, Basis.EXCHANGE: 0},
            {},
        ),
    ),
    conditions=({"pt": "sem uso", "en": "unworn"},),
    post_within_days=10,
)
COLORS = [
    {"ref": "preto", "name": {"pt": "preto", "en": "black"}},
    {"ref": "branco", "name": {"pt": "branco", "en": "white"}},
]
SIZES = ["37", "38", "39", "40"]
_LABEL = b"%PDF-1.4 a label"


@dataclass
class Shelf:
    """Writes are kept in `done`, once for each key; `refuses` says no to the paths it names."""

    country: str = "BR"
    sold_out: set[tuple[str, str]] = field(default_factory=set)
    returns: list[dict[str, Any]] = field(default_factory=list)
    refuses: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    rules: dict[str, Any] = field(default_factory=dict)  # of returns, beside those below
    has_label: bool = True
    by_hand: bool = False
    done: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    answered: dict[str, httpx2.Response] = field(default_factory=dict)

    def answer(
        self, request: httpx2.Request, orders: list[dict[str, Any]]
    ) -> httpx2.Response | None:
        """The answer to this question, or None when it isn't one for the shelf."""
        path = request.url.path.removeprefix("/api/")
        if request.method != "GET":
            return self._write(request, path, orders)
        if path == "policies":
            texts = {**_POLICIES["texts"], **self.texts}
            rules = {**_POLICIES["returns"], **self.rules}
            return httpx2.Response(200, json={**_POLICIES, "returns": rules, "texts": texts})
        if found := re.fullmatch(r"products/([^/]+)/availability", path):
            return httpx2.Response(200, json=self._stock(found[1], request.url.params))
        if found := re.fullmatch(r"returns/([^/]+)/label", path):
            return self._label()
        if found := re.fullmatch(r"orders/([^/]+)/(return-options|returns|payments)", path):
            order = _order(orders, found[1])
            about = {
                "return-options": self._options,
                "returns": self._returns,
                "payments": self._payments,
            }
            return httpx2.Response(404) if order is None else about[found[2]](order)
        return None

    def _write(
        self, request: httpx2.Request, path: str, orders: list[dict[str, Any]]
    ) -> httpx2.Response:
        key = request.headers["Idempotency-Key"]
        if key in self.answered:
            return self.answered[key]
        kind = path.rsplit("/", 1)[1]
        body = json.loads(request.content or b"{}")
        if kind in self.refuses:
            return httpx2.Response(409, json=self.refuses.pop(kind))
        if path.startswith("returns/"):
            self.done.append(("withdrawal", key, body))
            self.answered[key] = self._withdraw(path.split("/")[1])
            return self.answered[key]
        order = _order(orders, path.split("/")[1])
        assert order is not None
        self.done.append((kind, key, body))
        self.answered[key] = {
            "returns": self._open,
            "cancellation": _cancelled,
            "address": _moved,
        }[kind](order, body)
        return self.answered[key]

    def _open(self, order: dict[str, Any], body: dict[str, Any]) -> httpx2.Response:
        number = order["display_number"].lstrip("#")
        line = next(one for one in order["items"] if one["ref"] == body["items"][0]["item"])
        ground = best_ground(
            self._grounds(order, line), ReturnKind(body["kind"]), ReturnReason(body["reason"])
        )
        assert ground.is_given
        returned = a_return(
            f"R{number}-1",
            number,
            "requested" if self.by_hand else "label_sent",
            kind=body["kind"],
            basis=str(ground.basis),
            items=body["items"],
        )
        self.returns.insert(0, returned)
        return httpx2.Response(201, json=returned)

    def _withdraw(self, number: str) -> httpx2.Response:
        returned = next(one for one in self.returns if one["number"] == number)
        if returned["state"] not in {"requested", "label_sent"}:
            return httpx2.Response(409, json={"code": "already_shipped", "facts": {}})
        returned.update(state="cancelled", has_label=False)
        return httpx2.Response(200, json=returned)

    def _label(self) -> httpx2.Response:
        if not self.has_label:
            return httpx2.Response(409, json={"code": "label_not_ready", "facts": {}})
        headers = {
            "Content-Type": "application/pdf",
            "Content-Disposition": 'attachment; filename="label.pdf"',
        }
        return httpx2.Response(200, content=_LABEL, headers=headers)

    def _options(self, order: dict[str, Any]) -> httpx2.Response:
        going = {piece["item"] for one in self.returns for piece in one["items"]}
        items = []
        for line in order["items"]:
            is_left = line["ref"] not in going
            found = [_ground(one) for one in self._grounds(order, line)]
            if not is_left:
                no = {"code": "already_returning", "facts": {}}
                found = [{**one, "allowed": False, "refusal": no} for one in found]
            count = line["quantity"] if is_left else 0
            items.append({"item": line["ref"], "quantity": count, "grounds": found})
        return httpx2.Response(
            200,
            json={
                "order_number": order["display_number"].lstrip("#"),
                "version": order.get("version"),
                "items": items,
                "conditions": list(POLICY.conditions),
            },
        )

    def _grounds(self, order: dict[str, Any], line: dict[str, Any]) -> tuple[Ground, ...]:
        days = [one["delivered_at"] for one in order["shipments"] if one.get("delivered_at")]
        return grounds(
            POLICY,
            state=OrderState.read(order["state"]),
            delivered_on=date.fromisoformat(days[0][:10]) if days else None,
            today=dates.today(),
            country=self.country,
            category=line.get("category"),
        )

    def _returns(self, order: dict[str, Any]) -> httpx2.Response:
        number = order["display_number"].lstrip("#")
        own = [one for one in self.returns if one["order_number"] == number]
        return httpx2.Response(200, json={"returns": own})

    def _payments(self, order: dict[str, Any]) -> httpx2.Response:
        return httpx2.Response(
            200,
            json={
                "order_number": order["display_number"].lstrip("#"),
                "total": order.get("total"),
                "payments": [],
                "refunds": self.refunds,
            },
        )

    def _stock(self, product: str, asked: Any) -> dict[str, Any]:
        size, color = asked.get("size"), asked.get("color")
        variants = [self._variant(product, a, b["ref"]) for a in SIZES for b in COLORS]
        wanted = self._variant(product, size, color) if size in SIZES and color else None
        near = [one for one in variants if one["available"] and one["color"] == color]
        return {
            "product": {
                "ref": product,
                "name": {"pt": "Tênis Aurora", "en": "Aurora Trainers"},
                "category": "trainers",
                "category_name": {"pt": "Tênis", "en": "Trainers"},
                "url": None,
                "prices": [],
                "colors": COLORS,
                "sizes": SIZES,
            },
            "variants": variants,
            "wanted": wanted,
            "alternatives": near,
            "products": [],
        }

    def _variant(self, product: str, size: str, color: str) -> dict[str, Any]:
        is_there = (size, color) not in self.sold_out
        return {
            "product": product,
            "size": size,
            "color": color,
            "available": is_there,
            "in_stock": 3 if is_there else 0,
            "back_on": None,
        }


def a_line(ref: str = "i1", name: str = "Tênis Aurora", **changes: Any) -> dict[str, Any]:
    """A line of an order that the catalogue knows."""
    line = {"ref": ref, "name": name, "size": "38", "color": "preto", "quantity": 1}
    return {**line, "product": "TN-SERRA", "category": "trainers", **changes}


def delivered(days_ago: int) -> dict[str, Any]:
    """A parcel that came so many days ago."""
    return {"delivered_at": f"{dates.today() - timedelta(days=days_ago)}T15:00:00Z"}


def an_address(**changes: Any) -> dict[str, Any]:
    """Where an order goes."""
    return {
        "recipient": "Ana Lima",
        "street": "Rua do Sol",
        "number": "10",
        "city": "São Paulo",
        "state": "SP",
        "postcode": "01310-100",
        "country": "BR",
        **changes,
    }


def a_return(number: str, order: str, state: str, **changes: Any) -> dict[str, Any]:
    """A return as the shop's API gives it."""
    return {
        "number": number,
        "order_number": order,
        "kind": "refund",
        "basis": "regret",
        "reason": "none",
        "state": state,
        "items": [{"item": "i1", "quantity": 1}],
        "steps": [{"state": state, "at": "2026-03-10T12:00:00Z"}],
        "requested_at": "2026-03-10T12:00:00Z",
        "post_by": str(dates.today() + timedelta(days=10)) if state == "label_sent" else None,
        "has_label": state == "label_sent",
        "shipping_paid_by": "shop",
        "refund": {"amount": "1299.90", "currency": "BRL"},
        "tracking": None,
        "drop_off": {"pt": "Leve a uma agência dos Correios.", "en": "Take it to a post office."},
        "rejected_because": {},
        "replacement_order": None,
        **changes,
    }


def _order(orders: list[dict[str, Any]], number: str) -> dict[str, Any] | None:
    return next((one for one in orders if one["display_number"] == f"#{number}"), None)


def _cancelled(order: dict[str, Any], _: dict[str, Any]) -> httpx2.Response:
    order["state"] = "cancelled"
    return httpx2.Response(200, json=order)


def _moved(order: dict[str, Any], body: dict[str, Any]) -> httpx2.Response:
    order["address"] = body
    return httpx2.Response(200, json=order)


def _ground(one: Ground) -> dict[str, Any]:
    no = one.refusal
    return {
        "basis": str(one.basis),
        "allowed": one.is_given,
        "until": one.until.isoformat() if one.until else None,
        "refusal": no
        and {"code": str(no.why), "advice": no.advice and str(no.advice), "facts": dict(no.facts)},
        "needs_photo": one.needs_photo,
        "shipping_paid_by": str(one.shipping_paid_by),
        "refunds_delivery": one.refunds_delivery,
    }


_POLICIES: dict[str, Any] = {
    "name": "Loja",
    "time_zone": "America/Sao_Paulo",
    "version": "1",
    "returns": {
        "regret": [],
        "windows": {"exchange": {"days": 30, "shipping_paid_by": "shop"}},
        "exemptions": [],
        "conditions": [],
        "post_within_days": 10,
    },
    "refund_days": {"pix": 1, "card": 10},
    "cancel_in": ["paid"],
    "change_address_in": ["paid"],
    "pix_minutes": 60,
    "boleto_days": 3,
    "deliveries": [],
    "texts": {"refuse_delivery": {"pt": "É só recusar o pacote.", "en": "Just refuse it."}},
}
