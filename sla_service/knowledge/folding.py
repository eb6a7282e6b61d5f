"""Words as they are looked for: one spelling of each, whoever types them."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = ("pt", "en")
STEMMERS: Final[Mapping[str, str]] = {"pt": "portuguese", "en": "english"}
"""What PostgreSQL calls each language's stemmer."""
LONGEST: Final = 500
"""Letters of a question that are looked at; a question is shorter, and a letter is none."""

_STRETCHED = re.compile(r"(.)\1{2,}")
_WORD = re.compile(r"[^\W_]+")
# The number of an order says nothing of what is asked, and would count as an unknown word.
_NUMBER = re.compile(r"\d{4,}")
_PERSONAL = re.compile(r"\S+@\S+|\d(?:[\s.()/-]{0,2}\d){3,}")
_SLANG: Mapping[str, Mapping[str, str]] = {
    "pt": {
        "vc": "voce",
        "vcs": "voces",
        "pq": "porque",
        "q": "que",
        "qdo": "quando",
        "qnd": "quando",
        "qto": "quanto",
        "qtos": "quantos",
        "n": "nao",
        "mto": "muito",
        "tb": "tambem",
        "tbm": "tambem",
        "dps": "depois",
        "pra": "para",
        "pro": "para",
        "pras": "para",
        "pros": "para",
        "d": "de",
        "msm": "mesmo",
        "ta": "esta",
        "pgto": "pagamento",
        "nf": "nota fiscal",
        "nfe": "nota fiscal",
        "zap": "whatsapp",
    },
    "en": {
        "u": "you",
        "ur": "your",
        "r": "are",
        "pls": "please",
        "plz": "please",
        "thx": "thanks",
        "cuz": "because",
        "pw": "password",
        "pic": "photo",
        "tee": "t shirt",
    },
}


def folded(text: str, language: str) -> str:
    """`Qto tempo pra CHEGARRRR?` as `quanto tempo para chegar`."""
    letters = unicodedata.normalize("NFKD", text[:LONGEST])
    parts = unicodedata.normalize("NFKD", letters.casefold())
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    words = (_STRETCHED.sub(r"\1", word) for word in _WORD.findall(re.sub("['’]", "", plain)))
    slang = _SLANG[language]
    return " ".join(slang.get(word, word) for word in words if not _NUMBER.fullmatch(word))


def covered(text: str) -> str:
    """A question as it may be kept: without addresses, and numbers of more than three digits."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return _PERSONAL.sub("•••", plain[:LONGEST]).strip()
