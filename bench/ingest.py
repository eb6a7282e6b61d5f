"""Durable webhooks beside the same server with a handler that only checks the HMAC.

Prints one JSON line. Load generator, server and PostgreSQL share the machine; both handlers run
in one server process, in alternating rounds.
"""

import argparse
import itertools
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import uvicorn
import uvloop
from fastapi import FastAPI, Request, Response

from bench.load import Load, request, run
from bench.servers import Server, free_port
from sla_service.app import Server as DeskServer
from sla_service.app import create_app
from sla_service.database import embedded, migrations
from sla_service.operations import programs
from sla_service.settings import Settings
from sla_service.whatsapp import signature

SECRET = "an app secret of the bench"
AT_ONCE = 64
_SECONDS = 4


def main() -> None:
    """Measure, and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--requests", type=int, default=6000, help="webhooks a round")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--serve", metavar="URL PORT", nargs=2, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve:
        serve(chosen.serve[0], int(chosen.serve[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "postgres"
        url = embedded.ensure(root)
        try:
            migrations.upgrade(url)
            print(json.dumps(measure(url, chosen.requests, chosen.rounds)))
        finally:
            embedded.stop(root)


def serve(url: str, port: int) -> None:
    """The server under test: the desk's own application, and one handler more."""
    app = create_app(
        Settings(
            _env_file=None,  # type: ignore[call-arg]
            database_url=url,
            demo=True,
            whatsapp={"app_secrets": SECRET},
        )
    )
    add_hmac_only(app)
    DeskServer(uvicorn.Config(app, port=port, log_config=None, access_log=False)).run()


def add_hmac_only(app: FastAPI) -> None:
    """The peer: reads the body, checks the signature, says 200."""
    keys = (SECRET.encode(),)

    async def hmac_only(asked: Request) -> Response:
        body = await asked.body()
        genuine = signature.is_genuine(body, asked.headers.get("x-hub-signature-256"), keys)
        return Response(status_code=200 if genuine else 403)

    app.router.add_route("/hmac-only", hmac_only, methods=["POST"])


def measure(url: str, count: int, rounds: int) -> dict[str, float | int]:
    """Alternate between the two handlers; compare medians of the rounds."""
    port = free_port()
    command = [sys.executable, "-m", "bench.ingest", "--serve", url, str(port)]
    numbers = itertools.count()
    durable: list[Load] = []
    plain: list[Load] = []
    base = f"http://127.0.0.1:{port}"
    with Server(command, f"{base}/healthz"):
        for number in range(rounds + 1):
            for path, loads in (("/webhooks/whatsapp", durable), ("/hmac-only", plain)):
                wires = [wire(base + path, next(numbers)) for _ in range(count)]
                load = uvloop.run(run(base, wires, at_once=AT_ONCE))
                if number:  # the first round warms up
                    loads.append(load)
    committed = statistics.median(group_commits(url) for _ in range(rounds))
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM whatsapp_updates").fetchone()
    assert row is not None
    assert row[0] == count * (rounds + 1), "a webhook was answered and not stored"
    per_s, plain_per_s = median(durable, "per_s"), median(plain, "per_s")
    p99 = statistics.median(load.percentile_ms(0.99) for load in durable)
    plain_p99 = statistics.median(load.percentile_ms(0.99) for load in plain)
    return {
        "durable_per_s": round(per_s),
        "hmac_only_per_s": round(plain_per_s),
        "ratio": round(per_s / plain_per_s, 3),
        "p50_ms": round(statistics.median(load.percentile_ms(0.5) for load in durable), 2),
        "p99_ms": round(p99, 2),
        "hmac_only_p99_ms": round(plain_p99, 2),
        "p99_ratio": round(p99 / plain_p99, 2),
        "group_commit_per_s": round(committed),
        "group_commit_ratio": round(per_s / committed, 3),
        "at_once": AT_ONCE,
    }


def group_commits(url: str) -> float:
    """The peer below us: rows a second, one a commit, by as many sessions of PostgreSQL's own tool.

    What commits at the same time shares a write to the disk there, as our webhooks do.
    """
    body = "x" * len(wire(url, 0))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_rows (id bigserial, body text)")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(f"INSERT INTO bench_rows (body) VALUES ('{body}');\n")  # noqa: S608 - ours
        script.flush()
        command = [str(programs.find("pgbench", 17)), "--no-vacuum", "--protocol=prepared"]
        command += ["--client", str(AT_ONCE), "--time", str(_SECONDS), "--file", script.name, url]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"^tps = ([\d.]+)", told, re.MULTILINE)
    assert found is not None, told
    return float(found[1])


def median(loads: list[Load], name: str) -> float:
    """The middle of the rounds."""
    return statistics.median(getattr(load, name) for load in loads)


def wire(url: str, number: int) -> bytes:
    """A signed webhook with one text message of its own."""
    sender = f"55119{number % 5000:08d}"
    message = {
        "from": sender,
        "from_user_id": f"BR.{sender}",
        "id": f"wamid.HBgNNTUxMTk4NzY1MDAwMRUCABIYFDNB{number:012d}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": f"Oi! Cadê meu pedido #{number}? Já faz uma semana que comprei."},
    }
    contact = {
        "profile": {"name": "Marina Duarte"},
        "wa_id": sender,
        "user_id": f"BR.{sender}",
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "551140028922", "phone_number_id": "700100200300"},
        "contacts": [contact],
        "messages": [message],
    }
    change = {"field": "messages", "value": value}
    entry = {"id": "900800700600", "changes": [change]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    signed = signature.sign(body, SECRET.encode())
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signed}
    return request(url, body, headers)


if __name__ == "__main__":
    main()
