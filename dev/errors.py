"""What can stand in the way of a start, said so that the reader can act on it."""


class SetupError(Exception):
    """A sentence for the person at the terminal, and lines of detail under it."""

    def __init__(self, sentence: str, details: tuple[str, ...] = ()) -> None:
        self.sentence = sentence
        self.details = details
        super().__init__("\n".join([sentence, *details]))
