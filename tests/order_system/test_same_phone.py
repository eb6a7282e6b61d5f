"""Spellings of one number, and numbers that only look alike."""

import pytest

from order_system.phones import country_of, full_phone, same_phone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5511987650001", "+55 11 98765-0001"),
        ("5511987650001", "551187650001"),
        ("555196540002", "+55 (51) 99654-0002"),
        ("555196540002", "(51) 99654-0002"),
        ("555196540002", "(051) 9654-0002"),
        ("5511987650001", "005511987650001"),
        ("5511987650001", "+55 011 98765.0001"),
        ("447700900123", "+44 (0)7700 900123"),
        ("447700900123", "+44\u00a07700\u00a0900123"),
        ("447700900123", "\u202a+44 7700 900123\u202c"),
        ("551133334444", "+55 11 3333-4444"),
    ],
)
def test_spellings_of_one_number_are_the_same_phone(one: str, other: str) -> None:
    assert same_phone(one, other)
    assert same_phone(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5511987650001", "5511987650002"),
        ("5511987650001", "5521987650001"),
        ("5511933334444", "551133334444"),  # a mobile and a landline
        ("51987650001", "5551987650001"),  # Lima and Porto Alegre
        ("447700900123", "7700900123"),
        ("5511987650001", "98765-0001"),
        ("5511987650001", ""),
        ("5511987650001", None),
        ("", ""),
        (None, None),
        ("1234567", "1234567"),
        ("1" * 16, "1" * 16),
        ("BR.8842017735519024", "BR.8842017735519024"),
        ("٥٥١١٩٨٧٦٥٠٠٠١", "5511987650001"),
    ],
)
def test_other_numbers_and_no_numbers_are_not_the_same_phone(
    one: str | None, other: str | None
) -> None:
    assert not same_phone(one, other)
    assert not same_phone(other, one)


def test_the_full_phone_has_the_ninth_digit_that_whatsapp_leaves_out() -> None:
    assert full_phone("555196540002") == "5551996540002"
    assert full_phone("5511987650001") == "5511987650001"
    assert full_phone("551133334444") == "551133334444"
    assert full_phone("+44 7700 900123") == "447700900123"
    assert full_phone("priya.n") is None


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("5511987650001", "BR"),
        ("+44 7700 900123", "GB"),
        ("+351 912 345 678", "PT"),
        ("+1 212 555 0100", "US"),
        ("+49 30 1234567", None),
        (None, None),
    ],
)
def test_a_number_tells_its_country(phone: str | None, country: str | None) -> None:
    assert country_of(phone) == country
