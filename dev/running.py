"""The environment of the desk that runs here, or the one it would have."""

import json

from dev import environment, lock, ports, secrets
from dev.errors import SetupError
from dev.places import Places


def env_of(places: Places) -> dict[str, str] | None:
    """The environment of the running desk; None when no desk runs here."""
    if not lock.is_held(places):
        return None
    if not places.ready.exists():
        raise SetupError("The desk is just starting or ending; try again when it is ready.")
    ours: dict[str, str] = json.loads(places.ready.read_text())["env"]
    return environment.of_python(places, environment.settings(places) | ours)


def env_without(places: Places) -> dict[str, str]:
    """The environment that a desk would get if it were started here."""
    chosen = environment.settings(places)
    made = secrets.load(places.secrets)
    return environment.of_desk(places, chosen, ports.chosen(chosen), made)
