"""Runs a process of the desk whose clock is wrong: `python -m … SECONDS MODULE`."""

import runpy
import sys
from datetime import timedelta

import time_machine

from sla_service import clock


def main(seconds: str, module: str) -> None:
    """Run `module` as a program whose every look at the clock is `seconds` off."""
    wrong = clock.now() + timedelta(seconds=float(seconds))
    sys.argv = [module]
    with time_machine.travel(wrong, tick=True):
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
