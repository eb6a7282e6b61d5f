"""How well promises are kept: read-only questions."""
