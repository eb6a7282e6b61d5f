"""The processes of one desk: how each is started, and how it tells that it is ready."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dev.places import Places
from dev.ports import HOST, Ports


@dataclass(frozen=True)
class Child:
    """A process to keep running.

    It is ready when the URL in `ready` answers 200, or when it has said the words in `ready`.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    ready: str


def of_desk(places: Places, ports: Ports, env: Mapping[str, str], model: Path) -> list[Child]:
    """Every process of the desk, the slowest to start first."""
    ours = places.python
    bots = (places.bot_python, "-W", "ignore", "-m")
    rasa = (*bots, "rasa", "run", "--model", str(model), "-i", HOST, "--port", str(ports.rasa))
    actions = (*bots, "rasa_sdk", "--actions", "actions", "--port", str(ports.actions))
    return [
        Child("rasa", rasa, env, f"{ports.url('rasa')}/"),
        Child("actions", actions, env, f"{ports.url('actions')}/health"),
        Child("web", (ours, "-m", "sla_service.app"), env, f"{ports.url('web')}/readyz"),
        Child("worker", (ours, "-m", "sla_service.worker"), env, "worker_ready"),
        Child(
            "simulator", (ours, "-m", "simulator"), env, f"{ports.url('simulator')}/control/faults"
        ),
    ]
