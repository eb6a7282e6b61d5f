"""The actions' tests run in the bot's environment; elsewhere they are left out."""

from importlib.util import find_spec

if find_spec("rasa_sdk") is None:
    collect_ignore_glob = ["*.py"]
else:
    from tests.actions.world import *  # noqa: F403
