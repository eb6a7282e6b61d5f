"""The components of `config.yml` in memory: taught some messages, and asked others."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.formats import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from nlu.messages import FALLBACK, ROOT, Asked, Value, examples


@dataclass(frozen=True)
class Answered:
    """What was understood; `best` is the likeliest intent, whatever the threshold made of it."""

    asked: Asked
    intent: str
    best: str
    confidence: float
    found: tuple[Value, ...] = ()
    ms: float = 0.0

    @property
    def is_right(self) -> bool:
        """Whether `best` is what was meant, or as good."""
        return self.accepts(self.best)

    def accepts(self, intent: str) -> bool:
        """Whether a fair judge takes `intent` for what was meant."""
        return intent == self.asked.intent or intent in self.asked.accepted


def read(asked: Asked, parsed: dict[str, Any], ms: float = 0.0) -> Answered:
    """What Rasa's answer (`parse_data`) says of the message."""
    intent = parsed.get("intent") or {}
    name = intent.get("name") or ""
    best: dict[str, Any] = {"name": name, "confidence": intent.get("confidence") or 0.0}
    if name == FALLBACK:
        ranking = parsed.get("intent_ranking") or []
        best = next((each for each in ranking if each["name"] != FALLBACK), best)
    found = tuple(
        Value(each["entity"], each["start"], each["end"], str(each["value"]))
        for each in parsed.get("entities") or []
    )
    return Answered(asked, name, best["name"], float(best["confidence"]), found, ms)


class Pipeline:
    """Every component of the configuration, one after the other, without Rasa's server or cache.

    Use it as a context: what components write while they learn goes into a folder of its own.
    """

    def __init__(self, config: Path = ROOT / "config.yml") -> None:
        """Nothing is learnt yet."""
        self._folder = tempfile.TemporaryDirectory(prefix="nlu-")
        storage = LocalModelStorage(Path(self._folder.name))
        context = ExecutionContext(GraphSchema({}))
        self._components: list[Any] = []
        for at, described in enumerate(read_yaml_file(config)["pipeline"]):
            given = {key: value for key, value in described.items() if key != "name"}
            component = DefaultV1Recipe._from_registry(described["name"]).clazz  # noqa: SLF001
            self._components.append(
                component.create(
                    {**component.get_default_config(), **given},
                    storage,
                    Resource(f"{at}_{component.__name__}"),
                    context,
                )
            )

    def __enter__(self) -> Pipeline:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def learn(self, messages: Sequence[Asked]) -> None:
        """Train the components in their order, each on what those before it made of the data."""
        shared = _shared()
        data = TrainingData(
            examples(messages), shared.entity_synonyms, shared.regex_features, shared.lookup_tables
        )
        for component in self._components:
            if hasattr(component, "train"):
                component.train(data)
            if hasattr(component, "process_training_data"):
                data = component.process_training_data(data)

    def answers(self, messages: Sequence[Asked]) -> list[Answered]:
        """What each message means to what was learnt."""
        found = []
        for asked in messages:
            message = Message({"text": asked.text})
            for component in self._components:
                component.process([message])
            found.append(read(asked, message.as_dict()))
        return found


def _shared() -> TrainingData:
    """Regexes, lookups and synonyms, which are no examples."""
    data = TrainingData()
    for path in sorted((ROOT / "data" / "_shared").glob("*.yml")):
        data = data.merge(RasaYAMLReader().read(path))
    return data
