"""The words for colours, kinds of products and months, in both languages, without accents."""


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
trousers: calcas, pants
shorts: bermuda, bermudas, short
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
