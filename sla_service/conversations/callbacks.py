"""What is attached to a message we send, so that news of it names it."""

_MARK = "balcao:"


def of_message(message_id: int) -> str:
    """What we attach to a send, so that its statuses name our message."""
    return f"{_MARK}{message_id}"


def message_id(attached: str | None) -> int | None:
    """Our message that a status's attachment names; None when it isn't one of ours."""
    number = (attached or "").removeprefix(_MARK)
    return int(number) if number.isascii() and number.isdigit() and number != attached else None
