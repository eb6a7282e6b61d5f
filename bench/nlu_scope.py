"""What `kept` in config.yml costs: our messages lost against foreign ones declined.

    bot/.venv/bin/python -W ignore -m bench.nlu_scope

By cross-validation on the examples, so no message to measure with has a say in the choice. In
scope: understood rightly and not declined; out of scope: declined.
"""

from __future__ import annotations

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.intent import GRAMS_OF_MANY, TfidfIntentClassifier
from bot.components.judgement import trade_offs
from bot.components.tokenizer import NormalizingTokenizer
from nlu.messages import taught

_ASKED = (0.86, 0.88, 0.9, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98)


def main() -> None:
    """Print one line for each share of our messages to keep."""
    tokenizer = NormalizingTokenizer(NormalizingTokenizer.get_default_config())
    examples = taught()
    texts = [
        " ".join(token.lemma for token in tokenizer.tokenize(Message({TEXT: each.text}), TEXT))
        for each in examples
    ]
    chosen = TfidfIntentClassifier.get_default_config()
    labels = [each.intent for each in examples]
    print("kept    bar  in scope  out of scope")
    for row in trade_offs(texts, labels, GRAMS_OF_MANY, chosen["C"], _ASKED):
        print("{kept:4.2f}  {bar:5.2f}  {in_scope:8.3f}  {out_of_scope:12.3f}".format(**row))


if __name__ == "__main__":
    main()
