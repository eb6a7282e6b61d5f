"""Whatever the reading of a document has to say exists in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import sla_service
from sla_service.sla.problems import about, unknown
from sla_service.sla.wording import LANGUAGES, words

_SOURCE = Path(sla_service.__file__).parent
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# Chosen among others where they are written: by the kind of a fault, of a thing, or of a refusal.
_CHOSEN = {
    "mapping", "list", "text", "yes_or_no", "whole_number",
    "metric", "priority", "pausing_status", "beginning", "reopening", "kind", "status",
    "never_open", "too_far", "error", "warning",
}  # fmt: skip


def test_every_problem_has_words_in_both_languages() -> None:
    written = {key for path in sorted(_SOURCE.rglob("*.py")) for key in _keys(path)}
    for language in LANGUAGES:
        assert written | _CHOSEN == words(language)["problems"].keys(), language


def test_both_languages_tell_the_same_facts() -> None:
    portuguese, english = (words(language)["problems"] for language in LANGUAGES)
    assert list(portuguese) == list(english)
    for key, sentence in english.items():
        facts = set(_PLACEHOLDER.findall(sentence))
        assert set(_PLACEHOLDER.findall(portuguese[key])) == facts, key
        assert portuguese[key] != sentence or not _PLACEHOLDER.sub("", sentence).strip(" `"), key


def test_what_is_within_a_sentence_is_in_its_language() -> None:
    remark = unknown("lojja", ["loja", "sempre"], about("calendar"))
    assert str(remark) == "Calendar `lojja` is not known here; did you mean `loja`?"
    assert remark.said("pt") == "O calendário `lojja` não existe aqui; você quis dizer `loja`?"
    remark = unknown("x", ["loja", "noite", "sempre"])
    assert str(remark) == "`x` is not known here; known are `loja`, `noite` and `sempre`."
    assert remark.said("pt") == "`x` não existe aqui; só há `loja`, `noite` e `sempre`."
    assert unknown("x", []).said("pt") == "`x` não existe aqui; ainda não há nenhum."


def _keys(path: Path) -> Iterator[str]:
    """What a module that has something to say calls `about("missing", …)`."""
    text = path.read_text(encoding="utf-8")
    if "def about(" not in text and "sla.problems import" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Name("about"), args=[ast.Constant(str(key))]):
                yield key
