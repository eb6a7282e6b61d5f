"""Where a parcel goes, and whether an address can be one."""

import re
from dataclasses import dataclass, field, replace

from order_system.refusals import Why

_CEP = re.compile(r"([0-9]{5})[-.\s]?([0-9]{3})")
_BRITISH = re.compile(r"(GIR|[A-Z]{1,2}[0-9][0-9A-Z]?)\s*([0-9](?:AA|[A-Z]{2}))", re.IGNORECASE)
_ZIP = re.compile(r"[0-9]{5}(-[0-9]{4})?")
_ELSEWHERE = re.compile(r"[0-9A-Za-z][0-9A-Za-z -]{1,9}")
# The first five digits of a CEP by state, as the Correios give them out.
_STATES_OF_BRAZIL: dict[str, tuple[tuple[int, int], ...]] = {
    "SP": ((1000, 19999),),
    "RJ": ((20000, 28999),),
    "ES": ((29000, 29999),),
    "MG": ((30000, 39999),),
    "BA": ((40000, 48999),),
    "SE": ((49000, 49999),),
    "PE": ((50000, 56999),),
    "AL": ((57000, 57999),),
    "PB": ((58000, 58999),),
    "RN": ((59000, 59999),),
    "CE": ((60000, 63999),),
    "PI": ((64000, 64999),),
    "MA": ((65000, 65999),),
    "PA": ((66000, 68899),),
    "AP": ((68900, 68999),),
    "AM": ((69000, 69299), (69400, 69899)),
    "RR": ((69300, 69399),),
    "AC": ((69900, 69999),),
    "DF": ((70000, 72799), (73000, 73699)),
    "GO": ((72800, 72999), (73700, 76799)),
    "RO": ((76800, 76999),),
    "TO": ((77000, 77999),),
    "MT": ((78000, 78899),),
    "MS": ((79000, 79999),),
    "PR": ((80000, 87999),),
    "SC": ((88000, 89999),),
    "RS": ((90000, 99999),),
}
_NO_NUMBER = frozenset({"s/n", "sn", "sem numero", "sem número"})


@dataclass(frozen=True)
class Address:
    """A postal address; `country` is ISO 3166, and what a country has no use for is empty.

    Kept out of `repr`, so that no log can spill it.
    """

    recipient: str = field(repr=False)
    street: str = field(repr=False)
    number: str = field(repr=False)
    city: str = field(repr=False)
    postcode: str = field(repr=False)
    country: str
    state: str = field(default="", repr=False)
    district: str = field(default="", repr=False)
    complement: str = field(default="", repr=False)


def tidy(address: Address) -> Address:
    """The address as its country writes it: `01310-100`, `SW1A 1AA`, `SP`, no spaces around."""
    trimmed = {name: " ".join(str(value).split()) for name, value in vars(address).items()}
    country = trimmed["country"].upper()
    state = trimmed["state"]
    return replace(
        address,
        **trimmed
        | {
            "country": country,
            "postcode": postcode(trimmed["postcode"], country) or trimmed["postcode"],
            "state": state.upper() if len(state) == 2 else state,
        },
    )


def postcode(text: str, country: str) -> str | None:
    """The postcode as it is printed on a parcel, or None for what can't be one."""
    typed = text.strip()
    if country == "BR":
        found = _CEP.fullmatch(typed)
        return f"{found[1]}-{found[2]}" if found and state_of_cep(typed) else None
    if country == "GB":
        found = _BRITISH.fullmatch(typed)
        return f"{found[1]} {found[2]}".upper() if found else None
    if country == "US":
        return typed if _ZIP.fullmatch(typed) else None
    return typed.upper() if _ELSEWHERE.fullmatch(typed) else None


def state_of_cep(cep: str) -> str | None:
    """The Brazilian state a CEP lies in, or None where the Correios have given out no such one."""
    found = _CEP.fullmatch(cep.strip())
    if not found:
        return None
    start = int(found[1])
    for state, ranges in _STATES_OF_BRAZIL.items():
        if any(low <= start <= high for low, high in ranges):
            return state
    return None


def mistakes(address: Address) -> tuple[Why, ...]:
    """All that keeps a tidy address from being one, the postcode first; empty when it's fine."""
    found = list(_postcode_mistakes(address))
    if not address.recipient:
        found.append(Why.RECIPIENT_MISSING)
    if len(address.street) < 3:
        found.append(Why.STREET_MISSING)
    # "s/n" is how Brazilians write that a house has no number.
    if not re.search(r"\d", address.number) and address.number.lower() not in _NO_NUMBER:
        found.append(Why.NUMBER_MISSING)
    if len(address.city) < 2:
        found.append(Why.CITY_MISSING)
    return tuple(found)


def _postcode_mistakes(address: Address) -> tuple[Why, ...]:
    if postcode(address.postcode, address.country) is None:
        return (Why.POSTCODE_MALFORMED,)
    if address.country == "BR":
        if address.state not in _STATES_OF_BRAZIL:
            return (Why.STATE_UNKNOWN,)
        if state_of_cep(address.postcode) != address.state:
            return (Why.POSTCODE_OF_ANOTHER_STATE,)
    if address.country == "US" and not re.fullmatch(r"[A-Z]{2}", address.state):
        return (Why.STATE_UNKNOWN,)
    return ()
