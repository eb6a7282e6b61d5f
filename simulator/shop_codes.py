"""Codes people copy to pay in Brazil, and the key of an invoice: of the right shape alone."""

from datetime import datetime
from decimal import Decimal

from simulator.shop_dice import dice

_CNPJ = "11222333000181"  # the number the tax office uses in its own examples
_STATE_CODE = "35"
# A boleto counts the days to its due date from here (FEBRABAN, since 2025).
_BOLETO_DAY_1000 = datetime(2025, 2, 22).toordinal()  # noqa: DTZ001 - a day, not an instant


def pix_code(reference: str, amount: Decimal) -> str:
    """A Pix *copia e cola*: fields of the BR Code with its checksum."""
    key = f"{dice('pix', reference).getrandbits(128):032x}"
    url = f"pix.example.com/qr/{key}"
    account = _field("00", "br.gov.bcb.pix") + _field("25", url)
    body = "".join(
        (
            _field("00", "01"),
            _field("01", "12"),
            _field("26", account),
            _field("52", "0000"),
            _field("53", "986"),
            _field("54", f"{amount:.2f}"),
            _field("58", "BR"),
            _field("59", "PASSO FIRME"),
            _field("60", "SAO PAULO"),
            _field("62", _field("05", reference.replace("-", "")[:25])),
            "6304",
        )
    )
    return f"{body}{crc16(body.encode()):04X}"


def boleto_digits(reference: str, amount: Decimal, due: datetime) -> str:
    """The digits one types to pay a boleto, in their five groups."""
    free = f"{dice('boleto', reference).randrange(10**25):025d}"
    days = 1000 + (due.toordinal() - _BOLETO_DAY_1000) % 9000
    tail = f"{days:04d}{int(amount * 100):010d}"
    check = _modulo_11(f"0019{tail}{free}")
    groups = [f"0019{free[:5]}", free[5:15], free[15:]]
    one, two, three = (group + _modulo_10(group) for group in groups)
    return (
        f"{one[:5]}.{one[5:]} {two[:5]}.{two[5:]} {three[:5]}.{three[5:]} "
        f"{'1' if check in '01' else check} {tail}"
    )


def access_key(number: int, issued_at: datetime) -> str:
    """The 44 digits of a nota fiscal, the last one a check digit."""
    code = f"{dice('invoice', number).randrange(10**8):08d}"
    body = f"{_STATE_CODE}{issued_at:%y%m}{_CNPJ}55001{number:09d}1{code}"
    check = _modulo_11(body)
    return body + ("0" if check in "01" else check)


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE, as the BR Code ends with."""
    register = 0xFFFF
    for byte in data:
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ 0x1021 if register & 0x8000 else register << 1
        register &= 0xFFFF
    return register


def _field(name: str, value: str) -> str:
    return f"{name}{len(value):02d}{value}"


def _modulo_10(digits: str) -> str:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        product = int(digit) * (2 if position % 2 == 0 else 1)
        total += product - 9 if product > 9 else product
    return str(-total % 10)


def _modulo_11(digits: str) -> str:
    total = sum(int(digit) * (2 + n % 8) for n, digit in enumerate(reversed(digits)))
    return str((11 - total % 11) % 10 if total % 11 in (0, 1) else 11 - total % 11)
