"""What Meta tells of templates by webhook: approved, paused, of another quality or category."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from simulator import envelope
from simulator.outside import Outside
from simulator.world import Json

Status = Literal["APPROVED", "PAUSED", "DISABLED", "REJECTED", "PENDING"]


class TemplateChange(BaseModel):
    """What becomes of a template; each part is told by a webhook of its own."""

    model_config = ConfigDict(extra="forbid")

    status: Status | None = None
    reason: str | None = Field(default=None, max_length=200)
    quality: Literal["GREEN", "YELLOW", "RED", "UNKNOWN"] | None = None
    category: Literal["UTILITY", "MARKETING", "AUTHENTICATION"] | None = None


def change(outside: Outside, template: Json, wanted: TemplateChange) -> None:
    """Change a template, and owe the desk the news."""
    if wanted.status is not None:
        template["status"] = wanted.status
        template["rejected_reason"] = wanted.reason if wanted.status == "REJECTED" else None
        tell_status(outside, template, reason=wanted.reason)
    if wanted.quality is not None:
        before = template.get("quality_score", {}).get("score", "UNKNOWN")
        template["quality_score"] = {"score": wanted.quality}
        news = {"previous_quality_score": before, "new_quality_score": wanted.quality}
        _tell(outside, template, "message_template_quality_update", news)
    if wanted.category is not None:
        before, template["category"] = template["category"], wanted.category
        news = {"previous_category": before, "new_category": wanted.category}
        _tell(outside, template, "template_category_update", news)
    outside.world.touch()


def tell_status(
    outside: Outside, template: Json, *, reason: str | None = None, at: float | None = None
) -> None:
    """Owe the desk the news of a template's status, at once or `at` a time."""
    news = {
        "event": template["status"],
        "message_template_category": template["category"],
        "reason": reason,
    }
    _tell(outside, template, "message_template_status_update", news, at=at)


def _tell(
    outside: Outside, template: Json, field: str, news: Json, *, at: float | None = None
) -> None:
    when = outside.now() if at is None else at
    value = {
        "message_template_id": int(template["id"]),
        "message_template_name": template["name"],
        "message_template_language": template["language"],
        **news,
    }
    outside.courier.owe(
        envelope.update(outside.settings.waba_id, field, value, at=int(when)),
        lane="templates",
        not_before=when,
    )
