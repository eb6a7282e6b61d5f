"""The conversations run in the bot's environment; elsewhere they are left out."""

from importlib.util import find_spec

if find_spec("rasa") is None:
    collect_ignore_glob = ["*.py"]
else:
    from tests.conversations.runner import *  # noqa: F403
