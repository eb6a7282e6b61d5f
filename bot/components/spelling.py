"""The same word however it is spelled: accents, stretched letters, slang, laughs and emoji."""

import re
import unicodedata

INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
COVER = "•"
"""Stands for a letter or digit of personal data; a text so covered keeps its length."""
CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"

# What people type on a phone, without accents, and what they mean by it.
SLANG = {
    # Portuguese
    "abs": "abraco",
    "add": "adicionar",
    "agr": "agora",
    "aki": "aqui",
    "amg": "amigo",
    "att": "atenciosamente",
    "bjs": "beijos",
    "blz": "beleza",
    "brigada": "obrigado",
    "brigadao": "obrigado",
    "brigado": "obrigado",
    "cd": "cade",
    "cel": "celular",
    "cmg": "comigo",
    "ctz": "certeza",
    "dps": "depois",
    "dsclp": "desculpa",
    "dscp": "desculpa",
    "eh": "e",
    "flw": "falou",
    "fzr": "fazer",
    "gnt": "gente",
    "hj": "hoje",
    "hrs": "horas",
    "kd": "cade",
    "kde": "cade",
    "ksa": "casa",
    "mds": "meu deus",
    "msg": "mensagem",
    "msm": "mesmo",
    "mt": "muito",
    "mto": "muito",
    "mta": "muita",
    "n": "nao",
    "naum": "nao",
    "nd": "nada",
    "nf": "nota fiscal",
    "nfe": "nota fiscal",
    "ngm": "ninguem",
    "nn": "nao",
    "obg": "obrigado",
    "obgd": "obrigado",
    "obgda": "obrigado",
    "obrigada": "obrigado",
    "obrigadao": "obrigado",
    "oq": "o que",
    "pd": "pode",
    "pdd": "pedido",
    "pf": "por favor",
    "pfv": "por favor",
    "pfvr": "por favor",
    "plmdds": "pelo amor de deus",
    "pq": "porque",
    "pra": "para",
    "prazos": "prazo",
    "pro": "para",
    "prox": "proximo",
    "q": "que",
    "qd": "quando",
    "qdo": "quando",
    "qnd": "quando",
    "qndo": "quando",
    "qnto": "quanto",
    "qq": "qualquer",
    "qro": "quero",
    "qto": "quanto",
    "qta": "quanta",
    "s": "sim",
    "simm": "sim",
    "sla": "sei la",
    "sqn": "so que nao",
    "ss": "sim",
    "ta": "esta",
    "tava": "estava",
    "tb": "tambem",
    "tbm": "tambem",
    "td": "tudo",
    "tds": "todos",
    "tlgd": "entendi",
    "tmj": "valeu",
    "to": "estou",
    "tou": "estou",
    "vc": "voce",
    "vcs": "voces",
    "vdd": "verdade",
    "vlw": "valeu",
    "vlws": "valeu",
    "wpp": "whatsapp",
    "zap": "whatsapp",
    # English
    "asap": "as soon as possible",
    "bc": "because",
    "btw": "by the way",
    "cant": "can't",
    "cos": "because",
    "cuz": "because",
    "didnt": "didn't",
    "doesnt": "doesn't",
    "dont": "don't",
    "gimme": "give me",
    "gonna": "going to",
    "hasnt": "hasn't",
    "hav": "have",
    "havent": "haven't",
    "havnt": "haven't",
    "heya": "hey",
    "hiya": "hi",
    "idk": "i don't know",
    "im": "i'm",
    "isnt": "isn't",
    "ive": "i've",
    "k": "ok",
    "kk": "ok",
    "lemme": "let me",
    "nah": "no",
    "nope": "no",
    "okay": "ok",
    "okey": "ok",
    "okie": "ok",
    "pkg": "package",
    "plis": "please",
    "pls": "please",
    "plz": "please",
    "ppl": "people",
    "r": "are",
    "rly": "really",
    "tho": "though",
    "thnx": "thanks",
    "thx": "thanks",
    "tks": "thanks",
    "tnx": "thanks",
    "tq": "thanks",
    "ty": "thanks",
    "tysm": "thanks",
    "u": "you",
    "ur": "your",
    "wanna": "want to",
    "wasnt": "wasn't",
    "wats": "what's",
    "whats": "what's",
    "wheres": "where's",
    "wont": "won't",
    "y": "yes",
    "ya": "yes",
    "yea": "yes",
    "yeah": "yes",
    "yep": "yes",
    "yup": "yes",
}

