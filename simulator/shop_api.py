"""The order system of the demo shop: `order_system/openapi.yaml` under /shop/api."""

import re
from collections.abc import Callable
from decimal import Decimal

from fastapi import APIRouter, Request, Response

from order_system.model import Money
from simulator.shop_answering import Gate, answer_file, answer_json, problem
from simulator.shop_catalogue import Product, catalogue
from simulator.shop_chart_image import chart_image
from simulator.shop_faults import ShopFaults
from simulator.shop_orders import ShopOrder
from simulator.shop_papers import invoice, invoice_answer, label
from simulator.shop_policies import StoreRule, rules, weekly
from simulator.shop_policies import hours as read_hours
from simulator.shop_products import find_products, product_answer
from simulator.shop_refusing import Refused
from simulator.shop_returns import ShopReturn
from simulator.shop_shelf import Shelf
from simulator.shop_sizes import charts, matching
from simulator.shop_stock import color_of, size_of
from simulator.shop_till import SHOP_ZONE
from simulator.shop_writes import write_routes

_Answer = Callable[[Request], Response]
_PHONE = re.compile(r"[0-9]{8,15}", re.ASCII)
_LIMIT = re.compile(r"[0-9]{1,2}", re.ASCII)
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?", re.ASCII)
_MOST, _MOST_PRODUCTS = 50, 20


def api(shelf: Shelf, faults: ShopFaults, token: str, public_url: str) -> APIRouter:
    """All questions and changes of the order system, for whoever has the token."""
    gate = Gate(faults, token)
    routes = APIRouter()
    answers = {
        **_about_orders(shelf),
        **_about_returns(shelf),
        **_about_goods(shelf, public_url),
        **_about_sizes(public_url),
        **_about_the_shop(shelf, public_url),
    }
    # Plain routes: with no declared parameters to resolve, the desk can ask more often.
    for path, answer in answers.items():
        routes.add_route(f"/shop/api{path}", gate.reading(answer), include_in_schema=False)
    for method, path, change in write_routes(shelf):
        routes.add_route(
            f"/shop/api{path}", gate.writing(change), methods=[method], include_in_schema=False
        )
    return routes


def _about_orders(shelf: Shelf) -> dict[str, _Answer]:
    def by_number(request: Request) -> Response:
        return answer_json(shelf.answer(_order(shelf, request)))

    def by_phone(request: Request) -> Response:
        phone = request.query_params.get("phone", "")
        if not _PHONE.fullmatch(phone):
            return problem(422, "phone: 8 to 15 digits")
        limit = _limit(request, 5, _MOST)
        return answer_json({"orders": [shelf.answer(one) for one in shelf.by_phone(phone, limit)]})

    def payments(request: Request) -> Response:
        order = _order(shelf, request)
        return answer_json(order.till.as_answer(order.total, shelf.clock()))

    def invoice_facts(request: Request) -> Response:
        return answer_json(invoice_answer(_order(shelf, request)))

    def invoice_file(request: Request) -> Response:
        order = _order(shelf, request)
        name = "nota-fiscal" if order.customer.language == "pt" else "invoice"
        return answer_file(invoice(order), "application/pdf", f"{name}-{order.number}.pdf")

    return {
        "/orders": by_phone,
        "/orders/{number}": by_number,
        "/orders/{number}/payments": payments,
        "/orders/{number}/invoice": invoice_facts,
        "/orders/{number}/invoice.pdf": invoice_file,
    }


def _about_returns(shelf: Shelf) -> dict[str, _Answer]:
    def options(request: Request) -> Response:
        return answer_json(shelf.returns.options(_order(shelf, request), shelf.clock()))

    def of_order(request: Request) -> Response:
        found = shelf.returns.of(_order(shelf, request))
        return answer_json({"returns": [one.as_answer() for one in found]})

    def by_number(request: Request) -> Response:
        return answer_json(_return(shelf, request).as_answer())

    def label_file(request: Request) -> Response:
        returned = _return(shelf, request)
        name = "etiqueta" if returned.order.customer.language == "pt" else "label"
        return answer_file(label(returned), "application/pdf", f"{name}-{returned.number}.pdf")

    return {
        "/orders/{number}/return-options": options,
        "/orders/{number}/returns": of_order,
        "/returns/{number}": by_number,
        "/returns/{number}/label": label_file,
    }


