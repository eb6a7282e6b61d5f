"""What the shop of the actions' tests answers about goods, codes, places, money and papers."""

import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2

from actions.wording import dates

INVOICE = b"%PDF-1.4 an invoice"
PICTURE = b"\x89PNG\r\n\x1a\n a chart"
_COLORS = {"preto": "black", "branco": "white", "azul-marinho": "navy"}
_CODE = "00020126580014br.gov.bcb.pix"


@dataclass
class Counter:
    """`sold_out` are variants as `TN-BRISA/39/preto`; `money` is what was paid, by order."""

    sold_out: set[str] = field(default_factory=set)
    back_in_days: int | None = None
    money: dict[str, dict[str, Any]] = field(default_factory=dict)
    invoices: dict[str, dict[str, Any]] = field(default_factory=dict)
    refuses_code: dict[str, Any] | None = None
    has_pictures: bool = True
    made: list[tuple[str, str]] = field(default_factory=list)  # order and key, once for each key

    def answer(self, request: httpx2.Request) -> httpx2.Response | None:
        """The answer to this question, or None when it isn't one for the counter."""
        path = request.url.path.removeprefix("/api/")
        asked = request.url.params
        if path == "products":
            return _ok({"products": [one for one in PRODUCTS if _means(one, asked["q"])]})
        if found := re.fullmatch(r"products/(.+)/availability", path):
            product = next((one for one in PRODUCTS if one["ref"] == found[1]), None)
            return product and _ok(self._availability(product, asked))
        if path.endswith("/image"):
            headers = {"Content-Type": "image/png"}
            is_there = self.has_pictures
            return httpx2.Response(200 if is_there else 404, content=PICTURE, headers=headers)
        told = _of_the_shop(path, asked)
        return self._of_order(request, path) if told is None else _ok(told)

    def _of_order(self, request: httpx2.Request, path: str) -> httpx2.Response | None:
        if found := re.fullmatch(r"orders/(\d+)/payments", path):
            if request.method == "POST":
                return self._renew(found[1], request.headers["Idempotency-Key"])
            known = self.money.get(found[1])
            return known and _ok(known)
        if found := re.fullmatch(r"orders/(\d+)/invoice(\.pdf)?", path):
            known = self.invoices.get(found[1])
            if known is None:
                no = {"code": "invoice_not_issued", "advice": "wait", "facts": {}}
                return httpx2.Response(409, json=no)
            headers = {"Content-Type": "application/pdf"}
            return (
                httpx2.Response(200, content=INVOICE, headers=headers) if found[2] else _ok(known)
            )
        return None

    def _renew(self, number: str, key: str) -> httpx2.Response:
        if self.refuses_code is not None:
            return httpx2.Response(409, json=self.refuses_code)
        if (number, key) not in self.made:
            self.made.append((number, key))
        return httpx2.Response(201, json=a_payment("p2", "pix", "pending", code=_CODE))

    def _availability(self, product: dict[str, Any], asked: Any) -> dict[str, Any]:
        size, color = asked.get("size"), asked.get("color")
        variants = [
            self._variant(product, a, b["ref"]) for a in product["sizes"] for b in product["colors"]
        ]
        named = [one for one in variants if (one["size"], one["color"]) == (size, color)]
        near = [one for one in variants if one["available"] and size in {one["size"], None}]
        return {
            "product": product,
            "variants": variants,
            "wanted": named[0] if named else None,
            "alternatives": near,
            "products": [],
        }

    def _variant(self, product: dict[str, Any], size: str, color: str) -> dict[str, Any]:
        is_there = f"{product['ref']}/{size}/{color}" not in self.sold_out
        days = None if is_there else self.back_in_days
        return {
            "product": product["ref"],
            "size": size,
            "color": color,
            "available": is_there,
            "in_stock": 7 if is_there else 0,
            "back_on": days and str(dates.today() + timedelta(days=days)),
        }


def a_payment(ref: str, method: str, state: str, **changes: Any) -> dict[str, Any]:
    """An attempt to pay, as the shop's API gives it."""
    return {
        "ref": ref,
        "method": method,
        "state": state,
        "amount": {"amount": "1299.90", "currency": "BRL"},
        "created_at": "2026-03-01T12:00:00Z",
        "paid_at": "2026-03-01T13:00:00Z" if state == "paid" else None,
        "expires_at": "2026-03-01T16:00:00Z" if method != "card" else None,
        "code": None,
        "url": None,
        "refusal": None,
        "card_ending": None,
        "installments": 1,
        **changes,
    }


def money(number: str, *payments: dict[str, Any], refunds: Any = ()) -> dict[str, Any]:
    """What was paid for an order of 1,299.90."""
    total = {"amount": "1299.90", "currency": "BRL"}
    told = {"order_number": number, "total": total, "payments": list(payments)}
    return {number: {**told, "refunds": list(refunds)}}


def a_refund(state: str, in_days: int = 5, **changes: Any) -> dict[str, Any]:
    """Money on its way back, as the shop's API gives it."""
    return {
        "ref": "r1",
        "payment": "p1",
        "method": "card",
        "state": state,
        "amount": {"amount": "1299.90", "currency": "BRL"},
        "requested_at": "2026-03-01T12:00:00Z",
        "expected_by": str(dates.today() + timedelta(days=in_days)),
        "done_at": "2026-03-03T12:00:00Z" if state == "done" else None,
        "return_number": None,
        **changes,
    }


