"""Message templates: the approved ones of the demo, new ones, and filling them in."""

import re
import secrets
from typing import Any

from simulator.refusals import GraphError
from simulator.values import choice, items, obj, string
from simulator.world import Json

_NAME = re.compile(r"[a-z0-9_]{1,512}\Z")
_HOLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def demo_templates() -> list[Json]:
    """Make the templates a shop would have on its first day, in both languages."""
    return [
        _order_shipped(
            "pt_BR",
            "Olá, {{nome}}! Seu pedido {{pedido}} saiu da loja e está a caminho.",
            track="Acompanhar entrega",
            talk="Falar com a loja",
        ),
        _order_shipped(
            "en",
            "Hi {{nome}}! Your order {{pedido}} has left the shop and is on its way.",
            track="Track delivery",
            talk="Talk to the shop",
        ),
        *_notices(),
        *_going_on(),
        *_ratings(
            "avaliar_atendimento",
            pt_br="Como foi o seu atendimento? Escolha uma nota de 1 a 5.",
            en="How did we do? Pick a score from 1 to 5.",
        ),
        *_ratings(
            "avaliar_compra",
            pt_br="Olá, {{nome}}! Que nota, de 1 a 5, você dá à compra do pedido {{pedido}}?",
            en="Hi {{nome}}! How was the purchase in order {{pedido}}? Pick a score from 1 to 5.",
        ),
        *_notices(),
        _marketing("novidades_da_loja", "A nova coleção chegou, {{1}}! Venha conhecer."),
        _marketing("promocao_antiga", "Só até domingo, {{1}}!", status="PAUSED"),
    ]


def create(templates: list[Json], body: Any) -> Json:
    """Take a new template into review; returns it."""
    wanted = obj(body, "body")
    name = string(wanted.get("name"), "name", longest=512)
    if not _NAME.match(name):
        raise GraphError(100, "Param name may hold lower-case letters, digits and _ alone.")
    language = string(wanted.get("language"), "language", longest=16)
    if any(one["name"] == name and one["language"] == language for one in templates):
        raise GraphError(100, "There is already content in this language.", subcode=2388024)
    category = choice(
        wanted.get("category"), "category", ("UTILITY", "MARKETING", "AUTHENTICATION")
    )
    components = [obj(one, "components") for one in items(wanted.get("components"), "components")]
    body_part = next((one for one in components if one.get("type") == "BODY"), None)
    text = string(obj(body_part, "BODY").get("text"), "text", longest=1024)
    if re.match(r"\s*\{\{", text) or re.search(r"\}\}\s*\Z", text):
        raise GraphError(
            100, "Variables can't be at the start or end of the template.", subcode=2388299
        )
    template = {
        "id": _new_id(),
        "name": name,
        "language": language,
        "category": category,
        "status": "PENDING",
        "parameter_format": str(wanted.get("parameter_format", "POSITIONAL")).upper(),
        "components": components,
    }
    templates.append(template)
    return template


def fill(templates: list[Json], wanted: Json) -> Json:
    """Put parameters into an approved template; returns what the phone shows."""
    template = _approved(templates, wanted["name"], wanted["language"]["code"])
    given = wanted.get("components", [])
    shown: Json = {
        "name": template["name"],
        "language": template["language"],
        "category": template["category"],
        "buttons": [],
    }
    for part in template["components"]:
        kind = part["type"].lower()
        if kind == "buttons":
            shown["buttons"] = [
                _button(button, _parameters(given, "button", index))
                for index, button in enumerate(part["buttons"])
            ]
        elif kind == "header" and part.get("format", "TEXT") != "TEXT":
            shown["header"] = _media_header(part, _parameters(given, "header"))
        else:
            shown[kind] = _filled(part["text"], _parameters(given, kind))
    return shown


def _order_shipped(language: str, text: str, *, track: str, talk: str) -> Json:
    link = {"type": "URL", "text": track, "url": "https://rastreio.example/{{1}}"}
    buttons = [link, {"type": "QUICK_REPLY", "text": talk}]
    return _template("pedido_enviado", language, text, footer="Passo Firme", buttons=buttons)


def _going_on() -> list[Json]:
    return [
        _template(
            "retomar_atendimento",
            "pt_BR",
            "Olá, {{1}}! Temos novidades sobre o seu atendimento. Podemos continuar por aqui?",
            buttons=[{"type": "QUICK_REPLY", "text": "Continuar"}],
        ),
        _template(
            "retomar_atendimento",
            "en",
            "Hi {{1}}! We have news about your request. Shall we go on here?",
            buttons=[{"type": "QUICK_REPLY", "text": "Go on"}],
        ),
    ]