# An emoji that carries an answer or a mood, as a word the examples can teach; others are "emoji".
EMOJI = {
    "ok": "👍👌✅☑✔🆗🤙💯🤝",
    "nao": "👎❌✖🚫🙅",
    "obrigado": "🙏",
    "raiva": "😡🤬😠👿💢😤🖕",
    "triste": "😭😢😞😔🙁☹😥😓😩😫😣😖💔",
    "amei": "❤🧡💛💚💙💜🖤💕💖💗💘😍🥰😘🤩💞♥👏🎉",
    "risada": "😂🤣😹😆😅",
    "sorriso": "😀😃😄😁🙂😊☺😉😎",
    "oi": "👋",
    "duvida": "🤔❓❔🤷🧐😕😟",
    "pacote": "📦📬📫📪🚚🚛🛵",
    "atraso": "⏰⌛⏳🐢",
    "trocar": "🔄🔁",
    "devolver": "↩🔙",
    "cartao": "💳",
    "dinheiro": "💸💰💵🤑",
    "fatura": "🧾",
    "desconto": "🏷🔥",
    "medida": "📏📐",
    "endereco": "🏠🏡",
    "localizacao": "📍🗺",
    "horas": "🕐🕘🕓🕔🕕🕖",
    "foto": "📷📸🖼🎥📹📎🎤🎙",
    "telefone": "📞☎📱🆘🙋",
    "alerta": "🚨⚠",
    "estrelas": "⭐🌟",
    "nojo": "💩🤮🤢",
    "tchau": "✌💤",
    "abraco": "🙌🤗",
}
_WORD_OF_EMOJI = {character: word for word, row in EMOJI.items() for character in row}

_LAUGH = re.compile(
    r"k{3,}\w{0,2}|(?:rs){2,}r?|(?:h+[aeiu]+){2,}h*|(?:a?h[au]){2,}\w*|(?:[au]h){2,}\w*"
    r"|(?:hua|uhe|hue){2,}\w*|lo+l+|lmf?ao+|rofl|(?:ja){3,}"
)
_STRETCHED = re.compile(r"(\D)\1{2,}")
_DOUBLED_END = re.compile(r"([aeiou])\1$")
_DIGITS = re.compile(r"\d{2,}")
_COVERED = re.compile(f"{COVER}+")
_UNSEEN = re.compile(f"[{INVISIBLE}{CONTROL}]")
# English words that really end in a doubled vowel.
_KEEP_DOUBLE = frozenset({"agree", "coffee", "degree", "employee", "fee", "free", "guarantee"})
_KEEP_DOUBLE |= {"knee", "refugee", "see", "three", "too", "tree", "zoo"}


def visible(text: str) -> str:
    """The text without zero-width, direction, variation and control characters."""
    return _UNSEEN.sub("", text)


def without_accents(text: str) -> str:
    """The text in lower case, letters stripped of their accents."""
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))


def normalised(word: str) -> str:
    """The form of one word (or one run of emoji) that all its spellings share.

    May be several words ("pfv" is "por favor"). Digits beyond one become their count, so that a
    five-digit number is always "num5", covered or not; a single digit stays, because it may answer
    a menu.
    """
    seen = visible(word)
    plain = without_accents(seen)
    if _LAUGH.fullmatch(plain):
        return "risada"
    if COVER in plain:
        return _COVERED.sub(lambda run: f"num{len(run[0])}", plain)
    plain = _STRETCHED.sub(r"\1", plain)
    if plain in SLANG:
        return SLANG[plain]
    if plain not in _KEEP_DOUBLE:
        plain = _DOUBLED_END.sub(r"\1", plain)
    if not any(character.isalnum() for character in plain):
        return _emoji(seen) or plain or word
    return SLANG.get(plain) or _DIGITS.sub(lambda run: f"num{len(run[0])}", plain)


def _emoji(symbols: str) -> str:
    words = [_WORD_OF_EMOJI[symbol] for symbol in symbols if symbol in _WORD_OF_EMOJI]
    if words:
        return " ".join(dict.fromkeys(words))
    is_picture = any(unicodedata.category(symbol) == "So" for symbol in symbols)
    return "emoji" if is_picture else ""
