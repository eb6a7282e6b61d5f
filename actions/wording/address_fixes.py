"""What is put right in an address, while the rest of it stays: "make it apt 5", "só o número"."""

from __future__ import annotations

import re

from actions.wording.address_words import LABELS, LETTERS_OF_A_STATE, part_in
from actions.wording.plain import plain

_TO = r"(?:é|eh|e|seria|is|be|should be|=|:|pr[ao]|para|p/|por|to|as)"
_LONGEST = 60
_PIECE = re.compile(r"[,;\n]+")
# Whoever says one of these changes something: what comes before it is no part of an address.
_LEAD = re.compile(
    r"(?:.{0,40}?\b)?(?:mud(?:a|ar|e|ou)|troc(?:a|ar|ou|que)|corrig\w+|alter[ae]r?|coloc(?:a|ar|ou)"
    r"|bota|p[õo]e|poe|deixa|faltou|esqueci|change|make|set|update|fix|correct|i forgot|forgot"
    r"|missed)\b(?:\s+(?:só|so|apenas|somente|just|only|it|that|isso|ele|de|dizer|to|say|the|"
    r"pr[ao]|para|o|a)\b)*\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:\s(?:instead|please|pls|then|thanks|por favor|pfv|então|mesmo))+$", re.IGNORECASE
)
_NAMED = re.compile(
    r"(?:(?:o|a|the|my|meu|minha|só|so|just|only)\s+)*(bairro|district|neighbou?rhood|cidade|city"
    r"|town|estado|state|uf|n[uú]mero|number|rua|street)"
    rf"(?:\s+d[ao]\s+(?:casa|rua|pr[eé]dio|endere[cç]o))?(\s*{_TO})?\s+(?:o\s+|a\s+|the\s+)?(.+)",
    re.IGNORECASE,
)
_NAMES = {
    **LABELS,
    "cep": "postcode",
    "codigo postal": "postcode",
    "district": "district",
    "neighborhood": "district",
    "neighbourhood": "district",
    "post code": "postcode",
    "postcode": "postcode",
    "rua": "street",
    "zip": "postcode",
    "zip code": "postcode",
    "zipcode": "postcode",
}
# A part that is named as the wrong one, and not told yet: "o CEP tá errado", "só o número".
_NAMED_ALONE = re.compile(
    r"(?:(?:nao|no|sim|yes|mas|but|muda\w*|troca\w*|corrig\w+|change|fix|correct|e|o|a|the|so|just"
    r"|only|my|meu|minha)\W+)*(cep|codigo postal|postcode|post code|zip(?: ?code)?|rua|street"
    r"|numero|number|cidade|city|estado|state)"
    r"(?:\W+(?:que )?(?:ta|esta|e|eh|is|s|veio|foi|was))?(?:\W+(?:errad[oa]|wrong|incorrect))?\W*"
)
# "O número tá errado, é 210", "wrong number, it's 210".
_IT_IS = (
    r"(?:o certo|o correto|na verdade|actually|it should be|should be|it.?s|that.?s|é|eh|e|is"
    r"|seria)"
)
_WRONG_THEN = re.compile(
    r"(?:.{0,20}?\b)?(?:(?:wrong|errad[oa])\s+)?(bairro|district|cidade|city|town|estado|state"
    r"|n[uú]mero|number|rua|street)(?:\s+(?:tá|ta|está|esta|é|is|was|veio))?"
    rf"(?:\s+(?:errad[oa]|wrong|incorrect))?[\s,.;:]+(?:{_IT_IS}\s+)+(?:o\s+|a\s+|the\s+)?(.+)",
    re.IGNORECASE,
)
_IS_WRONG = re.compile(r"\b(?:errad[oa]|wrong|incorrect)\b", re.IGNORECASE)
_HOUSE = re.compile(r"\d{1,5}\s?[a-z]?", re.IGNORECASE)
_HOUSE_ALONE = re.compile(r"\d{1,4}[a-z]?", re.IGNORECASE)  # five digits begin a postcode
_NUMBER_IS = re.compile(
    r"\b(?:n[uú]mero|number|n[º°o])\b(.{0,40}?)\b(?:é|eh?|seria|is|be|pra|para|to)\s+"
    r"(\d{1,5}[a-z]?)\b",
    re.IGNORECASE,
)
# Such a number is of something else than a house.
_OF_OTHER_THINGS = re.compile(
    r"pedido|compra|order|cpf|telefone|celular|whats|phone|rastrei|protocolo|ticket", re.IGNORECASE
)
# A letter alone is a flat too, but a small one may be a word: "o apartamento é a mesma coisa".
_FLAT = re.compile(
    r"\b(apto?|ap|apartamento|bloco|apt|apartment|flat|unit|suite)(?:\.\s*|\s+|(?=\d))"
    r"(?:é |is |to |pra |para |number |n[uú]mero |o |a )*"
    r"(\d+\w?|(?-i:[A-Z])|[b-df-hj-np-z])\b",
    re.IGNORECASE,
)


