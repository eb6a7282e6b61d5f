"""What a shopper remembers of the talk they are in."""

import random
from collections import Counter
from dataclasses import dataclass, field

from simulator.crowd.asking import Ask
from simulator.crowd.fitting import Plan


@dataclass
class Memory:
    """A talk so far; what is left to chance follows from the seed."""

    plan: Plan
    order: str | None
    chance: random.Random
    written: int = 0
    silences: int = 0
    tries: int = 0
    """How often they said anew what they want."""
    has_digressed: bool = False
    has_wavered: bool = False
    has_asked_for_person: bool = False
    has_parted: bool = False
    gave_up: bool = False
    answered: Counter[Ask] = field(default_factory=Counter)
