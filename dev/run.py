"""Run the whole desk, from nothing to two addresses."""

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from dev import (
    bot,
    environment,
    guardian,
    lock,
    model,
    people,
    places,
    ports,
    postgres,
    secrets,
    welcome,
)
from dev.demo import beginning
from dev.logs import Log
from dev.people import Accounts
from dev.processes import of_desk
from dev.progress import Progress
from dev.supervisor import Supervisor


def main(arguments: Sequence[str]) -> int:
    """Set up what is missing, then run every process until asked to end."""
    options = _parse(arguments)
    progress = Progress()
    chosen = environment.settings(places.find())
    here = places.find(chosen, options.var)
    ours = ports.free() if options.free_ports else ports.chosen(chosen)
    with ExitStack() as stack:
        locked = stack.enter_context(lock.held(here, progress))
        here.ready.unlink(missing_ok=True)
        stack.callback(here.ready.unlink, missing_ok=True)
        ports.check_free(ours)
        bot.sync(here, progress)
        private = postgres.is_private(chosen)
        group = stack.enter_context(
            guardian.watching(locked, here.postgres if private else None),
        )
        env = environment.of_desk(here, chosen, ours, secrets.load(here.secrets))
        trained = model.ensure(here, progress, env, group)
        if private:
            env["DESK_DATABASE_URL"] = postgres.start(here.postgres, progress)
        postgres.migrate(here, progress, env)
        way_in = people.first(here, progress, env)
        if not options.empty:
            beginning.fill(here, progress, env)
        where = welcome.addresses(ours, way_in.link)
        children = of_desk(here, ours, env, trained)
        log = Log(child.name for child in children)
        log.say("Starting every process; Rasa takes the longest, about ten seconds …")
        announcement = _Announcement(here, env, where, way_in.accounts)
        supervisor = Supervisor(
            children, cwd=here.root, group=group, log=log, on_ready=announcement
        )
        asyncio.run(supervisor.run())
    return 0


class _Announcement:
    """Keeps ready.json true; shows the frame the first time only."""

    def __init__(
        self,
        here: places.Places,
        env: Mapping[str, str],
        where: Mapping[str, str],
        accounts: Accounts | None,
    ) -> None:
        self._here = here
        self._env = env
        self._where = where
        self._accounts = accounts
        self._shown = False

    def __call__(self, pids: dict[str, int]) -> None:
        welcome.write(self._here.ready, where=self._where, pids=pids, env=self._env)
        if not self._shown:
            self._shown = True
            welcome.frame(self._where, sys.stdout, self._accounts)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/dev",
        description="Run the whole desk on this machine.",
        epilog="Settings: see .env.example. Ports: BALCAO_WEB_PORT, BALCAO_RASA_PORT, "
        "BALCAO_ACTIONS_PORT, BALCAO_SIMULATOR_PORT.",
    )
    parser.add_argument(
        "--var", metavar="DIR", help="keep this desk's data in DIR, apart from other desks"
    )
    parser.add_argument(
        "--free-ports", action="store_true", help="take any free ports; var/ready.json names them"
    )
    parser.add_argument(
        "--empty", action="store_true", help="bring no made-up conversations on the first start"
    )
    return parser.parse_args(arguments)
