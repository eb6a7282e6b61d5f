"""What holds for every phone number."""

from hypothesis import given
from hypothesis import strategies as st

from order_system.phones import canonical_phone, full_phone, same_phone

numbers = st.from_regex(r"[1-9][0-9]{9,14}", fullmatch=True)
brazilian_mobiles = st.from_regex(r"55[1-9][1-9]9[6-9][0-9]{7}", fullmatch=True)
filling = st.text(alphabet=" -.\u00a0", max_size=2)


@st.composite
def spellings(draw: st.DrawFn, digits: str) -> str:
    spaced = "".join(digit + draw(filling) for digit in digits)
    return draw(st.sampled_from(["", "+", "00", " +"])) + spaced


@given(st.data(), numbers)
def test_signs_and_spaces_change_nothing(data: st.DataObject, number: str) -> None:
    assert same_phone(data.draw(spellings(number)), data.draw(spellings(number)))


@given(st.data(), brazilian_mobiles)
def test_the_ninth_digit_changes_nothing(data: st.DataObject, mobile: str) -> None:
    short = mobile[:4] + mobile[5:]
    assert same_phone(data.draw(spellings(mobile)), data.draw(spellings(short)))
    assert full_phone(short) == mobile


@given(numbers, numbers)
def test_only_the_ninth_digit_makes_two_numbers_one(one: str, other: str) -> None:
    if same_phone(one, other) and len(one) == len(other) and not one.startswith("550"):
        assert one == other


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_can_be_compared_in_either_order(one: str, other: str) -> None:
    assert same_phone(one, other) == same_phone(other, one)


@given(st.one_of(numbers, st.text(max_size=30)))
def test_the_canonical_form_is_its_own_canonical_form(text: str) -> None:
    canonical = canonical_phone(text)
    if canonical is not None:
        assert canonical_phone(canonical) == canonical
        assert same_phone(full_phone(text), text)
