"""The bot's tests run in the bot's environment; elsewhere they are left out."""

from importlib.util import find_spec

if find_spec("rasa") is None:
    collect_ignore_glob = ["test_*.py"]
else:
    from tests.bot.server import *  # noqa: F403