def _about_goods(shelf: Shelf, public_url: str) -> dict[str, _Answer]:
    def products(request: Request) -> Response:
        words = request.query_params.get("q", "")[:200]
        found = find_products(words, _limit(request, 5, _MOST_PRODUCTS))
        return answer_json({"products": [product_answer(one, public_url) for one in found]})

    def availability(request: Request) -> Response:
        product = _product(request.path_params["product"])
        asked = request.query_params
        size, color = size_of(product, asked.get("size")), color_of(product, asked.get("color"))
        today = shelf.clock().astimezone(SHOP_ZONE).date()
        found = shelf.stock.availability(product, size, color, today)
        others = sorted({one["product"] for one in found["alternatives"]} - {product.sku})
        known = catalogue().products
        return answer_json(
            found
            | {
                "product": product_answer(product, public_url),
                "products": [product_answer(known[sku], public_url) for sku in others],
            }
        )

    return {"/products": products, "/products/{product}/availability": availability}


def _about_sizes(public_url: str) -> dict[str, _Answer]:
    def size_charts(request: Request) -> Response:
        asked = request.query_params
        product = _product(asked["product"]) if "product" in asked else None
        found = matching(product, asked.get("category"), asked.get("gender"))
        return answer_json({"charts": [one.as_answer(public_url) for one in found]})

    def image(request: Request) -> Response:
        ref = request.path_params["chart"]
        if ref not in charts():
            raise Refused("item_unknown", "look_again", status=404)
        language = "en" if request.query_params.get("language", "pt").startswith("en") else "pt"
        return answer_file(chart_image(ref, language), "image/png", f"{ref}-{language}.png")

    return {"/size-charts": size_charts, "/size-charts/{chart}/image": image}


def _about_the_shop(shelf: Shelf, public_url: str) -> dict[str, _Answer]:
    def promo(request: Request) -> Response:
        asked = request.query_params
        known = shelf.by_phone(asked.get("phone", ""), _MOST)
        country = known[0].customer.country if known else None
        amount = _amount(request)
        if country is None and amount is not None and amount.currency == "BRL":
            country = "BR"
        found = shelf.promos.answer(
            request.path_params["code"],
            shelf.clock(),
            amount=amount,
            country=country,
            has_ordered=any(order.state != "cancelled" for order in known),
        )
        return answer_json(found)

    def promos(_: Request) -> Response:
        return answer_json(shelf.promos.running(shelf.clock()))

    def stores(_: Request) -> Response:
        return answer_json({"stores": [_store(one, public_url) for one in rules().stores]})

    def policies(_: Request) -> Response:
        return answer_json(rules().as_answer())

    return {
        "/promos": promos,
        "/promos/{code}": promo,
        "/stores": stores,
        "/policies": policies,
    }


def _order(shelf: Shelf, request: Request) -> ShopOrder:
    order = shelf.by_number(request.path_params["number"])
    if order is None:
        raise Refused("order_unknown", "look_again", status=404)
    return order


def _return(shelf: Shelf, request: Request) -> ShopReturn:
    returned = shelf.returns.by_number(request.path_params["number"])
    if returned is None:
        raise Refused("order_unknown", "look_again", status=404)
    return returned


def _product(sku: str) -> Product:
    product = catalogue().products.get(sku.upper())
    if product is None:
        raise Refused("item_unknown", "look_again", status=404)
    return product


def _limit(request: Request, usual: int, most: int) -> int:
    limit = request.query_params.get("limit", str(usual))
    if not _LIMIT.fullmatch(limit) or not 1 <= int(limit) <= most:
        raise Refused("invalid", facts={"field": "limit"}, status=422)
    return int(limit)


def _amount(request: Request) -> Money | None:
    amount = request.query_params.get("amount")
    currency = request.query_params.get("currency", "")
    if amount is None:
        return None
    if not _AMOUNT.fullmatch(amount) or not re.fullmatch(r"[A-Z]{3}", currency):
        raise Refused("invalid", facts={"field": "amount"}, status=422)
    return Money(Decimal(amount), currency)


def _store(rule: StoreRule, public_url: str) -> dict[str, object]:
    address = rule.address.model_dump() | {"recipient": rules().name} if rule.address else None
    special = {
        day.isoformat(): {"hours": read_hours(one.hours), "because": one.because}
        for day, one in rule.special.items()
    }
    return {
        "ref": rule.ref,
        "name": rule.name,
        "time_zone": rules().time_zone,
        "weekly": weekly(rule.weekly),
        "special": special,
        "address": address,
        "latitude": rule.latitude,
        "longitude": rule.longitude,
        "phone": rule.phone,
        "url": f"{public_url.rstrip('/')}/shop",
        "services": rule.services,
    }
