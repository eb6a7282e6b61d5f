"""What the desk asks, told from its words and buttons as a shopper would, in both languages."""

import re
from collections.abc import Sequence
from enum import StrEnum

from simulator.crowd.hearing import Choice, Said
from simulator.crowd.plain import has, plain


class Ask(StrEnum):
    """A kind of question."""

    ORDER = "order"
    WHICH_ORDER = "which_order"
    EMAIL = "email"
    ITEM = "item"
    QUANTITY = "quantity"
    REASON = "reason"
    KIND = "kind"
    SIZE = "size"
    MEASURE = "measure"
    GENDER = "gender"
    CHART_OR_HELP = "chart_or_help"
    PRODUCT = "product"
    COLOR = "color"
    ADDRESS = "address"
    POSTCODE = "postcode"
    STREET = "street"
    HOUSE = "house"
    CITY = "city"
    STATE = "state"
    PHOTO = "photo"
    CODE = "code"
    NAME = "name"
    LANGUAGE = "language"
    PERSON = "person"
    WHICH_MATTER = "which_matter"
    RATING = "rating"
    CONFIRM = "confirm"
    OTHER = "other"


_PERSON = r"pessoa|alguem|equipe|atendente|humano|person|someone|team|agent|human"
# The first that is in the question holds: what says more stands before what says less.
_PATTERNS: tuple[tuple[Ask, str], ...] = (
    (Ask.RATING, r"nota de 1|score from 1|de 1 a 5|from 1 to 5"),
    (Ask.LANGUAGE, r"falo portugues e ingles|english and portuguese"),
    (Ask.CHART_OR_HELP, r"tabela.*\bou\b.*ajuda|chart.*\bor\b.*help"),
    (Ask.KIND, r"(troca|tamanho|exchange|size).*\b(ou|or)\b.*(dinheiro|reembolso|money|refund)"),
    (Ask.KIND, r"(dinheiro|reembolso|money|refund).*\b(ou|or)\b.*(troca|tamanho|exchange|size)"),
    (Ask.PHOTO, r"\bfotos?\b|imagem|\bphotos?\b|\bpicture"),
    (Ask.POSTCODE, r"\bcep\b.{0,30}$|postcode.{0,40}$|zip code.{0,40}$"),
    (Ask.ADDRESS, r"endereco (novo|certo|completo|correto)|(new|full|right|correct) address"),
    (Ask.ADDRESS, r"qual e o endereco|what.{0,10} the address|parte certa|the right part"),
    (Ask.STREET, r"\brua\b|what.{0,12}\bstreet\b"),
    (Ask.CITY, r"qual e a cidade|which city|what.{0,10} city"),
    (Ask.STATE, r"qual e o estado|which state|duas letras"),
    (Ask.HOUSE, r"qual e o numero\?.*s/n|house number|numero da casa"),
    (Ask.ORDER, r"(numero|codigo) d[oae]s?.{0,12}(pedido|compra)|order (number|no\b|id)"),
    (Ask.ORDER, r"(so|just).{0,12}(os numeros|the digits|numbers)"),
    (Ask.EMAIL, r"e-?mail"),
    (Ask.WHICH_ORDER, r"qual (deles|pedido|dos pedidos)|which (order|one of your orders)|de qual pedido"),
    (Ask.QUANTITY, r"quantas (unidades|pecas)|quantos (pares|itens)|how many"),
    (Ask.REASON, r"motivo|reason|por que|\bwhy\b|o que (houve|aconteceu)|what (happened|went|is wrong|'s wrong)"),
    (Ask.ITEM, r"(qual|que|which|what).{0,20}(item|peca|produto|product).{0,24}(devol|troc|volta|return|exchange|back)"),
    (Ask.ITEM, r"o que do pedido|which item|what.{0,12} from (the )?order|qual item"),
    (Ask.GENDER, r"feminin|masculin|women|men's"),
    (Ask.MEASURE, r"comprimento do (seu )?pe|how long is your foot|quanto voce mede|do you measure|\bmedidas?\b.{0,30}\?|your measure"),
    (Ask.MEASURE, r"outra marca|another brand|other brand"),
    (Ask.PRODUCT, r"(qual|que) (produto|modelo)|which (product|model)|what product"),
    (Ask.PRODUCT, r"mais de um assim|more than one like that"),
    (Ask.SIZE, r"tamanho|numeracao|\bsize\b|por qual voce quer trocar|would you like instead|quer no lugar|prefere no lugar|que numero"),
    (Ask.COLOR, r"qual cor|que cor|which colou?r|what colou?r"),
    (Ask.CODE, r"(codigo|cupom).{0,30}\?|the code\?"),
    (Ask.NAME, r"(seu|com o) nome|your name"),
    (Ask.PERSON, rf"({_PERSON}).{{0,60}}\?|(chamo|quer que eu chame|shall i get|shall i pass).{{0,30}}\?"),
    (Ask.WHICH_MATTER, r"uma destas opcoes|one of these|qual delas|which of them"),
    (Ask.WHICH_MATTER, r"como posso ajudar|how can i help|em que (mais )?posso|what else can i|toque numa opcao|tap an option|escolha uma opcao|pick an option|outras palavras|in other words"),
)  # fmt: skip
_AGREE = r"^(\d+ )?(sim|pode|confirm|quero|isso|yes|ok|gerar|make|go ahead|claro|sure)"
_REFUSE = r"^(\d+ )?(nao|agora nao|no\b|not now|neither|nenhuma|cancelar$|deixa)"


