"""An address out of a free message, or the one part of it that was asked for."""

from __future__ import annotations

import re

from actions.wording.plain import plain
from order_system.addresses import postcode, state_of_cep

PARTS = ("postcode", "street", "number", "city", "state")
"""What an address needs, in the order in which it is asked for."""

_CODES = {
    "BR": re.compile(r"(?<![\d-])\d{2}\.?\d{3}[- .]?\d{3}(?![\d-])"),
    "US": re.compile(
        r"(?<![\w-])\d{5}(?:-\d{4})?(?=\s*(?:$|[,;.\n]|usa?\b|united))", re.IGNORECASE
    ),
    "GB": re.compile(r"\b(?:GIR|[A-Z]{1,2}[0-9][0-9A-Z]?)\s*[0-9](?:AA|[A-Z]{2})\b", re.IGNORECASE),
}
_OTHER_CODE = re.compile(r"(?<![\w-])\d{4,5}(?:-\d{3})?(?![\w-])")
_CODE_WORD = re.compile(r"\b(?:cep|zip(?: ?code)?|post ?code|postal code)\b[\s:.é]*", re.IGNORECASE)
_NUMBER = r"\d{1,6}\s?[a-z]?(?:-\d+)?"
_ALONE = re.compile(
    rf"(?:n(?:[uú]mero|[uº°o]?\.?)?|number|no\.?|#)?\s*:?\s*({_NUMBER})", re.IGNORECASE
)
_NONE = re.compile(r"s/?\s?n\.?|sem n[uú]mero|no number", re.IGNORECASE)
# What comes before it in the sentence ("muda para a rua …") is no part of it.
_STREET = re.compile(
    r"(?:.*?\s)??((?:r\.|rua|av\.?|avenida|travessa|tv\.?|alameda|al\.|pra[cç]a|p[cç]a\.?|rodovia"
    r"|rod\.?|estrada|largo|viela|quadra|ladeira|passagem|beco|servid[aã]o)\s+.+)",
    re.IGNORECASE,
)
_STREET_BEFORE = re.compile(
    r"(?:.*?\s)??(\d{1,6}\s?[a-z]?)\s+((?:[^\W\d][\w.'-]*\s+){1,5}?(?:street|st|road|rd|avenue|ave"
    r"|lane|ln|drive|dr|boulevard|blvd|way|court|ct|place|pl|square|sq|close|terrace|crescent"
    r"|gardens|grove|highway|hwy|row|mews|parkway|pkwy|circle|cir)\b\.?|broadway)\s*(.*)",
    re.IGNORECASE,
)
# "Rua 7 de Setembro 120": a number before "de" belongs to the name.
_NUMBER_BEHIND = re.compile(
    rf"(.+?)[\s,]+(?:n(?:[uú]mero|[º°o]?\.?)\s*)?({_NUMBER}|s/n)(?:\s+(?!d[aeo]s?\b)(.+))?",
    re.IGNORECASE,
)
_FLAT = re.compile(
    r"(?:apto?\.?|ap\.?|apartamento|bloco|bl\.?|casa|sala|apt\.?|unit|suite|flat)\s*[\w-]*\d\w*|fundos",
    re.IGNORECASE,
)
_COMPLEMENT = re.compile(
    r"(?:apto?\.?|apartamento|ap|bloco|bl\.?|casa|fundos|sala|conjunto|cj\.?|sobreloja|loja|andar"
    r"|apt\.?|apartment|unit|suite|ste\.?|flat|floor)\b.*|.*\b(?:floor|andar)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\s*(bairro|cidade|city|town|estado|state|uf|rua|street|n[uú]mero|number|complemento)"
    r"\s*(?::|é|e\b|is|=)?\s+",
    re.IGNORECASE,
)
# What parts are called, as plain words, and what each is.
LABELS = {
    "bairro": "district",
    "cidade": "city",
    "city": "city",
    "town": "city",
    "estado": "state",
    "state": "state",
    "uf": "state",
    "street": "street",
    "numero": "number",
    "number": "number",
    "complemento": "complement",
}
_SMALL_TALK = re.compile(
    r"^(?:(?:é|e|eh|na|no|em|a|o|it.?s|is|the|at|fica (?:na|no|em))\s+)+", re.IGNORECASE
)
_WRONG = re.compile(
    r"^(?:n[aã]o|nope|no|na verdade|actually|wrong|errado|t[aá] errado)\b[,:.!]*\s*", re.IGNORECASE
)
# "O número tá errado" tells none.
_IS_WRONG = re.compile(
    r"(?:(?:tá|ta|está|esta|é|is|was|veio)\s+)?(?:errad[oa]|wrong|incorrect)\b", re.IGNORECASE
)
_STATE_BEHIND = re.compile(r"(.+?)\s+([A-Z]{2})")
_STATES = "ac al ap am ba ce df es go ma mt ms mg pa pb pr pe pi rj rn rs ro rr sc sp se to"
_UFS = frozenset(_STATES.split())
_SEPARATOR = re.compile(r"[,;\n]+|\s+[-–—]\s+|\s*/\s*(?=[A-Za-z]{2}\s*(?:$|[,;\n]))")
# "Please ship it to … instead" is said around an address.
_LEAD = re.compile(
    r"^(?:.{0,30}?\b)?(?:ship|send|deliver|mand\w+|entreg\w+|envi\w+)\s+(?:(?:it|that|this|my order"
    r"|the order|o pedido|meu pedido|isso|ele)\s+)?(?:to|para|pra)\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,]+(?:instead|please|pls|thanks|thank you|por favor|pfv|obrigad[oa]|obg)[\s.!]*$",
    re.IGNORECASE,
)
_FEWEST_STREET = 3
LETTERS_OF_A_STATE = 2


