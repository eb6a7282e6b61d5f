"""A problem someone owns until it is solved, opened and resolved inside a conversation."""
