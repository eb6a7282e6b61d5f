"""A shopper who asks for a language: "in english please", "em português", "não falo inglês"."""

import re
from functools import cache

from bot.components.spelling import without_accents

# What may stand around a language's name in a message that says nothing else.
_COURTESY_WORDS = (
    "em in no para pra to por favor pfv pf please pls plz thanks obrigado obrigada the lingua"
    " idioma language quero want i prefiro prefer do brasil version versao"
)
_COURTESY = frozenset(_COURTESY_WORDS.split())
_ASKING = (
    r"(?:speak|talk|write|reply|answer|respond|continue|chat|switch|change|use|prefer|have|see|get"
    r"|fala|falar|fale|falam|falas|falando|escrever|escreve|responde|responder|responda|atende"
    r"|atender|atendimento|continuar|continua|muda|mudar|mude|troca|trocar|troque|prefiro"
    r"|preferia|usa|usar|fazer|ser|conversar|conversa|queria|quero)"
)
_SMALL = r"(?:me|us|it|this|the|only|a|o|just|little|any|you|isso|comigo|tudo|so|um|pouco|de|back)"
_NOT = (
    r"(?:don'?t|do not|can'?t|cannot|can not|doesn'?t|not|never|no"
    r"|nao|n|nem|nunca)"
)
_ABLE = r"(?:speak|understand|read|know|write|falo|entendo|leio|sei|compreendo|escrevo)"


def wished_language(text: str, names: dict[str, list[str]]) -> str | None:
    """The language the text asks for, or None; `names` are its names by language.

    Not being able to speak one of two languages asks for the other one.
    """
    plain = without_accents(text)
    words = re.findall(r"[\w'-]+", plain)
    named = {
        language: set(map(without_accents, of_language)) & set(words)
        for language, of_language in names.items()
    }
    if not any(named.values()):
        return None
    for language, of_language in named.items():
        if of_language and _cannot(tuple(sorted(of_language))).search(plain):
            others = [other for other in names if other != language]
            return others[0] if len(others) == 1 else None
    asked = [
        language
        for language, of_language in named.items()
        if of_language and _is_asked(plain, words, tuple(sorted(of_language)))
    ]
    return asked[0] if len(asked) == 1 else None


def _is_asked(plain: str, words: list[str], of_language: tuple[str, ...]) -> bool:
    rest = set(words) - set(of_language)
    return rest <= _COURTESY or _wish(of_language).search(plain) is not None


@cache
def _wish(of_language: tuple[str, ...]) -> re.Pattern[str]:
    name = "|".join(map(re.escape, of_language))
    place = r"(?:in|to|into|em|para|pra|pro|no)"
    return re.compile(
        rf"\b{_ASKING}(?:\s+{_SMALL}){{0,3}}\s+(?:{place}\s+)?(?:the\s+|o\s+)?(?:{name})\b"
        rf"|\b(?:from|de|do)\s+\w+\s+{place}\s+(?:o\s+)?(?:{name})\b"
        rf"|\b(?:in|em)\s+(?:{name})\b(?:\s*,)?\s*(?:please|pls|plz|por favor|pfv|pf)\b"
        rf"|\b(?:please|pls|por favor)\W+(?:in|em)\s+(?:{name})\b"
        rf"|^\W*(?:in|em)\s+(?:{name})\b"
        rf"|\b(?:{name})\s+(?:please|pls|plz|por favor|pfv|pf)\b"
    )


@cache
def _cannot(of_language: tuple[str, ...]) -> re.Pattern[str]:
    name = "|".join(map(re.escape, of_language))
    return re.compile(rf"\b{_NOT}\s+(?:\w+\s+)?{_ABLE}\s+(?:\w+\s+)?(?:{name})\b")
