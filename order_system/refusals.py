"""No as an answer: why the shop doesn't do something, and what could be done instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from order_system.vocabulary import Word


class Why(Word):
    """Why not; `OTHER` for a reason that only the shop has a word for."""

    # Orders and what they are made of
    ORDER_UNKNOWN = "order_unknown"
    ITEM_UNKNOWN = "item_unknown"
    QUANTITY_TOO_HIGH = "quantity_too_high"
    CHANGED_MEANWHILE = "changed_meanwhile"
    KEY_REUSED = "key_reused"
    NOT_OFFERED = "not_offered"
    INVALID = "invalid"
    # How far the order has come
    NOT_PAID = "not_paid"
    ALREADY_PAID = "already_paid"
    BEING_PACKED = "being_packed"
    ALREADY_SHIPPED = "already_shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    NOT_DELIVERED_YET = "not_delivered_yet"
    ALREADY_DELIVERED = "already_delivered"
    ALREADY_CANCELLED = "already_cancelled"
    ALREADY_RETURNED = "already_returned"
    # Returns
    WINDOW_OVER = "window_over"
    CATEGORY_EXCLUDED = "category_excluded"
    ALREADY_RETURNING = "already_returning"
    PHOTO_NEEDED = "photo_needed"
    LABEL_NOT_READY = "label_not_ready"
    OUT_OF_STOCK = "out_of_stock"
    VARIANT_UNKNOWN = "variant_unknown"
    SAME_VARIANT = "same_variant"
    # Addresses
    POSTCODE_MALFORMED = "postcode_malformed"
    POSTCODE_OF_ANOTHER_STATE = "postcode_of_another_state"
    STREET_MISSING = "street_missing"
    NUMBER_MISSING = "number_missing"
    CITY_MISSING = "city_missing"
    STATE_UNKNOWN = "state_unknown"
    RECIPIENT_MISSING = "recipient_missing"
    COUNTRY_CHANGED = "country_changed"
    # Money and papers
    NOTHING_TO_PAY = "nothing_to_pay"
    METHOD_NOT_RENEWABLE = "method_not_renewable"
    INVOICE_NOT_ISSUED = "invoice_not_issued"
    # Promo codes
    PROMO_UNKNOWN = "promo_unknown"
    PROMO_NOT_YET = "promo_not_yet"
    PROMO_OVER = "promo_over"
    PROMO_USED_UP = "promo_used_up"
    PROMO_BELOW_MINIMUM = "promo_below_minimum"
    PROMO_FIRST_ORDER_ONLY = "promo_first_order_only"
    PROMO_NOT_IN_COUNTRY = "promo_not_in_country"
    PROMO_NOT_FOR_CATEGORY = "promo_not_for_category"
    OTHER = "other"


class Advice(Word):
    """What could be done instead."""

    CANCEL = "cancel"
    REFUSE_DELIVERY = "refuse_delivery"
    RETURN_AFTER_DELIVERY = "return_after_delivery"
    RETURN = "return"
    EXCHANGE = "exchange"
    REPORT_DEFECT = "report_defect"
    SEND_PHOTO = "send_photo"
    OTHER_SIZE = "other_size"
    CORRECT_ADDRESS = "correct_address"
    PAY_AGAIN = "pay_again"
    WAIT = "wait"
    LOOK_AGAIN = "look_again"
    TALK_TO_PERSON = "talk_to_person"
    OTHER = "other"


@dataclass(frozen=True)
class Refusal:
    """The shop's no: a value to speak about, never an exception and never a text to show.

    `raw` is the shop's own code; `facts` hold what a sentence may need, such as `until` (a day),
    `return_number`, `minimum` and `currency`. `also` are further reasons of the same kind, as of
    an address with more than one mistake.
    """

    why: Why
    advice: Advice | None = None
    raw: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    also: tuple[Why, ...] = ()


@dataclass(frozen=True)
class Permission:
    """Whether something may still be done to an order; `until` where the shop knows the moment."""

    refusal: Refusal | None = None
    until: datetime | None = None

    @property
    def is_given(self) -> bool:
        """Whether it may be done now."""
        return self.refusal is None
