"""A copy of one's data and being forgotten go to whoever shows who they are; the rest to people."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.privacy import wishes
from actions.privacy.data_request import ActionDataRequest
from actions.privacy.preferences import ActionOptOut
from actions.tracking.order_number import ActionCheckOrderEmail, ActionUseOrderNumber
from tests.actions.world import ANAS_EMAIL, BRUNOS_EMAIL, Outcome, World, an_order, brunos_order

NLU = Path(__file__).parents[2] / "data" / "privacy"
ERASE: dict[str, Any] = {"text": "apaguem meus dados", "intent": "data_request"}
COPY: dict[str, Any] = {"text": "quero uma cópia dos meus dados", "intent": "data_request"}


@pytest.fixture
def world(world: World) -> World:
    world.orders = [an_order("50009", "in_transit"), an_order("50001", "delivered"), brunos_order()]
    return world


def asked(world: World) -> list[str]:
    """What was asked of the desk, by resource."""
    return [path.rsplit("/", 1)[1] for _, path, _, _ in world.desk_calls]


async def email(world: World, before: Outcome, address: str) -> Outcome:
    said = {"text": address, "email": address, "intent": "inform_email"}
    return await world.next(before, action=ActionCheckOrderEmail, **said)


async def number(world: World, before: Outcome, given: str) -> Outcome:
    said = {"text": given, "order_number": given, "intent": "inform_order_number"}
    return await world.next(before, action=ActionUseOrderNumber, **said)


async def test_a_copy_comes_as_a_file_after_the_email_of_a_purchase(world: World) -> None:
    first = await world.after(ActionDataRequest, **COPY)
    assert first.said == ["utter_data_ask_proof"]
    then = await email(world, first, ANAS_EMAIL.upper())
    assert then.said == ["utter_data_copy"]
    assert world.files == [("seus-dados.txt", b"tudo")]
    assert then.slot("flow") is None


async def test_the_latest_order_proves_as_well_an_older_one_does_not(world: World) -> None:
    first = await world.after(ActionDataRequest, **ERASE)
    wrong = await number(world, first, "50001")
    assert wrong.said == ["utter_data_proof_wrong"]
    right = await number(world, wrong, "50009")
    assert right.said == ["utter_data_erase_confirm"]
    assert "erasure-request" not in asked(world)
    done = await world.next(right, text="sim", intent="affirm")
    assert done.said == ["utter_data_erasing"]
    assert asked(world)[-1] == "erasure-request"


async def test_a_no_at_the_end_leaves_everything(world: World) -> None:
    first = await world.after(ActionDataRequest, **ERASE)
    sure = await email(world, first, ANAS_EMAIL)
    left = await world.next(sure, text="não", intent="deny")
    assert left.said == ["utter_data_left"]
    assert left.slot("pending") is None
    assert "erasure-request" not in asked(world)


async def test_wrong_thrice_is_for_a_person(world: World) -> None:
    outcome = await world.after(ActionDataRequest, **ERASE)
    for _ in range(2):
        outcome = await email(world, outcome, BRUNOS_EMAIL)
        assert outcome.said == ["utter_data_proof_wrong"]
    outcome = await email(world, outcome, "x@example.com")
    assert outcome.said == ["utter_data_not_proven"]
    assert world.handoffs()[0]["reason"] == "needs_people"
    assert world.findings()[0]["slots"]["data_wish"] == "erase"
    assert "erasure-request" not in asked(world)


async def test_without_tries_left_nothing_is_compared(world: World) -> None:
    world.tries = 0
    first = await world.after(ActionDataRequest, **COPY)
    before = len(world.shop_calls)
    outcome = await email(world, first, ANAS_EMAIL)
    assert outcome.said == ["utter_data_not_proven"]
    assert len(world.shop_calls) == before
    assert world.files == []


async def test_who_never_bought_is_taken_for_the_phones_owner(world: World) -> None:
    world.orders = [brunos_order()]
    outcome = await world.after(ActionDataRequest, **COPY)
    assert outcome.said == ["utter_data_copy"]


async def test_who_shows_no_number_is_for_a_person(world: World) -> None:
    outcome = await world.after(ActionDataRequest, **ERASE, contact={"name": "Ana", "phone": None})
    assert outcome.said == ["utter_data_not_proven"]


@pytest.mark.parametrize(
    ("state", "said"),
    [("open_case", "utter_data_case_open"), ("legal_hold", "utter_data_kept_back")],
)
async def test_what_must_be_kept_is_said_and_a_person_decides(
    world: World, state: str, said: str
) -> None:
    world.erasure = state
    first = await world.after(ActionDataRequest, **ERASE)
    sure = await email(world, first, ANAS_EMAIL)
    outcome = await world.next(sure, text="sim", intent="affirm")
    assert outcome.said == [said]
    assert world.handoffs()[0]["reason"] == "needs_people"


async def test_an_unclear_wish_is_asked_about_and_the_button_answers(world: World) -> None:
    first = await world.after(ActionDataRequest, text="lgpd", intent="data_request")
    assert first.said == ["utter_data_ask_wish"]
    assert first.slot("flow") == {"name": "data", "asks": "wish"}


async def test_a_wish_in_words_ends_messages_at_once(world: World) -> None:
    outcome = await world.after(ActionOptOut, text="parem de mandar propaganda", intent="opt_out")
    assert outcome.said == ["utter_opt_out"]
    [(_, path, _, body)] = world.desk_calls
    assert path.endswith("/consents")
    assert body == {
        "purposes": ["proactive", "rating", "marketing"],
        "granted": False,
        "wording": {"text": "parem de mandar propaganda"},
        "cause": "said",
    }


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("apaga tudo que vocês têm sobre mim", wishes.ERASE),
        ("quero que esqueçam meus dados", wishes.ERASE),
        ("right to be forgotten", wishes.ERASE),
        ("please delete my account", wishes.ERASE),
        ("me manda uma cópia dos meus dados", wishes.COPY),
        ("what data do you have about me", wishes.COPY),
        ("quais dados vocês têm meus?", wishes.COPY),
        ("remove meu cartão salvo do site", wishes.PERSON),
        ("corrigir meu nome no cadastro", wishes.PERSON),
        ("who is your data protection officer", wishes.PERSON),
        ("lgpd", None),
        ("política de privacidade", None),
    ],
)
def test_words_tell_what_is_wanted(text: str, wish: str | None) -> None:
    assert wishes.wish_in(text) == wish


@pytest.mark.parametrize("language", ["pt", "en"])
def test_no_question_about_data_erases_by_mistake(language: str) -> None:
    """Of all that the bot is taught, only what names it asks for an erasure."""
    raw = yaml.safe_load((NLU / f"nlu.{language}.yml").read_text(encoding="utf-8"))
    examples = raw["nlu"][0]["examples"].splitlines()
    questions = [line for line in examples if line.startswith(("- how long", "- por quanto tempo"))]
    assert questions
    for line in questions:
        assert wishes.wish_in(line) != wishes.ERASE
