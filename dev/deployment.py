"""What is in deploy/, each kind of file before the tool that knows it best; nothing is deployed."""

import os
import shutil

from dev import commands
from dev.errors import SetupError
from dev.places import Places
from dev.progress import Progress
from dev.steps import Step

_TAIL = 6


def sync(places: Places, progress: Progress) -> None:
    """Make `dev/linters` what its lock says; costs milliseconds when nothing changed.

    Raises SetupError.
    """
    uv = os.environ.get("BALCAO_UV")
    if uv is None:
        raise SetupError("Start this through the scripts in bin/, which find uv first.")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "PYTHONPATH"}
    }
    folder = places.root / "dev" / "linters"
    with progress.step("Bringing what checks deploy/ up to date"):
        command = [uv, "--directory", str(folder), "sync", "--frozen"]
        done = commands.run(command, cwd=places.root, env=environment)
    if done.code:
        sentence = "What checks deploy/ could not be brought. The last words were:"
        raise SetupError(sentence, tuple(done.lines[-_TAIL:]))


def steps(places: Places) -> list[Step]:
    """The checks themselves, each by a linter of its kind of file."""
    tools = places.root / "dev" / "linters" / ".venv" / "bin"
    scripts = places.root / "dev" / "linters"
    images = sorted(str(path) for path in (places.root / "deploy").glob("*.Dockerfile"))
    compose = ["--builtin-schema", "vendor.compose-spec", "deploy/compose.yaml"]
    caddy = ["validate", "--config", "deploy/Caddyfile", "--adapter", "caddyfile"]
    queries = ["deploy/prometheus/rules.yml", "deploy/grafana/balcao.json"]

    def ours(script: str, *arguments: str) -> list[str]:
        return [str(tools / "python"), str(scripts / script), *arguments]

    found = [
        Step("Images (hadolint)", [str(tools / "hadolint"), *images]),
        Step(
            "compose.yaml (the Compose specification)", [str(tools / "check-jsonschema"), *compose]
        ),
        Step("Caddyfile (caddy validate)", [str(tools / "caddy"), *caddy]),
        Step("systemd's units (systemdlint, systemd-analyze)", ours("units.py", "deploy/systemd")),
        Step("Helm chart (helm lint, Kubernetes' schemas)", ours("chart.py", "deploy/helm/balcao")),
        Step("Rules and dashboard (PromQL)", ours("queries.py", *queries)),
    ]
    promtool = shutil.which("promtool")
    if promtool:
        command = [promtool, "check", "rules", "deploy/prometheus/rules.yml"]
        found.append(Step("Rules (promtool)", command))
    return found
