"""What the desk may change at the demo shop: each once per key, and each written down."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from order_system.addresses import Address, mistakes, tidy
from simulator.shop_answering import answer_json, problem
from simulator.shop_audit import Reply, fingerprint
from simulator.shop_orders import ShopOrder
from simulator.shop_refusing import Refused
from simulator.shop_returns import ShopReturn, WantedReturn
from simulator.shop_shelf import Shelf

Change = Callable[[Request, bytes], Response]
_REPEATED = {"Idempotent-Replayed": "true"}


class WantedAddress(BaseModel):
    """Where an order shall go."""

    model_config = ConfigDict(extra="ignore")
    recipient: str = Field(default="", max_length=120)
    street: str = Field(default="", max_length=160)
    number: str = Field(default="", max_length=20)
    complement: str = Field(default="", max_length=80)
    district: str = Field(default="", max_length=80)
    city: str = Field(default="", max_length=80)
    state: str = Field(default="", max_length=40)
    postcode: str = Field(default="", max_length=20)
    country: str = Field(default="", max_length=2)


def write_routes(shelf: Shelf) -> list[tuple[str, str, Change]]:
    """Method, path and handler of each change."""
    orders, returns = "/orders/{number}", "/returns/{number}"
    return [
        ("POST", f"{orders}/returns", _of_order(shelf, "return.open", _open_return)),
        ("POST", f"{orders}/payments", _of_order(shelf, "payment.renew", _renew_payment)),
        ("PUT", f"{orders}/cancellation", _of_order(shelf, "order.cancel", _cancel)),
        ("PUT", f"{orders}/address", _of_order(shelf, "order.address", _change_address)),
        ("PUT", f"{returns}/cancellation", _of_return(shelf, "return.cancel", _cancel_return)),
    ]


def _open_return(shelf: Shelf, order: ShopOrder, body: Any) -> tuple[dict[str, Any], int]:
    opened = shelf.returns.open(order, WantedReturn.model_validate(body), shelf.clock())
    return opened.as_answer(), 201


def _cancel_return(shelf: Shelf, returned: ShopReturn, _: Any) -> tuple[dict[str, Any], int]:
    shelf.returns.cancel(returned, shelf.clock())
    return returned.as_answer(), 200


def _cancel(shelf: Shelf, order: ShopOrder, _: Any) -> tuple[dict[str, Any], int]:
    order.must_allow("cancel")
    shelf.move(order, "cancelled")
    return shelf.answer(order), 200


def _change_address(shelf: Shelf, order: ShopOrder, body: Any) -> tuple[dict[str, Any], int]:
    order.must_allow("change_address")
    given = WantedAddress.model_validate(body).model_dump()
    country = given["country"] or order.address.country
    recipient = given["recipient"] or order.address.recipient
    address = tidy(Address(**given | {"country": country, "recipient": recipient}))
    if address.country != order.address.country:
        raise Refused("country_changed", "talk_to_person")
    if wrong := mistakes(address):
        first, *rest = map(str, wrong)
        raise Refused(first, "correct_address", also=tuple(rest), status=422)
    order.address = address
    order.revision += 1
    return shelf.answer(order), 200


def _renew_payment(shelf: Shelf, order: ShopOrder, _: Any) -> tuple[dict[str, Any], int]:
    if order.state == "cancelled":
        raise Refused("already_cancelled")
    if order.state != "awaiting_payment":
        raise Refused("already_paid" if order.till.payments else "nothing_to_pay")
    last = order.till.payments[-1]
    if last.method == "card":
        page = order.till.payment_answer(last, shelf.clock())["url"]
        raise Refused("method_not_renewable", "pay_again", {"url": page})
    # A code that can still be paid is the one to pay: two live codes are how people pay twice.
    if last.state(shelf.clock()) != "pending":
        last = order.till.ask(order.total, shelf.clock(), last.method)
        order.revision += 1
    return order.till.payment_answer(last, shelf.clock()), 201


def _of_order(
    shelf: Shelf, act: str, change: Callable[[Shelf, ShopOrder, Any], tuple[dict[str, Any], int]]
) -> Change:
    def answer(request: Request, body: bytes) -> Response:
        order = shelf.by_number(request.path_params["number"])
        if order is None:
            raise Refused("order_unknown", "look_again", status=404)
        wish = _Wish(shelf, act, order, request, body)
        return wish.once(lambda said: change(shelf, order, said))

    return answer


def _of_return(
    shelf: Shelf, act: str, change: Callable[[Shelf, ShopReturn, Any], tuple[dict[str, Any], int]]
) -> Change:
    def answer(request: Request, body: bytes) -> Response:
        found = shelf.returns.by_number(request.path_params["number"])
        if found is None:
            raise Refused("order_unknown", "look_again", status=404)
        wish = _Wish(shelf, act, found.order, request, body)
        return wish.once(lambda said: change(shelf, found, said))

    return answer


@dataclass(frozen=True)
class _Wish:
    """A change that is asked for, under the key that makes it one change however often it comes."""

    shelf: Shelf
    act: str
    order: ShopOrder
    request: Request
    body: bytes

    def once(self, change: Callable[[Any], tuple[dict[str, Any], int]]) -> Response:
        """Do it, unless the same key did it before; a refusal isn't kept: it changed nothing."""
        key = self.request.headers.get("Idempotency-Key", "")
        if not key or len(key) > 255:
            return problem(400, "A change needs an Idempotency-Key of 1 to 255 characters")
        version = self.request.headers.get("If-Match", "").strip('"')
        wish = fingerprint(self.request.method, self.request.url.path, self.body)
        try:
            before = self.shelf.keys.find(key, wish)
        except LookupError:
            self._note("key_reused", key)
            raise Refused("key_reused", "talk_to_person", status=422) from None
        if before is not None:
            return Response(before.body, before.status, _REPEATED, before.media_type)
        try:
            self._insist_on(version)
            done, status = _checked(change, self.body)
        except Refused as no:
            self._note(no.code, key)
            raise
        self._note("done", key)
        reply = answer_json(done, status)
        self.shelf.keys.keep(key, wish, Reply(status, bytes(reply.body), "application/json"))
        return reply

    def _insist_on(self, version: str) -> None:
        if version and version != self.order.version:
            raise Refused("changed_meanwhile", "look_again", status=412)

    def _note(self, outcome: str, key: str) -> None:
        number = str(self.order.number)
        self.shelf.audit.note(self.shelf.clock(), "desk", self.act, number, outcome, key=key)


def _checked(
    change: Callable[[Any], tuple[dict[str, Any], int]], body: bytes
) -> tuple[dict[str, Any], int]:
    try:
        return change(orjson.loads(body) if body else {})
    except ValidationError as error:
        fields = sorted({".".join(map(str, one["loc"])) for one in error.errors()})
        raise Refused("invalid", facts={"fields": ", ".join(fields)}, status=422) from None
    except orjson.JSONDecodeError:
        raise Refused("invalid", status=422) from None
