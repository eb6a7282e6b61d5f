"""Words that call for people, as the shop's own file lists them."""

from pathlib import Path

import pytest

from sla_service.handoff import triggers
from sla_service.handoff.tables import Reason
from sla_service.handoff.triggers import TriggersUnreadable
from sla_service.settings import ROOT

SHIPPED = triggers.load(ROOT / "data")


@pytest.mark.parametrize(
    ("text", "reason", "language"),
    [
        ("É URGENTE!!!", Reason.URGENT, "pt"),
        ("preciso disso com urgencia", Reason.URGENT, "pt"),
        ("não chegou e é urgente", Reason.URGENT, "pt"),
        ("não, é urgente", Reason.URGENT, "pt"),
        ("this is urgent", Reason.URGENT, "en"),
        ("I need it ASAP", Reason.URGENT, "en"),
        ("caí num golpe", Reason.FRAUD, "pt"),
        ("clonaram  meu\ncartao", Reason.FRAUD, "pt"),
        ("I was scammed on your site", Reason.FRAUD, "en"),
        ("vou no PROCON amanhã", Reason.LEGAL, "pt"),
        ("já falei com meu advogado", Reason.LEGAL, "pt"),
        ("you will hear from my lawyers", Reason.LEGAL, "en"),
        ("I didn’t make this purchase", Reason.FRAUD, "en"),
        ("é urgente, foi golpe", Reason.FRAUD, "pt"),
    ],
)
def test_a_listed_word_is_found_whatever_its_case_and_accents(
    text: str, reason: Reason, language: str
) -> None:
    found = SHIPPED.find(text)
    assert found is not None
    assert (found.reason, found.language) == (reason, language)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bom dia",
        "não é urgente, pode ser amanhã",
        "sem urgência",
        "it's not urgent",
        "no urgency at all",
        "meu pedido está em processo de separação",
        "is my payment being processed?",
        "quero um tênis da linha Insurgentes",
        "foi um golpe de sorte achar vocês",
    ],
)
def test_other_words_call_nobody(text: str) -> None:
    assert SHIPPED.find(text) is None


def test_a_shop_lists_words_of_its_own(tmp_path: Path) -> None:
    _write(tmp_path, "{reason: legal, priority: low, words: {en: [ombudsman*]}}")
    found = triggers.load(tmp_path).find("I will write to the Ombudsmanship")
    assert found is not None
    assert found.word == "ombudsmanship"


@pytest.mark.parametrize(
    "entry",
    [
        "{reason: because, priority: low, words: {en: [why]}}",
        "{reason: legal, priority: low, words: {de: [Anwalt]}}",
        "{reason: legal, priority: low, words: {en: ['']}}",
        "{reason: legal, words: {en: [why]}}",
        "[oops",
    ],
)
def test_a_file_with_a_fault_is_refused_and_named(tmp_path: Path, entry: str) -> None:
    _write(tmp_path, entry)
    with pytest.raises(TriggersUnreadable, match=r"triggers\.yml"):
        triggers.load(tmp_path)


def _write(data: Path, entry: str) -> None:
    (data / "desk").mkdir()
    (data / "desk" / "triggers.yml").write_text(f"triggers:\n- {entry}\n", encoding="utf-8")
