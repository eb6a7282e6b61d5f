"""Products, stock, promo codes, sizes, hours and rules of the demo shop, as the desk asks."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from PIL import Image

from order_system.model import Money, OrderState
from order_system.refusals import Refusal, Why
from order_system.sizes import as_text, recommend
from order_system.vocabulary import Basis, PaymentMethod
from simulator.shop_catalogue import SHOP_FILES
from simulator.shop_policies import PolicyError, read_rules
from tests.simulator.shop_visit import a_visit

RULES = SHOP_FILES / "policies.yml"


@pytest.mark.parametrize(
    ("words", "language", "sku"),
    [
        ("tenis brisa", "pt", "TN-BRISA"),
        ("vocês têm o tênis de corrida correnteza?", "pt", "TN-CORRE"),
        ("VESTIDO MIDI", "pt", "VS-MIDI"),
        ("rain boots", "en", "BT-GALOCH"),
        ("linen shirt", "en", "CS-LINHO"),
        ("mochila", "pt", "AC-MOCHIL"),
        ("TN-RETRO", "pt", "TN-RETRO"),
    ],
)
async def test_words_find_their_product(words: str, language: str, sku: str) -> None:
    async with a_visit() as visit:
        found = await visit.order_system.products(words, language)
    assert found[0].ref == sku
    assert found[0].url is not None


@pytest.mark.parametrize("words", ["", "geladeira", "e o de"])
async def test_words_that_mean_nothing_find_nothing(words: str) -> None:
    async with a_visit() as visit:
        assert await visit.order_system.products(words, "pt") == []


async def test_what_is_sold_out_comes_with_neighbours_and_others() -> None:
    async with a_visit() as visit:
        found = await visit.order_system.availability("TN-BRISA", size="40", color="black")
        assert found is not None
        assert found.wanted is not None
        assert (found.wanted.color, found.wanted.is_available) == ("preto", False)
        first, *_ = found.alternatives
        assert (first.product, first.size, first.color) == ("TN-BRISA", "40", "branco")
        assert all(one.is_available and found.product_of(one) for one in found.alternatives)
        assert {one.size for one in found.available(color="preto")} >= {"39", "41"}
        assert await visit.order_system.availability("NADA") is None


async def test_only_codes_that_can_be_used_today_are_told() -> None:
    async with a_visit() as visit:
        running = {promo.code for promo in await visit.order_system.promos()}
        visit.later(days=20)
        later = {promo.code for promo in await visit.order_system.promos()}
    assert {"PE20", "BEMVINDO10"} <= running
    assert running.isdisjoint({"INVERNO25", "VERAO15", "RELAMPAGO"})
    assert "PE20" not in later
    assert "VERAO15" in later


@pytest.mark.parametrize(
    ("code", "amount", "phone", "why"),
    [
        ("pe20", ("299.90", "BRL"), None, None),
        ("NADA", None, None, Why.PROMO_UNKNOWN),
        ("INVERNO25", None, None, Why.PROMO_OVER),
        ("VERAO15", None, None, Why.PROMO_NOT_YET),
        ("RELAMPAGO", None, None, Why.PROMO_USED_UP),
        ("FRETEGRATIS", ("149.99", "BRL"), None, Why.PROMO_BELOW_MINIMUM),
        ("FRETEGRATIS", ("150.00", "BRL"), None, None),
        ("FRETEGRATIS", None, "447700900123", Why.PROMO_NOT_IN_COUNTRY),
        ("BEMVINDO10", None, "5511987650001", Why.PROMO_FIRST_ORDER_ONLY),
        ("BEMVINDO10", None, "5511900009999", None),
    ],
)
async def test_a_promo_code_works_or_says_why_not(
    code: str, amount: tuple[str, str] | None, phone: str | None, why: Why | None
) -> None:
    money = Money(Decimal(amount[0]), amount[1]) if amount else None
    async with a_visit() as visit:
        answer = await visit.order_system.promo(code, amount=money, phone=phone)
    assert (answer.refusal.why if answer.refusal else None) is why
    assert answer.is_valid is (why is None)


async def test_a_discount_is_exact_and_the_last_day_counts() -> None:
    amount = Money(Decimal("299.90"), "BRL")
    async with a_visit() as visit:
        answer = await visit.order_system.promo("PE20", amount=amount)
        assert answer.discount == Money(Decimal("59.98"), "BRL")
        visit.at = datetime(2026, 12, 8, 2, 59, tzinfo=UTC)  # the last minute of 7 December
        assert (await visit.order_system.promo("PE20")).is_valid
        visit.later(minutes=1)
        over = (await visit.order_system.promo("PE20")).refusal
    assert over is not None
    assert over.facts == {"until": "2026-12-07"}


async def test_a_size_chart_is_a_text_and_a_picture() -> None:
    async with a_visit() as visit:
        women, men = await visit.order_system.size_charts(product="TN-BRISA")
        assert (women.gender, men.gender) == ("women", "men")
        (only,) = await visit.order_system.size_charts(category="trainers", gender="men")
        assert only == men
        assert "38: pé 24,9-25,4 cm" in as_text(women, "pt")
        found = recommend(women, {"foot": Decimal("25.0")})
        assert found is not None
        assert found.row is not None
        assert found.row.systems == {"br": "38", "eu": "40", "us": "9", "uk": "6.5"}
        for language in ("pt", "en"):
            image = await visit.order_system.size_chart_image(women.ref, language)
            assert image is not None
            assert image.name == f"shoes-women-{language}.png"
            with Image.open(io.BytesIO(image.content)) as picture:
                assert (picture.format, picture.mode) == ("PNG", "RGB")
                assert picture.width == 1080
        assert women.url is not None
        page = await visit.http.get(women.url.removeprefix("http://127.0.0.1:8090"))
        assert page.headers["Content-Type"] == "image/png"
        assert await visit.order_system.size_chart_image("nada", "pt") is None
        assert await visit.order_system.size_charts(product="AC-BOLSA") == []


async def test_every_size_of_every_product_stands_in_its_chart() -> None:
    async with a_visit() as visit:
        for chart in await visit.order_system.size_charts():
            lows = [row.measures[chart.measures[0]].low for row in chart.rows]
            assert lows == sorted(lows)
        shoes = await visit.order_system.products("tênis", "pt", limit=20)
        for product in shoes:
            charts = await visit.order_system.size_charts(product=product.ref)
            known = {row.size for chart in charts for row in chart.rows}
            assert set(product.sizes) <= known


async def test_the_shops_have_hours_and_an_address() -> None:
    async with a_visit() as visit:
        stores = {one.ref: one for one in await visit.order_system.stores()}
    pinheiros, online = stores["pinheiros"], stores["online"]
    assert pinheiros.address is not None
    assert pinheiros.address.postcode == "05422-002"
    assert online.address is None
    assert pinheiros.is_open(datetime(2026, 11, 25, 15, tzinfo=UTC))
    assert pinheiros.hours_on(date(2026, 12, 25)) == ()
    assert pinheiros.special[date(2026, 12, 25)].because["en"] == "Christmas"


async def test_the_rules_are_told_to_whoever_asks() -> None:
    async with a_visit() as visit:
        policies = await visit.order_system.policies()
    assert policies.returns.regret["BR"].days == 7
    assert policies.returns.windows[Basis.DEFECT].needs_photo
    assert policies.refund_days[PaymentMethod.CARD] == 10
    assert OrderState.SHIPPED not in policies.cancel_in
    assert set(policies.texts["drop_off"]) == {"pt", "en"}


async def test_an_invoice_is_a_pdf_with_its_key() -> None:
    async with a_visit() as visit:
        invoice = await visit.order_system.invoice_of("48213")
        assert invoice is not None
        assert not isinstance(invoice, Refusal)
        assert invoice.access_key is not None
        assert len(invoice.access_key) == 44
        pdf = await visit.order_system.invoice_document("48213")
        assert pdf is not None
        assert not isinstance(pdf, Refusal)
        assert pdf.name == "nota-fiscal-48213.pdf"
        assert (
            " ".join(invoice.access_key[n : n + 4] for n in range(0, 44, 4)).encode() in pdf.content
        )
        abroad = await visit.order_system.invoice_of("48377")
        assert abroad is not None
        assert not isinstance(abroad, Refusal)
        assert abroad.access_key is None
        early = await visit.order_system.invoice_of("48396")
        assert isinstance(early, Refusal)
        assert early.why is Why.INVOICE_NOT_ISSUED


@pytest.mark.parametrize(
    ("where", "value", "told"),
    [
        (("returns", "regret", "BR", "days"), 0, "returns.regret.BR.days"),
        (("returns", "windows", "defect", "days"), "many", "returns.windows.defect.days"),
        (("returns", "exemptions", 0, "products"), ["NADA"], "no such goods: NADA"),
        (("returns", "surprise"), 1, "returns.surprise"),
        (("cancel_in",), ["delivered"], "cancel_in.0"),
        (("promos", 0, "percent"), None, "one of percent, amount and free_delivery"),
        (("promos", 1, "code"), "BEMVINDO10", "twice"),
        (("stores", 0, "weekly"), {"mon": ["18:00-09:00"]}, "no hours: 18:00-09:00"),
        (("stores", 0, "weekly"), {"someday": []}, "no such day: someday"),
        (("stores", 1, "address", "postcode"), "05", "postcode_malformed"),
        (("texts", "drop_off"), {"pt": "só aqui"}, "texts.drop_off"),
    ],
)
def test_a_mistake_in_the_rules_is_named(
    tmp_path: Path, where: tuple[str | int, ...], value: object, told: str
) -> None:
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    place = rules
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = value
    changed = tmp_path / "policies.yml"
    changed.write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    with pytest.raises(PolicyError, match=told.replace(".", r"\.")):
        read_rules(changed)


def test_rules_that_are_no_yaml_are_refused(tmp_path: Path) -> None:
    changed = tmp_path / "policies.yml"
    changed.write_text("name: [", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"policies\.yml"):
        read_rules(changed)
