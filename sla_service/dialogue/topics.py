"""What a turn tells about its ticket."""

_PLEASANTRIES = frozenset(
    {
        *("affirm", "change_language", "deny", "goodbye", "greet", "menu_choice", "thank"),
        *("inform_email", "inform_order_number", "send_media"),
        *("nlu_fallback", "out_of_scope", "talk_to_human"),
    }
)


def learnt(language: str, intent: str | None) -> dict[str, str]:
    """Attributes of the ticket: a "thanks" or an order's number doesn't change what it is about."""
    attributes = {"language": language}
    if intent is not None and intent not in _PLEASANTRIES:
        attributes["intent"] = intent
    return attributes
