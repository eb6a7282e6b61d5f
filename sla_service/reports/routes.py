"""What people ask about kept and broken promises, how contacts say it went, and one ticket."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from sla_service import clock
from sla_service.reports import (
    attainment,
    breaches,
    costs,
    handling_times,
    response_times,
    satisfaction,
    ticket_history,
)
from sla_service.reports.attainment import Attainment
from sla_service.reports.breaches import LIMIT, PROMISED, BreachPage
from sla_service.reports.costs import CostGroup, Costs
from sla_service.reports.handling_times import HandlingTime
from sla_service.reports.periods import TIME_ZONE, Period
from sla_service.reports.reading import Group
from sla_service.reports.response_times import ResponseTimes
from sla_service.reports.satisfaction import Apart, CommentPage, Satisfaction
from sla_service.reports.ticket_history import History
from sla_service.sla.policy import Metric
from sla_service.web.access import Role, Scope, require, settings_of
from sla_service.web.asking import LARGEST_ID
from sla_service.web.sessions import Session

Groups = Annotated[list[Group], Query(max_length=4)]


def _period(
    since: date | None = None,
    until: date | None = None,
    time_zone: Annotated[str, Query(max_length=60)] = TIME_ZONE,
) -> Period:
    return Period.of(since, until, at=clock.now(), time_zone=time_zone)


Asked = Annotated[Period, Depends(_period)]


def routers() -> list[APIRouter]:
    """Reports; `since` and `until` are local days, both included. And a ticket's history."""
    readers = Depends(require(Role.SUPERVISOR, Scope.REPORTS_READ))
    reports = APIRouter(prefix="/api/reports", tags=["reports"], dependencies=[readers])
    _add_figures(reports)
    _add_breaches(reports)
    _add_satisfaction(reports)
    _add_costs(reports)
    return [reports, _history_routes()]


def _add_figures(routes: APIRouter) -> None:
    @routes.get("/attainment")
    async def show_attainment(
        session: Session,
        period: Asked,
        group: Groups = [],  # noqa: B006 - FastAPI copies it
    ) -> list[Attainment]:
        """How many promises were kept, of those made in a period."""
        return await attainment.attainment(session, period, group, at=clock.now())

    @routes.get("/response-times")
    async def show_response_times(
        session: Session,
        period: Asked,
        group: Groups = [],  # noqa: B006 - FastAPI copies it
    ) -> list[ResponseTimes]:
        """How long contacts waited for answers and solutions."""
        return await response_times.response_times(session, period, group)

    @routes.get("/handling-times")
    async def show_handling_times(session: Session, period: Asked) -> list[HandlingTime]:
        """Whose time it was: the bot's, waiting for a person, people's, the contact's."""
        return await handling_times.handling_times(session, period, at=clock.now())


def _add_breaches(routes: APIRouter) -> None:
    @routes.get("/breaches")
    async def show_breaches(
        session: Session,
        period: Asked,
        metric: Annotated[list[Metric], Query(max_length=4)] = list(PROMISED),  # noqa: B006
        before: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = LIMIT,
    ) -> BreachPage:
        """Deadlines that passed in a period, the latest first, with reasons."""
        return await breaches.breaches(
            session, period, at=clock.now(), metrics=metric, before=before, limit=limit
        )


def _add_satisfaction(routes: APIRouter) -> None:
    @routes.get("/satisfaction")
    async def show_satisfaction(
        session: Session,
        period: Asked,
        group: Annotated[list[Apart], Query(max_length=2)] = [],  # noqa: B006 - FastAPI copies it
    ) -> list[Satisfaction]:
        """How contacts who were asked in a period say it went; the bot's own work apart."""
        return await satisfaction.satisfaction(session, period, group)

    @routes.get("/ratings")
    async def list_ratings(
        session: Session,
        period: Asked,
        *,
        at_most: Annotated[int, Query(ge=1, le=5)] = 5,
        commented: bool = False,
        before: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> CommentPage:
        """The scores themselves, the latest first, with what contacts said about them."""
        return await satisfaction.comments(
            session, period, at_most=at_most, only_commented=commented, before=before, limit=limit
        )


def _add_costs(routes: APIRouter) -> None:
    @routes.get("/costs")
    async def show_costs(
        request: Request,
        session: Session,
        period: Asked,
        group: Annotated[list[CostGroup], Query(max_length=2)] = [],  # noqa: B006 - FastAPI copies it
    ) -> Costs:
        """What WhatsApp puts on the bill, for each conversation that was solved in a period."""
        return await costs.costs(session, period, group, settings_of(request).prices)


def _history_routes() -> APIRouter:
    readers = Depends(require(Role.AGENT, Scope.TICKETS_READ))
    routes = APIRouter(prefix="/api", tags=["tickets"], dependencies=[readers])

    @routes.get("/tickets/{number}/history")
    async def show_history(
        number: Annotated[int, Path(ge=1, le=LARGEST_ID)],
        session: Session,
        before: Annotated[str | None, Query(max_length=60)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> History:
        """All that happened to a ticket, the latest first."""
        return await ticket_history.history(session, number, before=before, limit=limit)

    return routes
