"""An address is written as its country writes it, or all that is wrong with it is told."""

from dataclasses import replace

import pytest

from order_system.addresses import Address, mistakes, postcode, state_of_cep, tidy
from order_system.refusals import Why

HOME = Address(
    recipient="Ana Souza",
    street="Rua dos Pinheiros",
    number="1042",
    city="São Paulo",
    postcode="05422002",
    country="br",
    state="sp",
)


def test_an_address_is_written_as_on_a_parcel() -> None:
    written = tidy(replace(HOME, street="  Rua   dos Pinheiros "))
    assert (written.postcode, written.state, written.country) == ("05422-002", "SP", "BR")
    assert written.street == "Rua dos Pinheiros"
    assert mistakes(written) == ()


@pytest.mark.parametrize(
    ("typed", "country", "written"),
    [
        ("01310-100", "BR", "01310-100"),
        ("01310100", "BR", "01310-100"),
        ("01310 100", "BR", "01310-100"),
        ("1310100", "BR", None),
        ("00999-000", "BR", None),
        ("sw1a1aa", "GB", "SW1A 1AA"),
        ("LS1 4DY", "GB", "LS1 4DY"),
        ("LS1", "GB", None),
        ("10003", "US", "10003"),
        ("10003-1234", "US", "10003-1234"),
        ("1000", "US", None),
        ("1000-205", "PT", "1000-205"),
        ("?", "PT", None),
    ],
)
def test_a_postcode_is_read_by_its_country(typed: str, country: str, written: str | None) -> None:
    assert postcode(typed, country) == written


@pytest.mark.parametrize(
    ("cep", "state"),
    [
        ("01310-100", "SP"),
        ("20040-002", "RJ"),
        ("69300-000", "RR"),
        ("69400-000", "AM"),
        ("72800-000", "GO"),
        ("73000-000", "DF"),
        ("99999-999", "RS"),
    ],
)
def test_a_cep_lies_in_one_state(cep: str, state: str) -> None:
    assert state_of_cep(cep) == state


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"postcode": "054"}, Why.POSTCODE_MALFORMED),
        ({"state": "RJ"}, Why.POSTCODE_OF_ANOTHER_STATE),
        ({"state": "XX"}, Why.STATE_UNKNOWN),
        ({"street": ""}, Why.STREET_MISSING),
        ({"number": "perto da praça"}, Why.NUMBER_MISSING),
        ({"city": ""}, Why.CITY_MISSING),
        ({"recipient": " "}, Why.RECIPIENT_MISSING),
    ],
)
def test_each_mistake_has_its_name(wrong: dict[str, str], found: Why) -> None:
    assert mistakes(tidy(replace(HOME, **wrong))) == (found,)


def test_all_mistakes_are_told_at_once_the_postcode_first() -> None:
    wrong = tidy(replace(HOME, postcode="1", street="", city=""))
    assert mistakes(wrong) == (Why.POSTCODE_MALFORMED, Why.STREET_MISSING, Why.CITY_MISSING)


def test_a_house_may_have_no_number() -> None:
    assert mistakes(tidy(replace(HOME, number="S/N"))) == ()


def test_an_address_is_not_spilled_into_a_log() -> None:
    assert "Pinheiros" not in repr(HOME)
    assert "Ana" not in repr(HOME)
