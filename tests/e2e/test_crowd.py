"""A small crowd comes to a desk of real processes, and gets what it came for."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.e2e.desk import ROOT, Desk

_GOALS = ("track_order", "return_regret", "cancel_before_dispatch", "invoice", "hours", "human")


def test_a_small_crowd_gets_what_it_came_for(desk: Desk, tmp_path: Path) -> None:
    ours = (ROOT / "simulator" / "crowd" / "goals.jsonl").read_text(encoding="utf-8").splitlines()
    chosen = [
        next(line for line in ours if f'"lang": "{language}", "goal": "{goal}"' in line)
        for goal in _GOALS
        for language in ("pt", "en")
    ]
    goals, report = tmp_path / "goals.jsonl", tmp_path / "report.json"
    goals.write_text("\n".join(chosen), encoding="utf-8")
    link = json.loads(
        desk.command_line("people", "sign-in-link", "--json").stdout.splitlines()[-1]
    )["link"]
    crowd = subprocess.run(
        [sys.executable, "-m", "simulator.crowd", "--goals", goals, "--json", report],
        cwd=ROOT,
        env=os.environ | desk.env | {"CROWD_WAY_IN": link},
        capture_output=True,
        text=True,
        check=False,
    )
    assert crowd.returncode == 0, crowd.stdout + crowd.stderr
    found = json.loads(report.read_text(encoding="utf-8"))
    assert found["is_met"]
    assert found["all"]["reached"] == 10, [one["ending"] for one in found["talks"]]
    assert found["all"]["complete"] == 2
    assert found["all"]["wrong"] == 0
