"""Chance that falls the same way at every start."""

import random


def dice(*seed: object) -> random.Random:
    """Chance that falls the same way every time for the same seed."""
    return random.Random("/".join(map(str, seed)))  # noqa: S311 - invents a shop, guards nothing
