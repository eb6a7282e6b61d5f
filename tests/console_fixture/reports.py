"""What the made-up desk's reports say."""

import math
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sla_service import clock
from tests.console_fixture.world import AGENTS, World, say

Json = dict[str, Any]
Figures = Callable[[list[str]], Any]
_SAID = (
    (5, False, "Atendimento nota mil, a Carla resolveu tudo na hora!"),
    (1, True, "O robô não entendeu nada do que eu disse."),
    (4, True, "Quick and easy."),
    (2, False, "Demorou demais para alguém responder."),
    (5, False, "Thanks, Bruno was lovely <3"),
)


def _days() -> list[date]:
    today = clock.now().date()
    return [today - timedelta(days=back) for back in range(27, -1, -1)]


def attainment(groups: list[str]) -> list[Json]:
    """How many promises were kept."""
    rows = []
    for place, metric in enumerate(("first_response", "next_response", "resolution")):
        for at, day in enumerate(_days() if "day" in groups else [None]):
            for hour in range(8, 20) if "hour" in groups else [None]:
                kept = 40 + int(14 * math.sin(at / 3 + place)) + (hour or 0)
                late = max(
                    0, int(2 + 2 * math.sin(at / 2 + place * 2) + 3 * math.sin((hour or 11) / 3))
                )
                rows.append({
                    "metric": metric, "policy": None, "priority": None, "hour": hour,
                    "day": day and day.isoformat(), "kept": kept, "late": late, "cancelled": 1,
                    "running": 2, "percent": round(100 * kept / (kept + late), 2),
                })  # fmt: skip
    return rows


def response_times(groups: list[str]) -> list[Json]:
    """How long contacts waited."""
    rows = []
    for place, metric in enumerate(("first_response", "next_response", "resolution")):
        for at, day in enumerate(_days() if "day" in groups else [None]):
            half = (140 + 40 * math.sin(at / 4)) * (1, 1.8, 90)[place]
            times = {"p50": half, "p90": half * 2.6, "p99": half * 5}
            rows.append({
                "metric": metric, "policy": None, "priority": None, "hour": None,
                "day": day and day.isoformat(), "count": 380, "business": times, "wall": times,
            })  # fmt: skip
    return rows


def handling_times() -> list[Json]:
    """Whose time it was."""
    parts = (("bot", 12.5), ("waiting", 8.5), ("person", 31.0), ("contact", 48.0))
    times = {"p50": 240.0, "p90": 1900.0, "p99": 9000.0}
    return [
        {"part": part, "tickets": 400, "total_s": share * 9000, "percent": share, "a_ticket": times}
        for part, share in parts
    ]


def breaches(world: World) -> Json:
    """Promises that were broken, one by one."""
    why = {"pt": "uma pessoa tinha a conversa e o contato esperava", "en": "a person had it"}
    rows = [
        {
            "ticket": one["ticket"]["number"], "metric": one["promise"]["metric"], "cycle": 1,
            "policy": "padrao", "priority": one["ticket"]["priority"], "target_s": 600.0,
            "due_at": one["promise"]["breached_at"], "late_s": 320.0, "reason": "waiting",
            "afterwards": "still_owed", "why": why,
        }
        for one in world.conversations.values()
        if (one["promise"] or {}).get("breached_at")
    ]  # fmt: skip
    return {"breaches": rows[:12], "next": None}


def satisfaction(groups: list[str]) -> list[Json]:
    """How contacts say it went."""
    people = AGENTS[:4] if "agent" in groups else [None]
    return [
        _grades(is_bot, day, None if is_bot else person, place + at)
        for is_bot in (False, True)
        for place, person in enumerate(people[:1] if is_bot else people)
        for at, day in enumerate(_days() if "day" in groups else [None])
    ]


def _grades(is_bot: bool, day: date | None, person: Json | None, place: int) -> Json:
    size = 4 if day else 60
    scores = {5: size * 3 - place % 3, 4: size, 3: place % 4, 2: 1, 1: (place + is_bot) % 3}
    rated = sum(scores.values())
    return {
        "is_bot_only": is_bot, "agent": person and person["id"],
        "agent_name": person and person["name"], "day": day and day.isoformat(),
        "asked": rated * 3, "rated": rated, "comments": 2, "scores": scores,
        "average": round(sum(score * count for score, count in scores.items()) / rated, 2),
        "satisfied": round(100 * (scores[5] + scores[4]) / rated, 2),
    }  # fmt: skip


def ratings(at_most: int) -> Json:
    """What contacts said beside their scores."""
    items = [
        {
            "id": len(_SAID) - place, "ticket": 1001 + place, "is_bot_only": is_bot,
            "agent": None if is_bot else AGENTS[place % len(AGENTS)]["id"], "score": score,
            "comment": said, "rated_at": say(clock.now() - timedelta(hours=3 * place + 1)),
        }
        for place, (score, is_bot, said) in enumerate(_SAID)
    ]  # fmt: skip
    return {"items": [one for one in items if one["score"] <= at_most], "next": None}


GROUPED: dict[str, Figures] = {
    "/api/reports/attainment": attainment,
    "/api/reports/response-times": response_times,
    "/api/reports/satisfaction": satisfaction,
}
