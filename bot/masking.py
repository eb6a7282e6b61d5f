"""Personal data that the bot has no use for: covered before the bot hears it, letter by letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.components.spelling import COVER

_RUN = re.compile(r"\d+(?:[\s.-]{1,3}\d+)*(?!\w)")
_GROUP = re.compile(r"\d+")
# How the digits of a card are grouped, and what its number begins with.
_CARD_SHAPES = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (8, 8)}
_CARD_BEGINNINGS = {
    13: ("4",),
    14: ("30", "36", "38"),
    15: ("34", "37"),
    16: ("2", "3", "4", "5", "6"),
    19: ("4", "6"),
}
_DOCUMENTS = re.compile(
    r"(?<![\w.-])\d{3}\.\d{3}\.\d{3}[ -]?\d{2}(?![\w-])"  # CPF
    r"|(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"  # social security number
    r"|\b(?:cpf|rg|nif|ssn|passaporte|passport)\b[^\d\n]{0,12}(?P<v>\d[\d .-]{5,13}[\dxX])\b",
    re.IGNORECASE,
)
_PHONES = re.compile(
    r"(?<![\w+])\+\d[\d ().-]{6,18}\d(?!\w)"
    r"|\(\d{2,3}\) ?\d{4,5}[ .-]?\d{4}(?!\w)"
    r"|(?<![\w.,/-])(?:55 ?)?[1-9]{2}[ .-]?9\d{4}[ .-]?\d{4}(?![\w/-])"
    r"|(?<![\w.,/-])9\d{4}[ -]\d{4}(?![\w/-])"
    r"|(?<![\w.,/-])\d{3}[ .-]\d{3}[.-]\d{4}(?![\w/-])"
    r"|\b(?:telefone|tel|telem[oó]vel|celular|cel|fone|whats|whatsapp|zap|wpp|phone|mobile|cell"
    r"|call me (?:at|on))\b[^\d+\n]{0,20}(?P<v>\+?\d[\d ().-]{6,16}\d)(?!\w)",
    re.IGNORECASE,
)
# "minha senha é abacate"; but not "minha senha é inválida", which is trouble to be understood.
_TROUBLE = (
    r"(?!inv[aá]lid|errad|incorret|fraca|forte|a mesma|n[aã]o\b|muito|sempre|igual|obrigat"
    r"|wrong|incorrect|invalid|not\b|too\b|weak|expired|the\b|required|needed)"
)
_SECRETS = re.compile(
    r"\b(?:cvv2?|cvc2?|c[oó]digo de seguran[cç]a|security code)\b[^\d\n]{0,15}(?P<code>\d{3,4})\b"
    r"|\b(?:senha|password|passcode|passwd|pin)\b(?: (?:do|da|de|meu|minha|my|for|site|conta|app"
    r"|cart[aã]o|account|card)){0,4}"
    rf" ?(?:[:=] ?|(?:é|eh|e|is) {_TROUBLE})(?P<word>\S{{3,64}})"
    r"|\b(?:senha|password|passcode|passwd|pin) (?P<number>[^\s\d]{0,30}\d\S{2,30})"
    r"|\b(?:c[oó]digo|code|token|otp)\b[^\d\n.!?]{0,40}\b(?:verifica\w+|confirma[cç]\w+|sms|whats\w*"
    r"|seguran[cç]a|autentica\w+|banco|bank|app|verification|security|text message|one.time)\b"
    r"(?:(?!pedido|order|compra)[^\d\n]){0,20}\b(?P<otp>\d{4,8})\b"
    r"|\b(?:verification|confirmation|login|sms|whatsapp|one.time) (?:code|pass\w*)\b"
    r"(?:(?!order)[^\d\n]){0,20}\b(?P<otp_after>\d{4,8})\b"
    r"|\b(?P<otp_before>\d{4,8})\b (?:is|é|eh) (?:your|(?:o )?seu|my|(?:o )?meu) (?:\w+ ){0,2}"
    r"(?:code|c[oó]digo)",
    re.IGNORECASE,
)
_ALNUM = re.compile(r"[^\W_]")
# What stands before a number that looks like a phone's and isn't.
_OTHER_NUMBER = re.compile(
    r"(?:\b(?:zip|cep|postal|postcode|pedido|order)|rastre\w*|tracking)\W{0,3}(?:code|é|is|no?)?\W{0,3}$",
    re.IGNORECASE,
)
_SECRET_PARTS = ("code", "word", "number", "otp", "otp_after", "otp_before")
_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]{0,63}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,5})")
_NINE, _CPF_LENGTH, _MOST_GROUPS, _FEWEST_IN_A_GROUP = 9, 11, 5, 4


def covered(text: str) -> str:
    """The text with cards, security codes, passwords, documents and phone numbers covered.

    What the bot needs stays: order numbers, e-mail addresses, postcodes, tracking codes, dates.
    """
    for start, end in _secrets(text):
        text = text[:start] + COVER * (end - start) + text[end:]
    for start, end in (*_cards(text), *_documents(text), *_phones(text)):
        text = text[:start] + _ALNUM.sub(COVER, text[start:end]) + text[end:]
    return text


def without_emails(text: str) -> str:
    """The text with all but the first letter of each e-mail's name covered."""
    return _EMAIL.sub(rf"\1{COVER * 3}@\2", text)


def _secrets(text: str) -> Iterator[tuple[int, int]]:
    for found in _SECRETS.finditer(text):
        part = next(name for name in _SECRET_PARTS if found[name])
        yield found.span(part)


def _cards(text: str) -> Iterator[tuple[int, int]]:
    for run in _RUN.finditer(text):
        groups = [group.span() for group in _GROUP.finditer(text, *run.span())]
        for first, (begin, stop) in enumerate(groups):
            if stop - begin < _FEWEST_IN_A_GROUP:
                continue
            for last in range(first, min(first + _MOST_GROUPS, len(groups))):
                spans = groups[first : last + 1]
                length = sum(end - start for start, end in spans)
                if length in _CARD_BEGINNINGS and _is_card(
                    [text[start:end] for start, end in spans]
                ):
                    yield spans[0][0], spans[-1][1]


def _documents(text: str) -> Iterator[tuple[int, int]]:
    for found in _DOCUMENTS.finditer(text):
        yield found.span("v" if found["v"] else 0)
    for run in _RUN.finditer(text):
        if _is_cpf(run[0]):
            yield run.span()


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for found in _PHONES.finditer(text):
        if not _OTHER_NUMBER.search(text[max(found.start() - 30, 0) : found.start()]):
            yield found.span("v" if found["v"] else 0)


def _is_card(groups: Sequence[str]) -> bool:
    digits = "".join(groups)
    shape = tuple(map(len, groups))
    if len(groups) > 1 and shape not in _CARD_SHAPES:
        return False
    if not digits.startswith(_CARD_BEGINNINGS[len(digits)]):
        return False
    # Who types four groups of four digits means a card, even with a slip in it.
    return shape == (4, 4, 4, 4) or _passes_luhn(digits)


def _passes_luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > _NINE else value for value in doubled) % 10 == 0


def _is_cpf(digits: str) -> bool:
    if len(digits) != _CPF_LENGTH or not digits.isdecimal() or len(set(digits)) == 1:
        return False
    return all(
        sum(
            int(digit) * weight for digit, weight in zip(digits, range(at + 1, 1, -1), strict=False)
        )
        * 10
        % 11
        % 10
        == int(digits[at])
        for at in (9, 10)
    )