def details_in(text: str) -> dict[str, str]:
    """The number or the flat alone, of an address that stays as it is otherwise."""
    flat, rest = flat_in(text)
    number = _NUMBER_IS.search(rest)
    is_house = number is not None and not _OF_OTHER_THINGS.search(number[1])
    found = {"number": number[2]} if number and is_house else {}
    return {**found, "complement": flat} if flat else found


def wrong_in(text: str) -> str | None:
    """The part that is named as the wrong one, where it isn't told how it reads rightly."""
    named = _NAMED_ALONE.fullmatch(plain(text[:_LONGEST]))
    return _NAMES[named[1]] if named else None


def flat_in(text: str) -> tuple[str, str]:
    """The flat that a message names, and the message without it; empty where it names none."""
    flat = " ".join(f"{found[1]} {found[2]}" for found in _FLAT.finditer(text))
    return flat, _FLAT.sub(" ", text)


def corrected_in(text: str, country: str) -> dict[str, str]:
    """The parts that a message says shall be others, each by its name or after "make it"."""
    fixed = _instead_of_wrong(text, country)
    for piece in _PIECE.split(text):
        said = _TAIL.sub("", " ".join(piece.split()).rstrip(" .!?"))
        lead = _LEAD.match(said)
        fixed |= _named_in(said, country) or (
            _changed_in(said[lead.end() :], country) if lead else {}
        )
    return fixed


def _named_in(said: str, country: str) -> dict[str, str]:
    """`a cidade é Campinas`."""
    named = None if wrong_in(said) else _NAMED.fullmatch(said)
    return _as_part(named[1], named[3], country) if named and named[2] else {}


def _changed_in(said: str, country: str) -> dict[str, str]:
    """What comes after "make it", or after "muda": `apt 5`, `o número pra 5`, `5`."""
    named = _NAMED.fullmatch(said)
    if named:
        return _as_part(named[1], named[3], country)
    flat, rest = flat_in(said)
    if flat and not rest.strip():
        return {"complement": flat}
    return {"number": said} if _HOUSE_ALONE.fullmatch(said) else {}


def _instead_of_wrong(text: str, country: str) -> dict[str, str]:
    said = " ".join(text[:_LONGEST].split()).rstrip(" .!?")
    then = _WRONG_THEN.fullmatch(said) if _IS_WRONG.search(said) else None
    return _as_part(then[1], then[2], country) if then else {}


def _as_part(called: str, said: str, country: str) -> dict[str, str]:
    """A street may bring its number along; a state has two letters, and a house a number."""
    name = _NAMES[plain(called)]
    if name == "street":
        return part_in(said, name, country)
    if name == "state":
        return {name: said.upper()} if len(said) == LETTERS_OF_A_STATE else {}
    is_none = (name == "number" and not _HOUSE.fullmatch(said)) or _IS_WRONG.search(said)
    return {} if is_none else {name: said}