def parts_in(text: str, country: str) -> dict[str, str]:
    """The parts that a free message names; what is unclear is left out."""
    found: dict[str, str] = {}
    text = _TAIL.sub("", _LEAD.sub("", text))
    rest = _without_code(_CODE_WORD.sub("", text), country, found)
    loose: list[str] = []
    for each in _SEPARATOR.split(rest):
        piece = _SMALL_TALK.sub("", _WRONG.sub("", each.strip(" .\t")))
        piece = _without_state(piece, country, found)
        if piece and not _place(piece, country, found):
            loose.append(piece)
    if "street" in found and not re.search(r"\d|s/n", text):
        del found["street"]  # "my street has another name" is no street yet
    if "street" in found:
        _place_loose(loose, found)
    if country == "BR" and "postcode" in found:
        found.setdefault("state", state_of_cep(found["postcode"]) or "")
    return {name: value for name, value in found.items() if value}


def places_in(text: str) -> dict[str, str]:
    """`Copacabana, Rio de Janeiro` once the street is known: the last name is the city."""
    pieces = [piece.strip(" .") for piece in _SEPARATOR.split(text) if piece.strip(" .")]
    found: dict[str, str] = {}
    names = [piece for piece in pieces if not _place(piece, "BR", found)]
    if len(pieces) > 1 and "?" not in text and all(_is_short(name) for name in names):
        _place_loose(names, found)
    return found


def part_in(text: str, part: str, country: str) -> dict[str, str]:
    """The answer to the question for one part; more, when the message tells more."""
    told = parts_in(text, country)
    said = _SMALL_TALK.sub("", text.strip(" .\n")).strip()
    if part in told or part not in _ANSWERS:
        return told
    return _ANSWERS[part](said)


def _number_in(said: str) -> dict[str, str]:
    if _NONE.fullmatch(said):
        return {"number": "s/n"}
    found = _ALONE.fullmatch(said) or re.search(rf"\b({_NUMBER})\b", said, re.IGNORECASE)
    return {"number": found[1]} if found else {}


