"""What somebody talks about: the product, size and colour that their words fit best."""

import random
import re
from dataclasses import dataclass, replace

from simulator.crowd.plain import has, plain
from simulator.shop_catalogue import ONE_SIZE, Product, catalogue
from simulator.shop_stock import Stock, color_of, size_of

_NUMBER = re.compile(r"(?<![\d.,/-])(3[3-9]|4[0-5])(?![\d/%-]|[.,]\d)")
_LETTER = re.compile(r"(?<![\w'])(?:PP|GG|XG|XL|P|M|G|S|L)(?![\w'])")
# "Too small" is a complaint, "a small" is a size.
_NO_SIZE = "".join(f"(?<!{one} )" for one in ("too", "so", "very", "bit", "run", "runs", "way"))
_IN_WORDS = {"small": "P", "medium": "M", "medio": "M", "large": "G"}
_TO = re.compile(r"\b(?:pro|pra|para|por|pelo|pela|to|for|into|quero|queria|want|need)\b\D{0,24}$")
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\btenis\b|trainer|sneaker|running shoe", ("TN-BRISA", "TN-CORRE", "TN-LONA")),
    (r"\bbotas?\b|coturno|\bboots?\b", ("BT-COTURN", "BT-CHELSE", "BT-CANO")),
    (r"sandalia|rasteir|sandal", ("SD-TIRAS", "SD-PAPETE", "SD-RASTEI")),
    (r"chinel|flip.?flop|slide", ("SD-CHINEL", "SD-SLIDE")),
    (r"sapat|scarpin|salto|\bshoes?\b|heels|loafer", ("SP-SAPATI", "SP-SCARPI", "SP-MOCAS")),
    (r"vestido|\bdress", ("VS-MALHA", "VS-MIDI", "VS-CHEMIS")),
    (r"\bsaia|skirt", ("SA-JEANS", "SA-PLISSA")),
    (r"camisetas?|t-?shirt|\btee\b|regata", ("CM-BASICA", "CM-GOLAV", "CM-DRY")),
    (r"\bcamisas?\b|\bshirt", ("CS-LINHO", "CS-XADREZ")),
    (r"blusa|\btop\b|cropped|blouse", ("CM-BLUSA", "CM-CROPPE")),
    (r"moletom|hoodie|sweatshirt", ("CS-MOLETO",)),
    (r"jaqueta|casaco|jacket|coat|corta-vento", ("CS-JAQUET", "CS-CORTAV")),
    (r"\bcalcas?\b|jeans|trouser|pants|legging", ("CL-JEANS", "CL-JOGGER", "CL-CHINO")),
    (r"bermuda|shorts", ("CL-BERMUD", "CL-SHORTS")),
)
_SHOES = ("TN-BRISA", "TN-CORRE", "TN-LONA", "SP-SAPATI", "BT-CHELSE", "SD-TIRAS", "TN-RETRO")
_CLOTHES = ("CM-BASICA", "VS-MALHA", "CS-LINHO", "CL-JEANS", "CS-MOLETO", "CM-POLO")


@dataclass(frozen=True)
class Goods:
    """One variant; `wanted` is the size that it shall be exchanged for or is asked for."""

    product: Product
    size: str
    color: str
    wanted: str | None = None

    def name(self, language: str) -> str:
        """The product as this language calls it."""
        return self.product.en if language == "en" else self.product.pt


def named_in(text: str) -> Product | None:
    """The product that is called by its own name here."""
    words = set(re.findall(r"[a-z0-9-]+", plain(text)))
    found = [
        (len(own & words), product)
        for product in catalogue().products.values()
        if (own := _own_words(product)) & words
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def spoken_of(said: str, size: str | None, chance: random.Random, *, for_exchange: bool) -> Goods:
    """What the words mean; what they leave open is left to chance, but fits them."""
    have, wanted = _sizes(said, size, for_exchange=for_exchange)
    products = _products(said, wanted or have, chance)
    for product in products:
        goods = _fitted(product, have, wanted, said)
        if not for_exchange or _is_there(goods):
            return goods
    return _fitted(products[0], have, None, said)


def is_sold(text: str) -> bool:
    """Whether the shop has any such thing as this text talks of."""
    return named_in(text) is not None or any(has(text, pattern) for pattern, _ in _KINDS)


def sizes_in(text: str) -> list[str]:
    """Sizes as they are named in a text, in their order, as our labels have them."""
    found = [(one.start(), one[0]) for one in _NUMBER.finditer(text)]
    found += [(one.start(), one[0]) for one in _LETTER.finditer(text)]
    found += [
        (one.start(), size)
        for word, size in _IN_WORDS.items()
        for one in re.finditer(rf"{_NO_SIZE}\b{word}\b", plain(text))
    ]
    return [_ours(size) for _, size in sorted(found)]


def _ours(size: str) -> str:
    return {"S": "P", "L": "G", "XL": "GG", "XG": "GG"}.get(size, size)


def _sizes(said: str, answer: str | None, *, for_exchange: bool) -> tuple[str | None, str | None]:
    """The size they have and the one they want."""
    named = sizes_in(said)
    answered = sizes_in(answer.upper() if answer and len(answer) < 4 else answer or "")
    wanted = answered[-1] if answered else None
    if not for_exchange:
        return None, wanted or (named[0] if named else None)
    if wanted is not None:
        return next((size for size in named if size != wanted), None), wanted
    if len(named) > 1:
        return named[0], named[-1]
    if named:
        before = plain(said).partition(named[0].lower())[0]
        return (None, named[0]) if _TO.search(before) else (named[0], None)
    return None, None


def _products(said: str, size: str | None, chance: random.Random) -> list[Product]:
    known = catalogue().products
    own = named_in(said)
    if own is not None:
        return [own]
    meant = next((skus for pattern, skus in _KINDS if has(said, pattern)), None)
    if meant is None:
        meant = _CLOTHES if size in {"P", "M", "G", "GG"} else _SHOES
    found = [known[sku] for sku in chance.sample(meant, len(meant))]
    fitting = [one for one in found if size is None or size in one.sizes]
    return fitting or found


def _fitted(product: Product, have: str | None, wanted: str | None, said: str) -> Goods:
    asked = next((one for one in product.colors if has(said, rf"\b{plain(one.pt)}\b")), None)
    asked = asked or next((one for one in product.colors if has(said, rf"\b{one.en}\b")), None)
    color = asked.pt if asked else product.colors[0].pt
    want = size_of(product, wanted)
    own = size_of(product, have) or _other(product, want)
    goods = Goods(product, own, color, want if want != own else None)
    if asked is None and want is not None:
        for one in product.colors:
            if _is_there(replace(goods, color=one.pt)):
                return replace(goods, color=one.pt)
    return goods


def _other(product: Product, wanted: str | None) -> str:
    """A size beside the one they want: they bought the wrong one."""
    if product.sizes == (ONE_SIZE,):
        return ONE_SIZE
    if wanted is None:
        return product.sizes[len(product.sizes) // 2]
    at = product.sizes.index(wanted)
    return product.sizes[at - 1 if at else 1]


def _is_there(goods: Goods) -> bool:
    if goods.wanted is None:
        return True
    color = color_of(goods.product, goods.color) or goods.color
    return Stock().count(goods.product, goods.wanted, color) > 0


def _own_words(product: Product) -> set[str]:
    """The word only this product is called by: Brisa, Correnteza, Garoa."""
    last = plain(product.pt).split()[-1]
    is_ours = last in plain(product.en).split()
    return {last} if is_ours else set()