def an_invoice(number: str) -> dict[str, Any]:
    """What is known of an invoice, as the shop's API gives it."""
    key = "35261111222333000181550010000482601266209147"
    about = {"order_number": number, "number": "008260", "access_key": key, "url": None}
    return {number: {**about, "issued_at": "2026-03-01T12:00:00Z"}}


def _product(ref: str, pt: str, en: str, category: str, sizes: str) -> dict[str, Any]:
    shelf = {"trainers": ("Tênis", "Trainers"), "dresses": ("Vestidos", "Dresses")}[category]
    return {
        "ref": ref,
        "name": {"pt": pt, "en": en},
        "category": category,
        "category_name": {"pt": shelf[0], "en": shelf[1]},
        "url": f"https://shop.example/{ref}",
        "prices": [
            {"amount": "1299.90", "currency": "BRL"},
            {"amount": "259.90", "currency": "USD"},
        ],
        "colors": [{"ref": pt_, "name": {"pt": pt_, "en": en_}} for pt_, en_ in _COLORS.items()],
        "sizes": sizes.split(),
    }


PRODUCTS = [
    _product("TN-BRISA", "Tênis Brisa", "Brisa trainers", "trainers", "38 39 40"),
    _product("TN-AURORA", "Tênis Aurora", "Aurora trainers", "trainers", "38 39 40"),
    _product("VS-LUA", "Vestido Lua", "Lua dress", "dresses", "P M G"),
]


def _means(product: dict[str, Any], words: str) -> bool:
    known = json.dumps(product, ensure_ascii=False).lower()
    return any(len(word) > 3 and word in known for word in re.findall(r"[\w-]+", words.lower()))


def _chart(ref: str, gender: str, measure: str, rows: dict[str, tuple[str, float]]) -> Any:
    return {
        "ref": ref,
        "title": {"pt": f"Tabela {ref}", "en": f"Chart {ref}"},
        "categories": ["trainers"] if measure == "foot" else ["dresses"],
        "gender": gender,
        "rows": [
            {
                "size": size,
                "systems": {"us": us},
                "measures": {measure: {"low": str(low), "high": str(low + 0.9)}},
            }
            for size, (us, low) in rows.items()
        ],
        "how_to_measure": {"pt": "Meça em pé.", "en": "Measure standing."},
        "note": {},
        "url": f"https://shop.example/{ref}.png",
        "has_image": True,
    }


_SHOES = {"38": ("7", 24.0), "39": ("8", 25.0), "40": ("9", 26.0)}
_CHARTS = [
    _chart("shoes-women", "women", "foot", _SHOES),
    _chart("shoes-men", "men", "foot", _SHOES),
    _chart("dresses", "women", "chest", {"P": ("S", 82.0), "M": ("M", 89.0), "G": ("L", 96.0)}),
]


def _charts(asked: Any) -> list[Any]:
    known = {one["ref"]: one["category"] for one in PRODUCTS}
    category = asked.get("category") or known.get(asked.get("product", ""))
    return [one for one in _CHARTS if category is None or category in one["categories"]]


_PE20 = {"code": "PE20", "summary": {"pt": "20% em tênis", "en": "20% off trainers"}}


def _promo(code: str) -> dict[str, Any]:
    why = {
        "VELHO": {"code": "promo_over", "facts": {"until": "2026-03-01"}},
        "GRANDE": {
            "code": "promo_below_minimum",
            "facts": {"minimum": "250.00", "currency": "BRL"},
        },
        "PE20": None,
    }
    no = why.get(code, {"code": "promo_unknown", "facts": {}})
    promo = {**_PE20, "code": code} if code in why else None
    return {"code": code, "valid": no is None, "promo": promo, "refusal": no, "discount": None}


_STORE = {
    "ref": "centro",
    "name": {"pt": "Loja Centro", "en": "Centro shop"},
    "time_zone": "America/Sao_Paulo",
    "weekly": {
        **{day: [{"opens": "10:00", "closes": "20:00"}] for day in ("mon", "tue", "wed", "thu")},
        "fri": [{"opens": "10:00", "closes": "20:00"}],
        "sat": [{"opens": "10:00", "closes": "18:00"}],
    },
    "special": {},
    "address": {
        "recipient": "Loja",
        "street": "Rua do Sol",
        "number": "10",
        "district": "Centro",
        "city": "São Paulo",
        "state": "SP",
        "postcode": "01310-100",
        "country": "BR",
    },
    "services": [],
}
_FIXED: dict[str, Any] = {"promos": {"promos": [_PE20]}, "stores": {"stores": [_STORE]}}


def _of_the_shop(path: str, asked: Any) -> dict[str, Any] | None:
    if path == "size-charts":
        return {"charts": _charts(asked)}
    if path.startswith("promos/"):
        return _promo(path.removeprefix("promos/"))
    return _FIXED.get(path)


def _ok(body: Any) -> httpx2.Response:
    return httpx2.Response(200, json=body)
