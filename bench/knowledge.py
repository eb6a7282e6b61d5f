"""How well the desk finds the article for a question, by itself and with what the bot thinks.

    .venv/bin/python -m bench.knowledge FILE… [--scores FILE]

Files are as those of bench/knowledge_classifier.py, whose `--json` is `--scores` here. A private
PostgreSQL in var/bench-postgres gets today's articles. Prints one JSON line for each file and way:
how many articles come first and among three, how many questions are answered right and wrong, how
many of what none answers, and the milliseconds of a search.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from sla_service.database import embedded, migrations
from sla_service.database.sessions import Connection, Database
from sla_service.knowledge import answering, documents, importing, searching
from sla_service.settings import ROOT

_SERVER = ROOT / "var" / "bench-postgres"
_ARTICLES = ROOT / "data" / "knowledge" / "articles"
_NAME = "balcao_bench_knowledge"

Thought = Mapping[str, Mapping[str, Any]]


def main() -> None:
    """Bring articles in, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--scores", type=Path)
    parser.add_argument("--url", help="another PostgreSQL than the private one")
    chosen = parser.parse_args()
    scores = json.loads(chosen.scores.read_text("utf-8")) if chosen.scores else {}
    server = chosen.url or embedded.ensure(_SERVER)
    try:
        asyncio.run(_measure(_fresh(server), chosen.files, scores))
    finally:
        if not chosen.url:
            embedded.stop(_SERVER)


def _fresh(server: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {_NAME} WITH (FORCE)")  # type: ignore[arg-type]
        connection.execute(f"CREATE DATABASE {_NAME}")  # type: ignore[arg-type]
    url = make_url(server).set(database=_NAME).render_as_string(hide_password=False)
    migrations.upgrade(url)
    return url


async def _measure(url: str, files: list[Path], scores: Mapping[str, Any]) -> None:
    database = Database(url, pool_size=2)
    async with database.step() as connection:
        await importing.bring_in(connection, documents.read(_ARTICLES))
    async with database.step() as connection:
        for path in files:
            language = path.stem.rpartition("_")[2]
            thought = {one["text"]: one for one in scores.get(path.name, ())}
            lines = await asyncio.to_thread(path.read_text, "utf-8")
            for way in [{}, thought] if thought else [{}]:
                found = await _asked(connection, lines, language, way)
                by = "search and the bot" if way else "search"
                print(json.dumps({"file": path.name, "by": by, **found}))
    await database.close()


async def _asked(
    connection: Connection, lines: str, language: str, thought: Thought
) -> dict[str, Any]:
    counts = dict.fromkeys(
        ("asked", "first", "of_three", "right", "wrong", "foreign", "foreign_answered"), 0
    )
    times = []
    for line in lines.splitlines():
        words, key = line.split("\t")
        ranking = thought.get(words, {}).get("ranking", ())
        began = time.perf_counter()
        found = await searching.search(connection, words, language)
        times.append((time.perf_counter() - began) * 1000)
        scores = {one["id"]: one["score"] for one in ranking}
        best, _ = await answering.answer(connection, words, language, scores)
        is_foreign = key == "-"
        counts["foreign" if is_foreign else "asked"] += 1
        counts["first"] += [one.key for one in found[:1]] == [key]
        counts["of_three"] += key in [one.key for one in found[:3]]
        if best is not None and is_foreign:
            counts["foreign_answered"] += 1
        elif best is not None:
            counts["right" if best.key == key else "wrong"] += 1
    return {**counts, "search_p50_ms": round(sorted(times)[len(times) // 2], 2)}


if __name__ == "__main__":
    main()
