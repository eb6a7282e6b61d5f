"""What a message about one's data asks for, as far as its words tell."""

from __future__ import annotations

import re

from actions.talk.turn import Turn
from actions.wording.plain import plain

COPY, ERASE, PERSON = "copy", "erase", "person"
_ERASE = re.compile(
    r"apag|delet|exclu[aims]|exclusao|elimin|remov[aei]|eras(?:e|ure)|wipe|forgotten|forget|esque[cs]"
    r"|encerr|desativ|close my account|account gone|anonym|anonim"
    r"|cancel(?:ar|em|a)? (?:o )?meu cadastro"
    r"|cancel my account"
)
_COPY = re.compile(
    r"copia|\bcopy|export|baixar|download|portabil|acesso aos|access (?:my|request)|of access"
    r"|(?:quais|que) dados|dados (?:que )?(?:voces|vcs)|what (?:data|information|personal)"
    r"|(?:me )?mand\w+ (?:todos )?os (?:meus )?dados|quero (?:ver )?os meus dados|send me my data"
    r"|saber o que (?:voces|vcs)|know what you (?:store|have)|all the data|my personal data under"
    r"|get all|request my data"
)
# What the desk does not keep, what is to be put right, questions: people know more of those.
_OTHER = re.compile(
    r"cart[ao]o|\bcard\b|corrig|correct|mudar|change|update|atualiz|trocar|alterar|errado|misspel"
    r"|ja apagaram|been deleted|ve deleted"
    r"|confirm(?:em|ed)? que apag|encarregado"
    r"|\bdpo\b|protection officer"
    r"|vaz(?:ou|aram)|leak"
)


def wish_of(turn: Turn) -> str | None:
    """The wish behind the button, else the one in the words; None where they leave it open."""
    pressed = turn.values_of("choice")
    if pressed:
        return pressed[0] if pressed[0] in {COPY, ERASE} else None
    return None if turn.is_button else wish_in(turn.text)


def wish_in(text: str) -> str | None:
    """The wish that words tell, when it is one."""
    said = plain(text)
    if _OTHER.search(said):
        return PERSON
    if _ERASE.search(said):
        return ERASE
    return COPY if _COPY.search(said) else None
