"""An article is a file; what is wrong with one is told by file and line."""

from pathlib import Path

import pytest

from sla_service.knowledge import documents
from sla_service.knowledge.documents import Article, ArticlesFaulty

_GOOD = """---
id: pix
language: pt
slug: pix
title: Pagar com Pix
updated: 2026-11-20
tags: [pix, qr code]
questions:
- como pago com pix?
- tem desconto no pix?
- quanto tempo vale o código?
answer: O código do Pix vale 60 minutos.
---
O código vale **60 minutos**.
"""
_ENGLISH = _GOOD.replace("language: pt", "language: en")


def _faults(text: str | bytes, name: str = "pt/pix.md") -> list[str]:
    found = documents.parse(name, text if isinstance(text, bytes) else text.encode())
    assert not isinstance(found, Article)
    return [str(fault) for fault in found]


def test_an_article_is_read() -> None:
    found = documents.parse("pt/pix.md", _GOOD.encode())
    assert isinstance(found, Article)
    assert (found.key, found.language, found.slug) == ("pix", "pt", "pix")
    assert found.questions[0] == "como pago com pix?"
    assert found.body == "O código vale **60 minutos**."


def test_windows_line_ends_are_read_too() -> None:
    found = documents.parse("pt/pix.md", _GOOD.replace("\n", "\r\n").encode())
    assert isinstance(found, Article)
    assert found.answer == "O código do Pix vale 60 minutos."


@pytest.mark.parametrize(
    ("was", "instead", "told"),
    [
        ("id: pix\n", "", "pt/pix.md:1: id is missing"),
        ("id: pix", "id: Pix!", "pt/pix.md:2: id is made of a to z, digits and single hyphens"),
        ("language: pt", "language: fr", "pt/pix.md:3: language is one of pt, en"),
        ("language: pt", "language: en", "pt/pix.md:3: language is en, but the folder is pt/"),
        ("slug: pix", "slug: ../x", "pt/pix.md:4: slug is made of a to z, digits and single"),
        ("title: Pagar com Pix", "title: Pix", "pt/pix.md:5: title has 3 letters; 5 to 90 it is"),
        ("2026-11-20", "20/11/2026", "pt/pix.md:6: updated is a day such as 2026-11-20"),
        ("2026-11-20", "2026-02-30", "pt/pix.md:6: updated is a day such as 2026-11-20"),
        ("tags: [pix, qr code]", "tags: pix", "pt/pix.md:7: tags is a list of texts"),
        ("- tem desconto no pix?\n", "", "pt/pix.md:8: questions has 2 entries; 3 to 40 it is"),
        ("title: Pagar", "author: Ana\ntitle: Pagar", "pt/pix.md:5: there is no field author"),
        ("title: Pagar", "slug: b\ntitle: Pagar", "pt/pix.md:5: slug stands here twice"),
        ("title: Pagar com", "title: Pix: pagar com", "pt/pix.md:5: this is no YAML"),
        ("O código vale **60 minutos**.", "", "pt/pix.md:14: the article itself is missing"),
        ("tags: [pix, qr code]", "tags: {pix: 1}", "pt/pix.md:7: tags is a list of texts"),
        ("answer: O", "answer: [O]\nx: O", "pt/pix.md:12: answer is one text"),
    ],
)
def test_a_fault_is_named_with_its_line(was: str, instead: str, told: str) -> None:
    assert was in _GOOD
    found = _faults(_GOOD.replace(was, instead, 1))
    assert any(fault.startswith(told) for fault in found), found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# Pix\n", "pt/pix.md:1: front matter is missing"),
        ("", "pt/pix.md:1: front matter is missing"),
        ("---\nid: pix\n", "pt/pix.md:1: front matter is missing"),
        ("---\n- a\n---\nx", "pt/pix.md:2: front matter is `field: value`"),
        (b"---\nid: pix\ntitle: P\xff\n---\n", "pt/pix.md:3: this is not UTF-8"),
        ("---\nid: \x07\n---\nx", "pt/pix.md:2: there is a character that YAML doesn't know"),
        ("---\nid: &a [*a]\n---\nx", "pt/pix.md:"),
    ],
)
def test_what_is_no_article_says_so(text: str | bytes, told: str) -> None:
    assert _faults(text)[0].startswith(told)


def test_all_faults_are_told_at_once() -> None:
    assert len(_faults(_GOOD.replace("id: pix", "id: P").replace("2026-11-20", "ontem"))) == 2


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"pt/pix.md": _GOOD}, "pt/pix.md:1: there is no article with id pix in en/"),
        (
            {"pt/pix.md": _GOOD, "pt/b.md": _GOOD, "en/pix.md": _ENGLISH},
            "pt/b.md:1: id pix is in pt/ twice",
        ),
        (
            {
                "pt/pix.md": _GOOD,
                "en/pix.md": _ENGLISH,
                "pt/b.md": _GOOD.replace("id: pix", "id: b"),
                "en/b.md": _ENGLISH.replace("id: pix", "id: b").replace("slug: pix", "slug: b"),
            },
            "pt/pix.md:1: slug pix is that of b already",
        ),
        (
            {"pt/pix.md": _GOOD + "\n[trocas](trocas)\n", "en/pix.md": _ENGLISH},
            "pt/pix.md:1: the link to trocas leads to no article",
        ),
        ({}, "articles:1: there is no article (*.md) in this folder"),
    ],
)
def test_articles_must_fit_each_other(tmp_path: Path, files: dict[str, str], told: str) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    with pytest.raises(ArticlesFaulty) as refused:
        documents.read(folder)
    assert told in [str(fault) for fault in refused.value.faults]
