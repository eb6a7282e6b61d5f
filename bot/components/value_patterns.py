"""How sizes, colours, products, dates and codes are written, and what each comes to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.components.value_dates import DATES
from bot.components.value_tables import COLORS, PRODUCTS, SIZE_WORDS


@dataclass(frozen=True)
class Kind:
    """One way to find an entity; the group `v` is its text, and no value means that it is none."""

    entity: str
    pattern: re.Pattern[str]
    value: Callable[[re.Match[str]], str | None]
    plain: bool = True  # looked for in lower case without accents


_LETTERS = r"(?:[2-5]XL|PP|XXG|XGG|XG|EXG|EGG|EG|GGG|GG|G[1-4]|XXS|XS|XXXL|XXL|XL|[PMGSL])"
_UNMISTAKABLE = r"[2-5]xl|xxg|xgg|xg|exg|ggg|gg|xxs|xs|xxxl|xxl|xl|pp"
_NUMBER = r"(?:1\d|[2-5]\d|[1-9])(?:[.,]5|/[2-5]\d| e meio| e meia| and a half| 1/2)?"
_WEARS = (
    r"tamanhos?|tam\.?|numero|num\.?|numeracao|size|sizes|visto|veste|vestem|uso|usa|usam|calco"
    r"|calca o|serve o|wear|wears|take an?|it in|tem no|tem em|tem o|pelo|pela|do you have"
    r"|fit someone who wears"
)
_ITEM = r"(?:an?|the|o|os|um|uma|in|no|em|e|is|eh|uk|us|eu|br)"
_NO_UNIT = (
    r"(?![\w.,/:-]\d|\w|%| ?(?:x\b|anos?|dias?|days?|years?|hours?|horas?|weeks?|semanas?|months?"
    r"|mes|meses|cm|kg|kilos?|reais|conto|minut|vezes|times|stars?|estrelas?|pm\b|am\b|h\b|of|out"
    r"|items?|pecas|pares|pairs?|min\b))"
)
_NO_MORE = r"(?![\w.,/:-]\d|\w| ?(?:anos|years|dias|days|cm|reais|x\b))"
# A letter alone, in lower case, is a size only where the sentence ends or goes on after it.
_ALONE = r"(?=\s*(?:[?.!,;]|$|(?:e|ou|or|and|na|no|em|in|pra|para|preto|branco)\b))"
# A shoe's or a garment's number after a word that says that somebody takes or got it.
_TOOK = (
    r"troc\w+ (?:o|a|um|uma)|levo|pego|peco|veio|vieram|comprei|compro|pedi|recebi|mandaram|chegou"
    r"|sapato e|quero|preciso d[oe]|fico com"
)
_GOT = (
    r"in an?|for an?|are an?|i.?m an?|take an?|took an?|usually an?|need an?|want an?|got an?"
    r"|ordered an?|sent an?|came in an?|swap (?:the|my|an?)|exchange (?:the|my|an?)"
)


def _code(match: re.Match[str]) -> str:
    return re.sub(r"\W", "", match["v"]).upper()


def _dashed(match: re.Match[str]) -> str:
    """The digits, with the dash before the last three: Brazil's and Portugal's."""
    digits = re.sub(r"\D", "", match["v"])
    return f"{digits[:-3]}-{digits[-3:]}"


def _british(match: re.Match[str]) -> str:
    joined = _code(match)
    return f"{joined[:-3]} {joined[-3:]}"


def _size(match: re.Match[str]) -> str:
    written = match["v"].upper().replace(",", ".")
    return re.sub(r" (?:E MEI[OA]|AND A HALF|1/2)$", ".5", written)


def _listed(table: dict[str, str]) -> str:
    longest_first = sorted(table, key=len, reverse=True)
    return "|".join("[ -]".join(map(re.escape, word.split())) for word in longest_first)


def _one_of(table: dict[str, str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?P<v>{_listed(table)})\b")


def _valued(table: dict[str, str]) -> Callable[[re.Match[str]], str]:
    return lambda match: table[match["v"].replace("-", " ")]


def _product(match: re.Match[str]) -> str | None:
    """None for the verb: "antes que saia" is no skirt."""
    is_verb = match["v"] == "saia" and match.string[: match.start()].endswith(("que ", "nao "))
    return None if is_verb else PRODUCTS[match["v"].replace("-", " ")]


_TRACKING = r"rastreio|rastreamento|rastrear|rastreador|tracking(?: (?:number|code|no|id))?"
_CODES = (
    Kind("tracking_code", re.compile(r"\b(?P<v>[a-z]{2} ?\d{3} ?\d{3} ?\d{3} ?[a-z]{2})\b"), _code),
    Kind("tracking_code", re.compile(r"\b(?P<v>1z ?[0-9a-z]{16}|tba\d{12}|jjd\d{16,18})\b"), _code),
    Kind(
        "tracking_code",
        re.compile(rf"\b(?:{_TRACKING})\b\D{{0,20}}(?<!\d)(?P<v>\d{{10,22}})\b"),
        _code,
    ),
    Kind("postal_code", re.compile(r"(?<![\d.-])(?P<v>\d{5}-\d{3})(?![\d-])"), _dashed),
    Kind("postal_code", re.compile(r"(?<![\d.-])(?P<v>\d{2}\.\d{3}-\d{3})(?![\d-])"), _dashed),
    Kind("postal_code", re.compile(r"(?<![\d.-])(?P<v>[1-9]\d{3}-\d{3})(?![\d-])"), _dashed),
    Kind(
        "postal_code",
        re.compile(r"\b(?:cep|codigo postal)\b\D{0,16}(?<!\d)(?P<v>\d{5} ?\d{3}|\d{4}[- ]\d{3})\b"),
        _dashed,
    ),
    Kind(
        "postal_code",
        re.compile(
            r"\b(?:zip(?: ?code)?|postal code|postcode)\b\D{0,16}(?<!\d)(?P<v>\d{5}(?:-\d{4})?)\b"
        ),
        lambda match: match["v"],
    ),
    Kind(
        "postal_code",
        re.compile(r"(?<![\d-])(?<!\d )(?<!\) )(?P<v>\d{5}-\d{4})(?![\d-])"),
        lambda match: match["v"],
    ),
    Kind(
        "postal_code",
        re.compile(r"\b(?P<v>[a-z]{1,2}\d[a-z\d]? ?\d[abd-hjlnp-uw-z]{2})\b"),
        _british,
    ),
)
_SIZES = (
    Kind(
        "size",
        re.compile(r"\b(?P<v>tamanho unico|one size(?: fits all)?)\b"),
        lambda _: "one size",
    ),
    Kind(
        "size",
        re.compile(
            rf"\b(?:{_WEARS})(?:\s+{_ITEM}){{0,2}}(?:\s*:\s*|\s+|(?<=\.))"
            rf"(?P<v>(?:{_LETTERS.lower()}|{_NUMBER})(?:(?= years)|{_NO_MORE}))"
        ),
        _size,
    ),
    Kind(
        "size",
        re.compile(
            rf"\b(?:tamanho|tam|size|sized|wear an?|in an?|usually an?|usually|um|veste|visto|uso)"
            rf"(?: o)? (?P<v>{_listed(SIZE_WORDS)})\b"
        ),
        _valued(SIZE_WORDS),
    ),
    Kind(
        "size",
        re.compile(
            r"\b(?:no|em|in|do|por um|for an?) (?P<v>3[3-9]|4\d|5[0-4])"
            r"(?![\w.,/:-]\d|\w|%| ?(?:x|anos|years|dias|days|hours|horas|cm|reais|minut))"
        ),
        _size,
    ),
    Kind(
        "size",
        re.compile(rf"\b(?:between|entre)(?: an?| o)? (?P<v>{_UNMISTAKABLE}|[pmgsl]|3[3-9]|4\d)\b"),
        _size,
    ),
    Kind(
        "size",
        re.compile(rf"\b(?:{_TOOK})(?: (?:o|a|um|uma))? (?P<v>3[3-9]|4\d|5[0-4]){_NO_UNIT}"),
        _size,
    ),
    Kind("size", re.compile(r"\b[oa] (?P<v>3[3-9]|4\d|5[0-4])(?= pel[oa] )"), _size),
    Kind(
        "size",
        re.compile(rf"\b(?:{_GOT}) (?P<v>(?:[4-9]|1[0-6])(?:\.5)?|3[3-9]|4\d){_NO_UNIT}"),
        _size,
    ),
    Kind("size", re.compile(rf"(?<![\w'’.-])(?P<v>{_UNMISTAKABLE})(?![\w'’.-])"), _size),
    Kind("size", re.compile(rf"\bquero (?:[oa]|uma?) (?P<v>[pmg])\b{_ALONE}"), _size),
    Kind("size", re.compile(rf"\b(?:us|uk|eu|br) ?(?P<v>\d{{1,2}}(?:[.,]5)?){_NO_MORE}"), _size),
    Kind(
        "size",
        re.compile(
            rf"\b(?:{_listed(PRODUCTS)})(?: (?:{_listed(COLORS)}|no|numero))? "
            rf"(?P<v>(?:[2-5]xl|pp|xgg|xg|egg|eg|ggg|gg|xxs|xs|xxl|xl)\b|[pmgsl]\b{_ALONE}"
            rf"|(?:3[3-9]|4\d|5[0-6]){_NO_MORE})"
        ),
        _size,
    ),
    Kind("size", re.compile(rf"(?<![\w'’.-])(?P<v>{_LETTERS})(?![\w'’.-])"), _size, plain=False),
)
KINDS = (
    *_CODES,
    *(Kind("date", pattern, value) for pattern, value in DATES),
    *_SIZES,
    Kind("color", _one_of(COLORS), _valued(COLORS)),
    Kind("product", _one_of(PRODUCTS), _product),
)
"""In the order in which they are looked for: the first of two that overlap stays."""
