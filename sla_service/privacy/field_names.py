"""What the fields of a contact's copy are called, and their plain values, in both languages."""

from collections.abc import Mapping

_PT, _EN = 0, 1
_COLUMN = {"pt": _PT, "en": _EN}
_Names = Mapping[str, tuple[str, str]]

_EVERYWHERE: _Names = {
    "at": ("quando", "when"),
    "asked_at": ("perguntado em", "asked"),
    "author": ("quem", "who"),
    "cause": ("por que foi anotado", "why it was noted"),
    "channel": ("canal", "channel"),
    "comment": ("comentário", "comment"),
    "created_at": ("quando", "when"),
    "file": ("arquivo", "file"),
    "from_owner": ("de", "from"),
    "happened_at": ("aconteceu em", "happened"),
    "id": ("número", "number"),
    "is_granted": ("autorizado", "allowed"),
    "kind": ("tipo", "kind"),
    "known_since": ("conhecido desde", "known since"),
    "language": ("idioma", "language"),
    "more": ("detalhes", "details"),
    "name": ("nome", "name"),
    "notice_version": ("versão do aviso lido", "version of the notice you read"),
    "number": ("atendimento", "request"),
    "opened_at": ("aberto em", "opened"),
    "order_number": ("pedido", "order"),
    "priority": ("prioridade", "priority"),
    "purpose": ("finalidade", "purpose"),
    "rated_at": ("respondido em", "answered"),
    "reason": ("motivo", "reason"),
    "resolved_at": ("resolvido em", "solved"),
    "said_at": ("quando", "when"),
    "score": ("nota", "score"),
    "status": ("situação", "status"),
    "subject": ("assunto", "subject"),
    "summary": ("resumo", "summary"),
    "tags": ("etiquetas", "tags"),
    "text": ("texto", "text"),
    "to_owner": ("para", "to"),
    "told_at": ("avisado em", "told"),
    "user_id": ("identificação no WhatsApp", "WhatsApp user id"),
    "username": ("nome de usuário", "user name"),
    "wording": ("texto mostrado", "wording"),
    "wording_version": ("versão do texto", "version of the wording"),
}
_IN_SECTION: Mapping[str, _Names] = {
    "contact": {"number": ("número de WhatsApp", "WhatsApp number")},
}
_VALUES: Mapping[str, _Names] = {
    "author": {
        "contact": ("você", "you"),
        "bot": ("assistente virtual", "virtual assistant"),
        "agent": ("equipe", "the team"),
        "desk": ("atendimento automático", "automatic message"),
    },
    "language": {"pt": ("português", "Portuguese"), "en": ("inglês", "English")},
    "purpose": {
        "service": ("atendimento", "support"),
        "proactive": ("avisos sobre pedidos", "updates about orders"),
        "rating": ("pedidos de nota", "requests for a score"),
        "marketing": ("ofertas", "offers"),
    },
    "status": {
        "open": ("aberto", "open"),
        "pending": ("esperando você", "waiting for you"),
        "on_hold": ("em espera", "on hold"),
        "resolved": ("resolvido", "solved"),
    },
    "priority": {
        "low": ("baixa", "low"),
        "normal": ("normal", "normal"),
        "high": ("alta", "high"),
        "urgent": ("urgente", "urgent"),
    },
}
_OWNERS: _Names = {
    "bot": ("assistente virtual", "virtual assistant"),
    "queue": ("fila da equipe", "the team's queue"),
    "agent": ("equipe", "the team"),
}
_KINDS: _Names = {
    "text": ("texto", "text"),
    "image": ("imagem", "picture"),
    "audio": ("áudio", "audio"),
    "video": ("vídeo", "video"),
    "document": ("documento", "document"),
    "sticker": ("figurinha", "sticker"),
    "location": ("localização", "location"),
    "contacts": ("contatos", "contacts"),
    "choice": ("botão", "button"),
    "form": ("formulário", "form"),
    "order": ("carrinho", "cart"),
    "unsupported": ("não mostrado pelo WhatsApp", "not shown by WhatsApp"),
    "unknown": ("desconhecido", "unknown"),
    "shipped": ("pedido enviado", "order shipped"),
    "out_for_delivery": ("saiu para entrega", "out for delivery"),
    "delayed": ("atraso", "delay"),
    "delivered": ("entregue", "delivered"),
    "how_was_it": ("pedido de opinião", "how it was"),
}
_YES_NO = {True: ("sim", "yes"), False: ("não", "no")}


def named(section: str, name: str, language: str) -> str:
    """What a field of a section is called; its own name where it is no field of ours."""
    known = _IN_SECTION.get(section, {}).get(name) or _EVERYWHERE.get(name)
    return known[_COLUMN[language]] if known else name


def in_words(name: str, told: object, language: str) -> object:
    """A plain value in words; any other as it is."""
    if isinstance(told, bool):
        return _YES_NO[told][_COLUMN[language]]
    known = _words_of(name).get(told) if isinstance(told, str) else None
    return known[_COLUMN[language]] if known else told


def _words_of(name: str) -> _Names:
    if name in {"from_owner", "to_owner"}:
        return _OWNERS
    return _KINDS if name == "kind" else _VALUES.get(name, {})
