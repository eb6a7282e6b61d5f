"""What `kept` in config.yml costs: our messages lost against foreign ones declined.

    bot/.venv/bin/python -W ignore -m bench.nlu_scope

By cross-validation on the examples, so no message to measure with has a say in the choice. In
scope: understood rightly and not declined; out of scope: declined.
"""

from __future__ import annotations

import numpy as np
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.intent import TfidfIntentClassifier, vectors_of
from bot.components.judgement import trade_offs, weight_of_leanings
from bot.components.tokenizer import NormalizingTokenizer
from bot.components.understanding import grams_for
from bot.components.unseen import Lessons, unseen, with_leanings
from nlu.messages import LANGUAGES, taught

_ASKED = (0.86, 0.88, 0.9, 0.92, 0.93, 0.94, 0.95, 0.96, 0.965, 0.97, 0.98)


def main() -> None:
    """Print one line for each share of our messages to keep."""
    tokenizer = NormalizingTokenizer(NormalizingTokenizer.get_default_config())
    examples = taught()
    texts = [
        " ".join(token.lemma for token in tokenizer.tokenize(Message({TEXT: each.text}), TEXT))
        for each in examples
    ]
    chosen = TfidfIntentClassifier.get_default_config()
    lessons = Lessons(texts, [each.intent for each in examples])
    seen = unseen(lessons, grams_for(len(texts)), chosen["C"])
    vectors = vectors_of([each.text for each in examples])
    leant, _ = with_leanings(seen, lessons.labels, vectors)
    weight = weight_of_leanings(leant)
    languages = np.array([examples[each.place].language for each in seen])
    for name, looked in (
        ("words alone", seen),
        (f"and meaning, weighing {weight}", [each.leaning(weight) for each in leant]),
    ):
        for language in LANGUAGES:
            print(f"\n{language}, {name}\nkept     bar  in scope  out of scope")
            for row in trade_offs(looked, _ASKED, languages == language):
                print(
                    "{kept:5.3f}  {bar:5.2f}  {in_scope:8.3f}  {out_of_scope:12.3f}".format(**row)
                )


if __name__ == "__main__":
    main()