def asked(said: Sequence[Said]) -> Ask | None:
    """What the latest messages ask in the end; None: nothing."""
    text = "\n".join(one.text for one in said)
    choices = choices_of(said)
    question = _question(text, has_choices=bool(choices))
    if question is None:
        return None
    kind = next((ask for ask, pattern in _PATTERNS if has(question, pattern)), None)
    if kind is Ask.PERSON and not choices and "?" not in question:
        kind = None
    if kind is not None:
        return kind
    if _is_yes_or_no(choices) or has(question, r"(posso|esta certo|confirma|shall i|is that right|correct|ok)\b.*\?"):
        return Ask.CONFIRM
    if len(choices) > 2:
        return Ask.WHICH_MATTER
    return Ask.OTHER if "?" in question or choices else None


def choices_of(said: Sequence[Said]) -> tuple[Choice, ...]:
    """What can be pressed now: the choices of the last message that has any."""
    return next((one.choices for one in reversed(said) if one.choices), ())


def with_choices(said: Sequence[Said]) -> Said | None:
    """The message whose choices count."""
    return next((one for one in reversed(said) if one.choices), None)


def agreeing(choices: Sequence[Choice]) -> Choice | None:
    """The choice that says yes."""
    return next((one for one in choices if has(one.title, _AGREE)), None)


def refusing(choices: Sequence[Choice]) -> Choice | None:
    """The choice that says no."""
    return next((one for one in choices if has(one.title, _REFUSE)), None)


def _is_yes_or_no(choices: Sequence[Choice]) -> bool:
    return len(choices) == 2 and refusing(choices) is not None


def _question(text: str, *, has_choices: bool) -> str | None:
    """The last question, with what explains it in the same paragraph; else what asks in words."""
    paragraphs = [one for one in re.split(r"\n+", text) if one.strip()]
    asking = [one for one in paragraphs if "?" in re.sub(r"https?://\S+", "", one)]
    if asking:
        last = asking[-1]
        sentences = re.split(r"(?<=[.!])\s+", last)
        first = next(nth for nth, one in enumerate(sentences) if "?" in one)
        latest = max(nth for nth, one in enumerate(sentences) if "?" in one)
        # "E qual é o motivo?" alone, and not what was told before it.
        return plain(" ".join(sentences[max(first, latest - 1) :]))
    if has_choices:
        return plain(paragraphs[-1]) if paragraphs else ""
    tail = plain(text)[-220:]
    is_asking = has(tail, r"\b(manda|mande|me diz|me diga|escreve|escreva|send|tell me|reply|type|responda|falta so)\b")
    return tail if is_asking else None