def _notices() -> list[Json]:
    """What else happens to an order on its way."""
    texts = {
        ("pedido_saiu_para_entrega", "pt_BR"): "Olá, {{nome}}! Seu pedido {{pedido}} saiu para "
        "entrega e deve chegar hoje.",
        ("pedido_saiu_para_entrega", "en"): "Hi {{nome}}! Your order {{pedido}} is out for "
        "delivery and should arrive today.",
        ("pedido_atrasado", "pt_BR"): "Olá, {{nome}}! Seu pedido {{pedido}} vai atrasar. A nova "
        "previsão é {{previsao}}. Desculpe por isso.",
        ("pedido_atrasado", "en"): "Hi {{nome}}! Your order {{pedido}} is going to be late. It "
        "should arrive on {{previsao}}. We are sorry about that.",
        ("pedido_entregue", "pt_BR"): "Olá, {{nome}}! Seu pedido {{pedido}} foi entregue. Se algo "
        "não veio como devia, é só responder aqui.",
        ("pedido_entregue", "en"): "Hi {{nome}}! Your order {{pedido}} has been delivered. If "
        "anything isn't as it should be, just reply here.",
    }
    return [_template(name, language, text) for (name, language), text in texts.items()]


def _ratings(name: str, *, pt_br: str, en: str) -> list[Json]:
    """A question with five scores to choose from, the best one first, in both languages."""
    scores = {
        "pt_BR": ("5 – Ótimo", "4 – Bom", "3 – Mais ou menos", "2 – Ruim", "1 – Péssimo"),
        "en": ("5 – Great", "4 – Good", "3 – So-so", "2 – Bad", "1 – Terrible"),
    }
    return [
        _template(
            name,
            language,
            text,
            buttons=[{"type": "QUICK_REPLY", "text": score} for score in scores[language]],
        )
        for language, text in (("pt_BR", pt_br), ("en", en))
    ]


def _marketing(name: str, text: str, *, status: str = "APPROVED") -> Json:
    return _template(name, "pt_BR", text, category="MARKETING", status=status)


def _template(
    name: str,
    language: str,
    text: str,
    *,
    footer: str | None = None,
    buttons: list[Json] | None = None,
    category: str = "UTILITY",
    status: str = "APPROVED",
) -> Json:
    components: list[Json] = [{"type": "BODY", "text": text}]
    if footer is not None:
        components.append({"type": "FOOTER", "text": footer})
    if buttons is not None:
        components.append({"type": "BUTTONS", "buttons": buttons})
    is_named = any(not hole.isdecimal() for hole in _HOLE.findall(text))
    return {
        "id": _new_id(),
        "name": name,
        "language": language,
        "category": category,
        "status": status,
        "parameter_format": "NAMED" if is_named else "POSITIONAL",
        "components": components,
    }


def _approved(templates: list[Json], name: str, language: str) -> Json:
    found = [one for one in templates if one["name"] == name and one["language"] == language]
    if not found or found[0]["status"] in {"PENDING", "REJECTED"}:
        raise GraphError(132001, f"template name ({name}) does not exist in {language}")
    if found[0]["status"] == "PAUSED":
        raise GraphError(132015)
    if found[0]["status"] == "DISABLED":
        raise GraphError(132016)
    return found[0]


def _parameters(given: list[Json], kind: str, index: int | None = None) -> list[Json]:
    for part in given:
        at = part.get("index")
        if part.get("type") == kind and (index is None or str(at) == str(index)):
            return [obj(one, "parameters") for one in items(part.get("parameters", []), kind)]
    return []


def _filled(text: str, parameters: list[Json]) -> str:
    holes = sorted(set(_HOLE.findall(text)), key=lambda hole: (len(hole), hole))
    if len(holes) != len(parameters):
        raise GraphError(
            132000,
            f"body: number of localizable_params ({len(parameters)}) does not match the expected "
            f"number of params ({len(holes)})",
        )
    values: dict[str, str] = {}
    for hole, parameter in zip(holes, parameters, strict=True):
        name = hole if hole.isdecimal() else str(parameter.get("parameter_name"))
        values[name] = _parameter_text(parameter)
    if missing := set(holes) - set(values):
        raise GraphError(132012, f"Parameter name is missing or unknown: {min(missing)}")
    return _HOLE.sub(lambda match: values[match.group(1)], text)


def _parameter_text(parameter: Json) -> str:
    kind = parameter.get("type")
    if kind == "text":
        text = string(parameter.get("text"), "parameters['text']", longest=1024)
        if re.search(r"[\n\t]| {5}", text):
            raise GraphError(
                132018, "Param text cannot have new-line/tab characters or more than 4 spaces."
            )
        return text
    if kind in {"currency", "date_time"}:
        detail = obj(parameter.get(kind), f"parameters['{kind}']")
        return string(detail.get("fallback_value"), "fallback_value", longest=1024)
    raise GraphError(132012, f"Format mismatch, expected TEXT, received {kind}")


def _media_header(part: Json, parameters: list[Json]) -> Json:
    kind = part["format"].lower()
    if len(parameters) != 1 or parameters[0].get("type") != kind:
        raise GraphError(132012, f"header: Format mismatch, expected {part['format']}")
    return {"type": kind, kind: obj(parameters[0].get(kind), kind)}


def _button(button: Json, parameters: list[Json]) -> Json:
    shown = {"type": button["type"], "text": button["text"]}
    if button["type"] == "URL":
        shown["url"] = _filled(button["url"], parameters)
    elif button["type"] == "QUICK_REPLY":
        payload = parameters[0].get("payload") if parameters else None
        shown["payload"] = string(payload or button["text"], "payload", longest=256)
    return shown


def _new_id() -> str:
    return str(10**14 + secrets.randbelow(9 * 10**14))
