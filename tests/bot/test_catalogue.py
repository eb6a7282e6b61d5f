"""A product of the shop is found by whatever part of its name is enough."""

import json
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.catalogue import CatalogueExtractor

CONTEXT = ExecutionContext(GraphSchema({}))
PRODUCTS = [
    {"pt": "Tênis Plataforma Aurora", "en": "Aurora platform trainers"},
    {"pt": "Tênis Brisa", "en": "Brisa trainers"},
    {"pt": "Camiseta Básica de Algodão", "en": "Basic cotton T-shirt"},
    {"pt": "Calça Jeans Reta", "en": "Straight-leg jeans"},
    {"pt": "Calça Social Reta", "en": "Straight dress trousers"},
    {"pt": "Mochila", "en": "Backpack"},
]


@pytest.fixture
def extractor(tmp_path: Path) -> CatalogueExtractor:
    """An extractor that read a catalogue, went to disk and came back."""
    file = tmp_path / "catalogue.json"
    file.write_text(json.dumps({"products": PRODUCTS}), encoding="utf-8")
    return trained(tmp_path, str(file))


def trained(tmp_path: Path, file: str) -> CatalogueExtractor:
    config = {**CatalogueExtractor.get_default_config(), "file": file}
    storage, resource = LocalModelStorage(tmp_path), Resource("catalogue")
    CatalogueExtractor.create(config, storage, resource, CONTEXT).train(TrainingData())
    return CatalogueExtractor.load(config, storage, resource, CONTEXT)


def found(extractor: CatalogueExtractor, message: Message) -> list[tuple[str, str]]:
    extractor.process([message])
    text = message.get("text")
    return [(e["value"], text[e["start"] : e["end"]]) for e in message.get("entities")]


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("tem o tênis plataforma aurora?", "Tênis Plataforma Aurora", "tênis plataforma aurora"),
        ("TENIS AURORA branco", "Tênis Plataforma Aurora", "TENIS AURORA"),
        ("do you have aurora trainers", "Tênis Plataforma Aurora", "aurora trainers"),
        ("as camisetas básicas de algodão", "Camiseta Básica de Algodão",
         "camisetas básicas de algodão"),
        ("camiseta algodao", "Camiseta Básica de Algodão", "camiseta algodao"),
        ("a calça jeans reta", "Calça Jeans Reta", "calça jeans reta"),
    ],
)  # fmt: skip
def test_a_product_is_found(
    extractor: CatalogueExtractor, text: str, value: str, said: str
) -> None:
    assert found(extractor, Message({"text": text})) == [(value, said)]


@pytest.mark.parametrize("text", ["moro na rua aurora", "uma calça reta", "mochila", "", "/greet"])
def test_what_could_be_something_else_is_none(extractor: CatalogueExtractor, text: str) -> None:
    assert found(extractor, Message({"text": text, "entities": []})) == []


def test_its_name_takes_the_place_of_the_kind_in_it(extractor: CatalogueExtractor) -> None:
    kind = {"entity": "product", "start": 2, "end": 7, "value": "sneakers"}
    color = {"entity": "color", "start": 14, "end": 18, "value": "blue"}
    message = Message({"text": "o tênis brisa azul", "entities": [kind, color]})
    assert found(extractor, message) == [("blue", "azul"), ("Tênis Brisa", "tênis brisa")]


def test_a_shop_without_a_catalogue_has_no_names(tmp_path: Path) -> None:
    extractor = trained(tmp_path, str(tmp_path / "none.json"))
    assert found(extractor, Message({"text": "tênis brisa", "entities": []})) == []
