"""Lints the Helm chart with Helm itself, and what it renders with Kubernetes' own schemas."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import helm_python as helm
import yaml

_VALUES: tuple[dict[str, Any], ...] = (
    {},
    {
        "serviceMonitor": {"enabled": True},
        "media": {"existingClaim": "files"},
        "images": {"pullSecrets": [{"name": "ours"}]},
    },
    {"ingress": {"enabled": False}, "web": {"replicas": 1}, "worker": {"replicas": 0}},
)
_VERSIONS = ("1.27", "1.37")
_UNKNOWN_THERE = frozenset({"PodMonitor"})  # of the Prometheus operator, not of Kubernetes


def main(chart: Path) -> int:
    """Lint with each set of values; tells what is wrong."""
    problems = []
    for values in _VALUES:
        report = helm.lint(chart, values, strict=True)
        problems += [one["error"] for one in report["messages"] if one["severity"] > 1]
        problems += report["errors"]
        problems += _against_schemas(chart, values)
    for problem in dict.fromkeys(problems):
        print(problem)
    return 1 if problems else 0


def _against_schemas(chart: Path, values: dict[str, Any]) -> list[str]:
    rendered = helm.Chart.load(chart).render(values, name="balcao", namespace="desk")
    documents = [
        document
        for text in rendered.values()
        for document in yaml.safe_load_all(text)
        if document and document["kind"] not in _UNKNOWN_THERE
    ]
    if not documents:
        return ["nothing is rendered"]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump_all(documents, file)
        file.flush()
        tool = str(Path(sys.executable).with_name("kubernetes-validate"))
        return [
            text
            for version in _VERSIONS
            if (text := _said([tool, "--strict", "--quiet", "-k", version, file.name]))
        ]


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}".strip() if done.returncode else ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