def _street_in(said: str) -> dict[str, str]:
    if len(said) < _FEWEST_STREET or "?" in said:
        return {}
    behind = _NUMBER_BEHIND.fullmatch(said)
    return {"street": behind[1], "number": behind[2]} if behind else {"street": said}


def _city_in(said: str) -> dict[str, str]:
    pieces = [piece.strip() for piece in _SEPARATOR.split(said) if piece.strip()]
    if not pieces or not _is_short(said):
        return {}
    has_state = len(pieces) > 1 and len(pieces[1]) == LETTERS_OF_A_STATE
    return {"city": pieces[0], **({"state": pieces[1].upper()} if has_state else {})}


def _state_in(said: str) -> dict[str, str]:
    return {"state": said.upper()} if re.fullmatch(r"[A-Za-z]{2}", said) else {}


_ANSWERS = {"number": _number_in, "street": _street_in, "city": _city_in, "state": _state_in}


def _without_code(text: str, country: str, found: dict[str, str]) -> str:
    pattern = _CODES.get(country, _OTHER_CODE)
    for match in reversed(list(pattern.finditer(text))):
        digits = match[0].replace(".", "").replace(" ", "") if country == "BR" else match[0]
        code = postcode(digits, country)
        if code:
            found["postcode"] = code
            return f"{text[: match.start()]},{text[match.end() :]}"
    return text


def _place(piece: str, country: str, found: dict[str, str]) -> bool:
    """Put a piece where it plainly belongs; returns whether it did."""
    label = _LABEL.match(piece)
    name = LABELS.get(plain(label[1])) if label else None
    if label and name:
        if not _IS_WRONG.match(piece[label.end() :]):
            found[name] = piece[label.end() :].strip()
        return True
    if _is_state(piece, country):
        found.setdefault("state", piece.upper())
        return True
    if "street" not in found and _place_street(piece, found):
        return True
    alone = _ALONE.fullmatch(piece)
    if "street" in found and "number" not in found and (alone or _NONE.fullmatch(piece)):
        found["number"] = alone[1] if alone else "s/n"
        return True
    if _COMPLEMENT.fullmatch(piece):
        found.setdefault("complement", piece)
        return True
    return False


def _without_state(piece: str, country: str, found: dict[str, str]) -> str:
    """`Austin TX` without its state."""
    behind = _STATE_BEHIND.fullmatch(piece)
    if behind is None or not _is_state(behind[2], country):
        return piece
    found.setdefault("state", behind[2])
    return behind[1]


def _place_street(piece: str, found: dict[str, str]) -> bool:
    before = _STREET_BEFORE.fullmatch(piece)
    street = _STREET.fullmatch(piece)
    if before:
        found["number"], found["street"] = before[1].strip(), before[2].strip()
        _place_rest(before[3], found)
        return True
    if not street:
        return False
    behind = _NUMBER_BEHIND.fullmatch(street[1])
    found["street"] = (behind[1] if behind else street[1]).strip()
    if behind:
        found["number"] = behind[2]
        _place_rest(behind[3] or "", found)
    return True


def _place_rest(rest: str, found: dict[str, str]) -> None:
    """What follows a number without a comma: a flat is plain, district and city aren't."""
    flat = _FLAT.match(rest)
    if flat:
        found.setdefault("complement", flat[0].strip())


def _place_loose(loose: list[str], found: dict[str, str]) -> None:
    """The last piece that is left is the city, the one before it the district."""
    names = [piece for piece in loose if re.search(r"[^\W\d]{2}", piece)]
    if names and "city" not in found:
        found["city"] = names.pop()
    if names and "district" not in found:
        found["district"] = names.pop(0)


def _is_state(piece: str, country: str) -> bool:
    if country == "BR":
        return plain(piece) in _UFS
    return country == "US" and bool(re.fullmatch(r"[A-Z]{2}", piece))


def _is_short(said: str) -> bool:
    return bool(said) and "?" not in said and len(said.split()) <= 6 and len(said) < 60
