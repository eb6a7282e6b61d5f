"""Where the demo shop decides about returns, and does what follows from them."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from order_system.eligibility import grounds
from order_system.model import OrderState
from order_system.returns import Ground, best_ground
from order_system.vocabulary import Basis, Payer, ReturnKind, ReturnReason
from simulator.shop_orders import Line, ShopOrder
from simulator.shop_policies import policies, rules
from simulator.shop_refusing import Refused
from simulator.shop_returns import Piece, ShopReturn, WantedPiece, WantedReturn
from simulator.shop_stock import Stock, color_of, size_of
from simulator.shop_till import SHOP_ZONE


class ReturnsDesk:
    """All returns; `replace` makes the order that an exchange ends with."""

    def __init__(
        self, stock: Stock, replace: Callable[[ShopOrder, tuple[Line, ...]], ShopOrder]
    ) -> None:
        self._stock = stock
        self._replace = replace
        self._by_number: dict[str, ShopReturn] = {}
        self._by_order: defaultdict[int, list[ShopReturn]] = defaultdict(list)

    def by_number(self, number: str) -> ShopReturn | None:
        return self._by_number.get(number.upper())

    def of(self, order: ShopOrder) -> list[ShopReturn]:
        """The returns of an order, newest first."""
        return self._by_order[order.number][::-1]

    def options(self, order: ShopOrder, at: datetime) -> dict[str, Any]:
        """What of an order may go back, as `order_system/openapi.yaml` describes it."""
        items = []
        for n, line in enumerate(order.lines, start=1):
            left = line.quantity - order.on_its_way_back.get(order.ref(n), 0)
            found = [_ground_answer(one) for one in self._grounds(order, line, at)]
            if left == 0:
                going = {"code": "already_returning", "facts": self._going(order, order.ref(n))}
                found = [one | {"allowed": False, "refusal": going} for one in found]
            items.append({"item": order.ref(n), "quantity": left, "grounds": found})
        return {
            "order_number": str(order.number),
            "version": order.version,
            "items": items,
            "conditions": rules().returns.conditions,
        }

    def returnable(self, order: ShopOrder, at: datetime) -> list[str]:
        """The lines that may still go back, on any ground that asks for no fault."""
        if order.state != "delivered":
            return []
        return [
            order.ref(n)
            for n, line in enumerate(order.lines, start=1)
            if line.quantity > order.on_its_way_back.get(order.ref(n), 0)
            and any(one.is_given and not one.needs_photo for one in self._grounds(order, line, at))
        ]

    def open(self, order: ShopOrder, wanted: WantedReturn, at: datetime) -> ShopReturn:
        """Authorise a return, or raise Refused."""
        chosen = [self._piece(order, one, wanted, at) for one in wanted.items]
        ground = chosen[0][1]
        pieces = tuple(piece for piece, _ in chosen)
        if len({piece.ref for piece in pieces}) < len(pieces):
            raise Refused("invalid", status=422)
        if any(one.needs_photo for _, one in chosen) and not wanted.photos:
            raise Refused("photo_needed", "send_photo")
        self._set_aside(pieces)
        for piece in pieces:
            taken = order.on_its_way_back.get(piece.ref, 0)
            order.on_its_way_back[piece.ref] = taken + piece.quantity
        order.revision += 1
        worth = sum((_price(order, piece) for piece in pieces), Decimal(0))
        number = f"R{order.number}-{len(self._by_order[order.number]) + 1}"
        opened = ShopReturn(
            number=number,
            order=order,
            kind=wanted.kind,
            ground=ground,
            reason=wanted.reason,
            pieces=pieces,
            requested_at=at,
            refund=worth + _delivery(order, ground),
            note=wanted.note,
            photos=len(wanted.photos),
            steps=[("requested", at)],
        )
        if not rules().is_for_people(worth, order.currency):
            opened.steps.append(("label_sent", at))
        self._by_number[number] = opened
        self._by_order[order.number].append(opened)
        return opened

    def move(self, moved: ShopReturn, state: str, at: datetime) -> None:
        """Move a return along, with what follows from it for the order, its money and stock."""
        moved.step(state, at)
        order = moved.order
        order.revision += 1
        if state in {"rejected", "cancelled"}:
            self._release(moved)
        elif state == "received" and _is_whole(order) and order.state == "delivered":
            order.move("returned", at)
        elif state == "refunded":
            order.till.give_back(moved.refund, at, moved.number)
        elif state == "exchanged":
            lines = tuple(piece.instead for piece in moved.pieces if piece.instead is not None)
            moved.replacement = self._replace(order, lines).number

    def remember(self, order: ShopOrder) -> None:
        """Put down the return of an order that came back before this desk was opened."""
        came_back, arrived = order.reached("returned"), order.reached("delivered")
        if came_back is None or arrived is None:
            return
        way = came_back - arrived
        number = f"R{order.number}-1"
        steps = [("requested", 0.2), ("label_sent", 0.2), ("in_transit", 0.5), ("received", 1.0)]
        past = ShopReturn(
            number=number,
            order=order,
            kind="refund",
            ground=past_ground(order),
            reason="none",
            pieces=tuple(
                Piece(order.ref(n), line, line.quantity)
                for n, line in enumerate(order.lines, start=1)
            ),
            requested_at=arrived + way * 0.2,
            refund=order.total,
            steps=[(state, arrived + way * share) for state, share in steps],
        )
        past.steps.append(("refunded", came_back))
        for refund in order.till.refunds:
            refund.return_number = number
        order.on_its_way_back |= {piece.ref: piece.quantity for piece in past.pieces}
        self._by_number[number] = past
        self._by_order[order.number].append(past)

    def cancel(self, taken_back: ShopReturn, at: datetime) -> None:
        """Take a return back for its shopper, or raise Refused."""
        if taken_back.state == "requested":
            taken_back.steps.append(("label_sent", at))
        if taken_back.state != "label_sent":
            over = taken_back.state in {"refunded", "exchanged", "rejected", "cancelled"}
            raise Refused("already_returned" if over else "already_shipped", "talk_to_person")
        self.move(taken_back, "cancelled", at)

    def _grounds(self, order: ShopOrder, line: Line, at: datetime) -> tuple[Ground, ...]:
        return grounds(
            policies().returns,
            state=OrderState.read(order.state),
            delivered_on=order.delivered_on,
            today=at.astimezone(SHOP_ZONE).date(),
            country=order.customer.country,
            category=line.product.kind,
            product=line.product.sku,
        )

    def _piece(
        self, order: ShopOrder, wanted: WantedPiece, request: WantedReturn, at: datetime
    ) -> tuple[Piece, Ground]:
        line = order.line(wanted.item)
        if line is None:
            raise Refused("item_unknown", "look_again")
        taken = order.on_its_way_back.get(wanted.item, 0)
        if taken == line.quantity:
            raise Refused("already_returning", facts=self._going(order, wanted.item))
        if wanted.quantity > line.quantity - taken:
            left = {"left": str(line.quantity - taken)}
            raise Refused("quantity_too_high", "look_again", left)
        found = self._grounds(order, line, at)
        ground = best_ground(found, ReturnKind(request.kind), ReturnReason(request.reason))
        if ground.refusal is not None:
            no = ground.refusal
            raise Refused(str(no.why), str(no.advice) if no.advice else None, no.facts)
        instead = _instead(line, wanted) if request.kind == "exchange" else None
        return Piece(wanted.item, line, wanted.quantity, instead), ground

    def _set_aside(self, pieces: tuple[Piece, ...]) -> None:
        done: list[Line] = []
        for instead in (piece.instead for piece in pieces if piece.instead is not None):
            if not self._stock.take(
                instead.product, instead.size, instead.color.pt, instead.quantity
            ):
                for one in done:
                    self._stock.put_back(one.product, one.size, one.color.pt, one.quantity)
                facts = {
                    "product": instead.product.sku,
                    "size": instead.size,
                    "color": instead.color.pt,
                }
                raise Refused("out_of_stock", "other_size", facts)
            done.append(instead)

    def _release(self, ended: ShopReturn) -> None:
        for piece in ended.pieces:
            ended.order.on_its_way_back[piece.ref] -= piece.quantity
            if piece.instead is not None:
                one = piece.instead
                self._stock.put_back(one.product, one.size, one.color.pt, one.quantity)

    def _going(self, order: ShopOrder, ref: str) -> dict[str, str]:
        for one in self.of(order):
            if one.is_open and any(piece.ref == ref for piece in one.pieces):
                return {"return_number": one.number}
        return {}


def _instead(line: Line, wanted: WantedPiece) -> Line:
    size = size_of(line.product, wanted.new_size) if wanted.new_size else line.size
    color = color_of(line.product, wanted.new_color) if wanted.new_color else line.color.pt
    if size is None or color is None:
        raise Refused("variant_unknown", "other_size", {"product": line.product.sku})
    same = size == line.size and color == line.color.pt
    # What is broken may be exchanged for the very same; a size that doesn't fit may not.
    if same and (wanted.new_size or wanted.new_color):
        raise Refused("same_variant", "other_size", {"size": size, "color": color})
    return Line(line.product, size, line.product.color(color), wanted.quantity)


def _price(order: ShopOrder, piece: Piece) -> Decimal:
    return piece.line.product.prices[order.currency] * piece.quantity


def _is_whole(order: ShopOrder) -> bool:
    return all(
        order.on_its_way_back.get(order.ref(n), 0) == line.quantity
        for n, line in enumerate(order.lines, start=1)
    )


def _delivery(order: ShopOrder, ground: Ground) -> Decimal:
    """The delivery fee, where the ground gives it back and nothing of the order is kept."""
    return order.delivery_fee if ground.refunds_delivery and _is_whole(order) else Decimal(0)


def _ground_answer(ground: Ground) -> dict[str, Any]:
    refusal = ground.refusal
    return {
        "basis": str(ground.basis),
        "allowed": ground.is_given,
        "until": ground.until.isoformat() if ground.until else None,
        "refusal": refusal
        and {
            "code": str(refusal.why),
            "advice": str(refusal.advice) if refusal.advice else None,
            "facts": dict(refusal.facts),
        },
        "needs_photo": ground.needs_photo,
        "shipping_paid_by": str(ground.shipping_paid_by),
        "refunds_delivery": ground.refunds_delivery,
        "law": ground.law,
    }


def past_ground(order: ShopOrder) -> Ground:
    """The ground of a return nobody remembers the request of."""
    is_regret = order.customer.country in policies().returns.regret
    return Ground(
        Basis.REGRET if is_regret else Basis.CHANGE_OF_MIND,
        shipping_paid_by=Payer.SHOP if is_regret else Payer.SHOPPER,
        refunds_delivery=True,
    )
