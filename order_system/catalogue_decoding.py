"""From the JSON of `openapi.yaml` to products, stock, promo codes and size charts."""

from order_system.catalogue import (
    Availability,
    Color,
    Product,
    Promo,
    PromoAnswer,
    Variant,
)
from order_system.decoding import decode_refusal
from order_system.reading import (
    all_texts,
    count,
    day,
    each,
    entries,
    flag,
    instant,
    malformed,
    mapping,
    money,
    number,
    optional,
    plain,
    text,
    texts,
    web_address,
    word,
)
from order_system.sizes import SizeChart, SizeRow, Span


def decode_products(body: object) -> tuple[Product, ...]:
    """The products of a search, the best first."""
    data = mapping(body, "answer")
    if "products" not in data:
        raise malformed("answer.products")
    return each(data, "products", "answer", _product)


def decode_availability(body: object) -> Availability:
    """A product's stock."""
    where = "availability"
    data = mapping(body, where)
    return Availability(
        product=_product(data.get("product"), f"{where}.product"),
        variants=each(data, "variants", where, _variant),
        wanted=optional(data, "wanted", where, _variant),
        alternatives=each(data, "alternatives", where, _variant),
        products=each(data, "products", where, _product),
    )


def decode_promo_answer(body: object) -> PromoAnswer:
    """Whether a promo code works."""
    where = "answer"
    data = mapping(body, where)
    refusal = optional(data, "refusal", where, decode_refusal)
    promo = optional(data, "promo", where, _promo)
    if flag(data.get("valid"), f"{where}.valid") is not (refusal is None and promo is not None):
        raise malformed(f"{where}.valid")
    return PromoAnswer(
        code=text(data, "code", where),
        promo=promo,
        refusal=refusal,
        discount=optional(data, "discount", where, money),
    )


def decode_promos(body: object) -> tuple[Promo, ...]:
    """The codes that run."""
    data = mapping(body, "answer")
    if "promos" not in data:
        raise malformed("answer.promos")
    return each(data, "promos", "answer", _promo)


def decode_charts(body: object) -> tuple[SizeChart, ...]:
    """The size charts of a search, the best first."""
    data = mapping(body, "answer")
    if "charts" not in data:
        raise malformed("answer.charts")
    return each(data, "charts", "answer", _chart)


def _product(body: object, where: str) -> Product:
    data = mapping(body, where)
    return Product(
        ref=text(data, "ref", where),
        name=texts(data, "name", where),
        category=text(data, "category", where),
        category_name=texts(data, "category_name", where),
        url=optional(data, "url", where, web_address),
        prices=each(data, "prices", where, money),
        colors=each(data, "colors", where, _color),
        sizes=each(data, "sizes", where, word),
    )


def _color(body: object, where: str) -> Color:
    data = mapping(body, where)
    return Color(text(data, "ref", where), texts(data, "name", where))


def _variant(body: object, where: str) -> Variant:
    data = mapping(body, where)
    return Variant(
        product=text(data, "product", where),
        size=text(data, "size", where),
        color=text(data, "color", where),
        is_available=flag(data.get("available"), f"{where}.available"),
        in_stock=optional(data, "in_stock", where, count),
        back_on=optional(data, "back_on", where, day),
    )


def _promo(body: object, where: str) -> Promo:
    data = mapping(body, where)
    return Promo(
        code=text(data, "code", where),
        summary=texts(data, "summary", where),
        percent=optional(data, "percent", where, number),
        amount=optional(data, "amount", where, money),
        is_free_delivery=optional(data, "free_delivery", where, flag) or False,
        starts_at=optional(data, "starts_at", where, instant),
        ends_at=optional(data, "ends_at", where, instant),
        minimum=optional(data, "minimum", where, money),
        categories=each(data, "categories", where, word),
        countries=each(data, "countries", where, word),
        is_first_order_only=optional(data, "first_order_only", where, flag) or False,
        conditions=each(data, "conditions", where, all_texts),
    )


def _chart(body: object, where: str) -> SizeChart:
    data = mapping(body, where)
    return SizeChart(
        ref=text(data, "ref", where),
        title=texts(data, "title", where),
        categories=each(data, "categories", where, word),
        gender=text(data, "gender", where),
        rows=each(data, "rows", where, _row),
        how_to_measure=texts(data, "how_to_measure", where),
        note=texts(data, "note", where),
        url=optional(data, "url", where, web_address),
        has_image=optional(data, "has_image", where, flag) or False,
    )


def _row(body: object, where: str) -> SizeRow:
    data = mapping(body, where)
    return SizeRow(
        size=text(data, "size", where),
        systems=entries(data, "systems", where, plain),
        measures=entries(data, "measures", where, _span),
    )


def _span(body: object, where: str) -> Span:
    data = mapping(body, where)
    low = number(data.get("low"), f"{where}.low")
    high = number(data.get("high"), f"{where}.high")
    if low > high:
        raise malformed(f"{where}.high")
    return Span(low, high)
