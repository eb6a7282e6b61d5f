"""Cut a message into words whose lemma is the normalised spelling; text and offsets stay."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.components.spelling import CONTROL, COVER, INVISIBLE, normalised

# Invisible characters, combining accents and covered letters belong to the word they stand in.
_LETTER = rf"[\w\u0300-\u036f{COVER}{INVISIBLE}{CONTROL}]"
_TOKEN = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"  # an e-mail address
    r"|https?://\S+"
    rf"|{_LETTER}+(?:['’´`.,/-]{_LETTER}+)*"  # d'água, 10.000,00, guarda-roupa, 12/10
    r"|[^\w\s!-/:-@\[-`{-~¡-¿×÷–—‘-„…]+"  # a run of emoji
)
_ANYTHING = re.compile(r"\S+")
_LONGEST = 2000  # characters: no component reads further into a wall of text


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class NormalizingTokenizer(Tokenizer):
    """Tokens for messages typed on a phone, in Portuguese or English."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own settings for tokenizers, and a version that renews the cache."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "version": 5,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The words of one attribute of the message; punctuation counts only when alone."""
        text: str = message.get(attribute)[:_LONGEST]
        found = list(_TOKEN.finditer(text)) or list(_ANYTHING.finditer(text))
        tokens = [Token(word[0], word.start(), lemma=normalised(word[0])) for word in found]
        return self._apply_token_pattern(tokens)
