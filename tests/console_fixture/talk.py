"""Whom the made-up desk talks to, and what about."""

from typing import NamedTuple

FIRST_PT = [
    "Marina",
    "Rafael",
    "Beatriz",
    "Antônio",
    "Camila",
    "João",
    "Larissa",
    "Pedro",
    "Fernanda",
    "Lucas",
    "Juliana",
    "Tiago",
    "Aline",
    "Gustavo",
    "Patrícia",
    "Bruna",
    "Rodrigo",
    "Vitória",
    "Eduardo",
    "Letícia",
    "Márcio",
    "Sônia",
    "Renata",
    "Caio",
]
LAST_PT = [
    "Duarte",
    "Lima",
    "Campos",
    "Prado",
    "Souza",
    "Oliveira",
    "Ribeiro",
    "Carvalho",
    "Almeida",
    "Nogueira",
    "Teixeira",
    "Barbosa",
    "Moreira",
    "Cardoso",
    "Rezende",
    "Fonseca",
    "Araújo",
    "Pires",
]
FIRST_EN = [
    "Emma",
    "John",
    "Priya",
    "Oliver",
    "Grace",
    "Daniel",
    "Sophie",
    "Liam",
    "Hannah",
    "Noah",
    "Chloe",
    "Ethan",
]
LAST_EN = [
    "Carter",
    "Nair",
    "Hughes",
    "Reed",
    "Bennett",
    "Walsh",
    "Murphy",
    "Patel",
    "Brooks",
    "Clarke",
]
SURNAMES_OFTEN_DOUBLE = 7


class Topic(NamedTuple):
    """What a conversation is about, and how it goes: `c` contact, `b` bot, `a` agent, `n` note."""

    intent: str
    reason: str
    priority: str
    tags: tuple[str, ...]
    subject: str
    lines: tuple[str, ...]


PT = (
    Topic(
        "exchange_item", "wish", "normal", ("troca",), "Trocar vestido M por G",
        (
            "c:oi, boa tarde!",
            "b:Oi! Sou o assistente da loja e ajudo com pedidos e trocas. Do que você precisa?",
            "c:quero trocar o vestido que chegou ontem, ficou pequeno",
            "b:Encontrei o pedido 48213, entregue ontem. Qual peça e qual tamanho você quer?",
            "c:o vestido midi verde, do M pro G. mas preciso pra sexta, tem como?",
            "h:Troca do pedido 48213: vestido midi verde, M → G. Precisa até sexta-feira.",
            "a:Oi! Aqui é da equipe da loja. Vou ver o estoque do G e já te digo.",
            "n:@Emma Hughes temos o G em Cajamar? Se sim, mando por expresso.",
            "c:obrigada!! fico no aguardo 🙏",
        ),
    ),
    Topic(
        "track_order", "escalation", "high", ("entrega",), "Pedido parado há cinco dias",
        (
            "c:cadê meu pedido 48320?",
            "b:O pedido 48320 está a caminho. 🚚\n\nCorreios, código LY665499723BR. Acompanhe aqui: https://rastreio.example.com/LY665499723BR",
            "c:isso está parado há cinco dias, já liguei duas vezes",
            "b:Sinto muito pelo atraso. Quer que uma pessoa da equipe veja com a transportadora?",
            "c:sim, por favor",
            "h:Pedido 48320, parado na unidade de Curitiba desde segunda-feira.",
        ),
    ),
    Topic(
        "fraud_report", "fraud", "urgent", ("fraude", "pix"), "Cobrança que não reconhece",
        (
            "c:Recebi uma cobrança de R$ 489,00 que não fiz!!",
            "b:Entendo a preocupação. Vou chamar alguém da equipe agora mesmo.",
            "h:Relata cobrança de R$ 489,00 que não reconhece.",
            "c:alguém usou meu cartão, preciso bloquear isso",
        ),
    ),
    Topic(
        "complaint", "media", "high", ("defeito",), "Sandália com a tira rasgada",
        (
            "c:minha sandália chegou rasgada",
            "p:sandalia.jpg",
            "b:Obrigado pela foto. Vou passar para uma pessoa que pode olhar.",
            "h:Enviou uma foto da sandália do pedido 47981.",
            "a:Oi! Sinto muito. Posso mandar outra igual ou devolver o valor, o que prefere?",
            "c:prefiro outra igual, número 37",
            "a:Combinado. Ela sai amanhã cedo e chega até quinta.",
        ),
    ),
    Topic(
        "refund_status", "order_proof", "normal", ("reembolso",), "Reembolso ainda não caiu",
        (
            "c:o reembolso do pedido 47102 ainda não apareceu no cartão",
            "b:Para falar desse pedido, preciso confirmar que ele é seu. Qual é o CEP da entrega?",
            "c:não lembro qual CEP usei",
            "h:Não conseguiu confirmar o pedido 47102 pelo CEP.",
            "c:consegue ver pelo meu nome?",
        ),
    ),
    Topic(
        "product_question", "failed_attempts", "low", (), "Tabela de medidas do casaco",
        (
            "c:esse casaco de lã veste certinho ou é largo?",
            "b:Não entendi muito bem. Você pode dizer de outro jeito?",
            "c:o casaco caramelo, quero saber a forma dele",
            "b:Ainda não entendi. Quer falar com uma pessoa?",
            "c:quero",
            "h:Pergunta sobre a forma do casaco de lã caramelo.",
            "a:Oi! Ele veste um pouco largo nos ombros. Se você usa M, fica bem no P ou no M.",
            "c:perfeito, vou de M então",
        ),
    ),
)  # fmt: skip
EN = (
    Topic(
        "track_order", "complaint", "high", ("delivery",), "Parcel marked delivered, not here",
        (
            "c:hi, my order 48377 says delivered but nothing is here",
            "b:Order 48377 was delivered yesterday. Would you like somebody to look into it?",
            "c:yes please, this is the second time",
            "h:Order 48377 shows as delivered; the shopper did not get it. Second time.",
            "c:is anyone there?",
        ),
    ),
    Topic(
        "return_item", "wish", "normal", ("return",), "Return of two shirts",
        (
            "c:How do I return the two linen shirts?",
            "b:You can return them within 30 days. Shall I make a label for you?",
            "c:I would rather talk to a person, one of them has a stain",
            "h:Wants to return two linen shirts of order 48401; one has a stain.",
            "a:Hi, this is the team. I am sorry about the stain. Could you send a photo?",
            "p:shirt.jpg",
            "a:Thank you, that is enough. The label is on its way to your inbox.",
        ),
    ),
    Topic(
        "payment", "failed_attempts", "low", (), "Paying in two parts",
        (
            "c:can I pay half by card and half by voucher",
            "b:I did not quite get that. Could you say it differently?",
            "c:split payment, card and gift voucher",
            "h:Asks about splitting a payment between card and voucher.",
        ),
    ),
)  # fmt: skip
BUSY = {
    "pt": ("alguma novidade?", "ok, obrigada", "ainda estou esperando", "qual o prazo?", "tá bom!"),
    "en": ("any news?", "ok thanks", "still waiting here", "how long will it take?", "great"),
}
