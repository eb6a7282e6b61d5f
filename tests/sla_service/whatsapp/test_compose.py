"""Replies become as few messages as possible, and none that Meta would refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_service.whatsapp.compose import Composed, Unsendable, compose, split_text
from sla_service.whatsapp.values import Option, Reply

_WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=3000
)


def _options(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"Opção {n}", f"/choose{n}") for n in range(count))


def test_texts_in_a_row_are_one_message() -> None:
    (only,) = compose([Reply("Oi, Ana!"), Reply("Seu pedido saiu.")], list_label="Ver")
    assert only.body["text"]["body"] == "Oi, Ana!\n\nSeu pedido saiu."


def test_up_to_three_choices_are_buttons_in_the_same_message() -> None:
    (only,) = compose([Reply("Oi!"), Reply("E agora?", _options(3))], list_label="Ver")
    interactive = only.body["interactive"]
    assert interactive["type"] == "button"
    assert interactive["body"]["text"] == "Oi!\n\nE agora?"
    assert [b["reply"]["id"] for b in interactive["action"]["buttons"]] == [
        "/choose0",
        "/choose1",
        "/choose2",
    ]


def test_more_choices_are_a_list_and_more_than_ten_are_two() -> None:
    (only,) = compose([Reply("Qual?", _options(4))], list_label="Ver opções")
    assert only.body["interactive"]["type"] == "list"
    two = compose([Reply("Qual?", _options(13))], list_label="Ver opções")
    rows = [m.body["interactive"]["action"]["sections"][0]["rows"] for m in two]
    assert [len(part) for part in rows] == [10, 3]


def test_choices_that_say_more_are_a_list_however_few() -> None:
    told = (Option("#50001 · 12/03", "/a", "Tênis Aurora, " * 9), Option("Nenhum deles", "/b"))
    (only,) = compose([Reply("Qual?", told)], list_label="Ver opções")
    first, second = only.body["interactive"]["action"]["sections"][0]["rows"]
    assert first["description"].startswith("Tênis Aurora, Tênis")
    assert len(first["description"]) <= 72
    assert second == {"id": "/b", "title": "Nenhum deles"}


def test_titles_that_would_be_cut_to_the_same_stay_different() -> None:
    alike = (
        Option("Tênis Brisa preto 38 promocional", "/a"),
        Option("Tênis Brisa preto 38 p", "/b"),
    )
    (only,) = compose([Reply("Qual?", alike)], list_label="Ver")
    titles = [b["reply"]["title"] for b in only.body["interactive"]["action"]["buttons"]]
    assert len(set(titles)) == 2
    assert all(len(title) <= 20 for title in titles)


def test_a_picture_carries_its_text_as_caption() -> None:
    picture = Reply("Tabela de medidas", image_url="https://shop.example/chart.png")
    (only,) = compose([picture], list_label="Ver")
    assert only.body["image"] == {
        "link": "https://shop.example/chart.png",
        "caption": "Tabela de medidas",
    }


@pytest.mark.parametrize(
    "options",
    [
        (Option("", "/a"),),
        (Option("Sim", ""),),
        (Option("Sim", "/" + "a" * 300),),
        (Option("Sim", "/a"), Option("Não", "/a")),
    ],
    ids=["no title", "no payload", "long payload", "twice"],
)
def test_choices_that_can_not_be_told_apart_are_refused(options: tuple[Option, ...]) -> None:
    with pytest.raises(Unsendable):
        compose([Reply("Qual?", options)], list_label="Ver")


@given(_WORDS, st.integers(20, 200))
def test_split_text_loses_no_word_and_keeps_the_limit(words: str, limit: int) -> None:
    parts = split_text(words, limit)
    assert all(0 < len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(words.split())


def test_split_text_cuts_between_sentences() -> None:
    assert split_text("Uma frase. Outra frase! E mais uma?", 26) == [
        "Uma frase. Outra frase!",
        "E mais uma?",
    ]


@given(
    st.lists(st.tuples(_WORDS.filter(str.strip), st.integers(0, 14)), min_size=1, max_size=4),
)
def test_whatever_is_said_fits_the_channel(said: list[tuple[str, int]]) -> None:
    replies = [Reply(words, _options(count)) for words, count in said]
    for message in compose(replies, list_label="Ver opções"):
        _assert_fits(message)


def _assert_fits(message: Composed) -> None:
    if message.body["type"] == "text":
        assert 0 < len(message.body["text"]["body"]) <= 4096
        return
    interactive = message.body["interactive"]
    text = interactive["body"]["text"]
    if interactive["type"] == "button":
        assert 0 < len(text) <= 1024
        assert len(interactive["action"]["buttons"]) <= 3
    else:
        assert 0 < len(text) <= 4096
        assert len(interactive["action"]["button"]) <= 20
        assert len(interactive["action"]["sections"][0]["rows"]) <= 10
