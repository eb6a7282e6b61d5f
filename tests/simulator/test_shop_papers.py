"""Codes and papers of the demo shop are of the shape that machines and people expect."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from simulator.paper import Sheet, code_128
from simulator.shop_codes import access_key, boleto_digits, crc16, pix_code

AT = datetime(2026, 11, 25, 15, tzinfo=UTC)


def test_a_pix_code_ends_with_its_checksum() -> None:
    assert crc16(b"123456789") == 0x29B1
    code = pix_code("pg-48398-1", Decimal("219.80"))
    assert code.endswith(f"{crc16(code[:-4].encode()):04X}")
    assert "5406219.80" in code
    assert "br.gov.bcb.pix" in code


def test_a_boleto_has_47_digits_and_ends_with_its_amount() -> None:
    written = boleto_digits("pg-48394-1", Decimal("549.90"), AT)
    assert re.fullmatch(r"\d{5}\.\d{5} \d{5}\.\d{6} \d{5}\.\d{6} \d \d{14}", written), written
    assert written.endswith("0000054990")


def test_an_access_key_has_its_check_digit() -> None:
    key = access_key(48213, AT)
    assert re.fullmatch(r"\d{44}", key)
    assert key.startswith("352611")
    total = sum(int(digit) * (2 + n % 8) for n, digit in enumerate(reversed(key[:-1])))
    assert int(key[-1]) == (0 if total % 11 < 2 else 11 - total % 11)


@pytest.mark.parametrize(("said", "symbols"), [("AB123456785BR", 13), ("1234567890", 5)])
def test_a_barcode_has_eleven_units_a_symbol(said: str, symbols: int) -> None:
    widths = code_128(said)
    # Start, the symbols, a check and a stop, which is two units longer than the others.
    assert sum(widths) == 11 * (symbols + 3) + 2
    assert set(widths) <= {1, 2, 3, 4}


def test_the_code_128_of_the_textbook() -> None:
    """PJJ123C, whose check symbol is 55 in the standard's own example."""
    assert code_128("PJJ123C")[6 * 8 : 6 * 9] == [3, 1, 1, 3, 2, 1]


def test_a_sheet_is_a_pdf_whose_table_of_places_is_right() -> None:
    sheet = Sheet()
    sheet.text(40, 60, "Devolução (grátis) \\ 1")
    sheet.barcode(40, 100, 200, 40, "R48213-1")
    page = sheet.pdf()
    assert page.startswith(b"%PDF-1.4")
    start = int(re.findall(rb"startxref\n(\d+)", page)[0])
    assert page[start : start + 4] == b"xref"
    for number, place in enumerate(re.findall(rb"(\d{10}) 00000 n", page), 1):
        assert page[int(place) :].startswith(b"%d 0 obj" % number)
    assert "Devolução \\(grátis\\) \\\\ 1".encode("cp1252") in page
