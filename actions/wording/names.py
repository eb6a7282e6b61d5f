"""The first name to greet a contact by, when its WhatsApp name holds one."""

from __future__ import annotations

import re

_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TITLES = "seu dona sr sra dr dra prof profa mr mrs ms tia tio vó vô"
# First words of profiles that are no person's name.
_NO_NAMES = """
loja lojas família familia family equipe time suporte vendas store shop team contato user usuário
usuario cliente whatsapp celular mãe mae pai mamãe papai amor vida deus god o os as the de da do eu
me my meu minha só so sem no oi hi hello ola olá
"""
_LONGEST = 20
_MARKUP = frozenset("<>{}=\\")
_HONORIFICS = frozenset(_TITLES.split())
_NOT_NAMES = frozenset(_NO_NAMES.split())


def first_name(profile: str | None) -> str | None:
    """`Marina` of "marina duarte 🌸"; None for phone numbers, emoji, shops and single letters.

    A title stays with the name it belongs to: `Seu Antônio`.
    """
    if _MARKUP & set(profile or ""):
        return None
    words = [word.strip(",;:!~*_|()[]\"'") for word in (profile or "").split()]
    # Decoration before the name is skipped; anything with digits in it is no name at all.
    words = [word for word in words if any(letter.isalnum() for letter in word)]
    if not words:
        return None
    title, rest = ("", words)
    if words[0].rstrip(".").lower() in _HONORIFICS and len(words) > 1:
        title, rest = f"{_cased(words[0])} ", words[1:]
    name = _without_emoji(rest[0])
    is_name = _NAME.fullmatch(name) and name.lower() not in _NOT_NAMES | _HONORIFICS
    if not is_name or not 1 < len(name) <= _LONGEST:
        return None
    return f"{title}{_cased(name)}"


def _without_emoji(word: str) -> str:
    return "".join(re.findall(r"[\w'’-]", word))


def _cased(word: str) -> str:
    is_shouted_or_whispered = word.isupper() or word.islower()
    return word.title() if is_shouted_or_whispered else word
