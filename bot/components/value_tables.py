"""The words for colours, products, sizes and days, in both languages, without accents."""


def _by_word(table: str) -> dict[str, str]:
    """From lines of "value: word, word" to a value for each word, hyphens as spaces."""
    found: dict[str, str] = {}
    for line in table.strip().splitlines():
        value, words = line.split(":")
        for word in (value, *words.split(",")):
            found[word.strip().replace("-", " ")] = value.strip()
    return found


COLORS = _by_word("""
black: preto, preta, pretos, pretas
white: branco, branca, brancos, brancas
off-white: off white, cru, marfim, ivory
gray: grey, cinza, cinzas, cinzento, cinzenta, grafite
red: vermelho, vermelha, vermelhos, vermelhas, encarnado
burgundy: vinho, bordo, marsala, bordeaux
pink: rosa, cor de rosa, pink
purple: roxo, roxa, lilas, violeta, lilac, violet
blue: azul, azuis
navy: marinho, azul marinho, navy blue
light blue: azul claro, azul bebe, azul celeste, baby blue, sky blue
olive: verde oliva, verde militar, oliva, olive green
mint: verde menta, menta, mint green
turquoise: turquesa
mustard: mostarda
terracotta: terracota
green: verde, verdes
yellow: amarelo, amarela, amarelos, amarelas
orange: laranja
brown: marrom, castanho, castanha, caramelo, cafe
beige: bege, nude, creme, areia
gold: dourado, dourada, golden
silver: prata, prateado, prateada
""")

PRODUCTS = _by_word("""
sneakers: tenis, sneaker, trainers, trainer, sapatilhas
shoes: sapato, sapatos, shoe, calcado, calcados
boots: bota, botas, boot, coturno
flats: sapatilha, ballet flats
loafers: mocassim, mocassins, loafer
heels: salto alto, scarpin, scarpins, high heels, pumps
slippers: pantufa, pantufas
sandals: sandalia, sandalias, sandal, rasteirinha
flip-flops: chinelo, chinelos, flip flops
dress: vestido, vestidos, dresses
skirt: saia, saias, skirts
t-shirt: camiseta, camisetas, tshirt, t-shirts, tee
shirt: camisa, camisas, shirts
blouse: blusa, blusas, top
sweatshirt: moletom, hoodie, sweater, sueter, camisola
coat: casaco, casacos, coats, sobretudo
jacket: jaqueta, jaquetas, jackets, blusao
jeans: calca jeans
trousers: calca, calcas, pants
shorts: bermuda, bermudas, short
leggings: legging
cardigan: cardiga, cardigas, cardigans
blazer: blazers
swimwear: biquini, biquinis, maio, sunga, bikini, swimsuit
socks: meia, meias, sock
belt: cinto, cintos, belts
bag: bolsa, bolsas, bags, handbag, carteira
backpack: mochila, mochilas, backpacks
hat: chapeu, bone, cap, gorro
watch: relogio, relogios, watches
sunglasses: oculos, oculos de sol
""")

MONTHS = {
    "jan": 1,
    "fev": 2,
    "feb": 2,
    "mar": 3,
    "abr": 4,
    "apr": 4,
    "mai": 5,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "ago": 8,
    "aug": 8,
    "set": 9,
    "sep": 9,
    "out": 10,
    "oct": 10,
    "nov": 11,
    "dez": 12,
    "dec": 12,
}

SIZE_WORDS = {
    "pequeno": "P",
    "pequena": "P",
    "medio": "M",
    "media": "M",
    "grande": "G",
    "extra small": "XS",
    "small": "S",
    "medium": "M",
    "large": "L",
    "extra large": "XL",
    "xlarge": "XL",
}

RELATIVE_DAYS = {
    "hoje": "P0D",
    "hj": "P0D",
    "today": "P0D",
    "tonight": "P0D",
    "ontem": "-P1D",
    "ontem a noite": "-P1D",
    "yesterday": "-P1D",
    "anteontem": "-P2D",
    "antes de ontem": "-P2D",
    "the day before yesterday": "-P2D",
    "amanha": "P1D",
    "tomorrow": "P1D",
    "tmrw": "P1D",
    "tmr": "P1D",
    "depois de amanha": "P2D",
    "the day after tomorrow": "P2D",
    "semana que vem": "P1W",
    "proxima semana": "P1W",
    "next week": "P1W",
    "semana passada": "-P1W",
    "ultima semana": "-P1W",
    "last week": "-P1W",
    "mes que vem": "P1M",
    "proximo mes": "P1M",
    "next month": "P1M",
    "mes passado": "-P1M",
    "last month": "-P1M",
}

COUNTS = {
    "um": 1,
    "uma": 1,
    "a": 1,
    "one": 1,
    "dois": 2,
    "duas": 2,
    "two": 2,
    "tres": 3,
    "three": 3,
    "quatro": 4,
    "four": 4,
    "cinco": 5,
    "five": 5,
    "dez": 10,
    "ten": 10,
    "quinze": 15,
}

UNITS = {
    "dias": "D",
    "dia": "D",
    "days": "D",
    "day": "D",
    "semanas": "W",
    "semana": "W",
    "weeks": "W",
    "week": "W",
    "meses": "M",
    "mes": "M",
    "months": "M",
    "month": "M",
}

WEEKDAYS = {
    "segunda": 1,
    "terca": 2,
    "quarta": 3,
    "quinta": 4,
    "sexta": 5,
    "sabado": 6,
    "domingo": 7,
    "monday": 1,
    "tuesday": 2,
    "wednesday": 3,
    "thursday": 4,
    "friday": 5,
    "saturday": 6,
    "sunday": 7,
}
