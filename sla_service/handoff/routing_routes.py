"""The rules of routing: read, replaced as a whole, and tried on past handoffs."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends

from sla_service.database.sessions import driver
from sla_service.handoff import routing_rules
from sla_service.handoff.views import DryRunBody, DryRunView, RulesBody, TriedView
from sla_service.web.access import Principal, Role, Scope, require
from sla_service.web.sessions import Session

_READER = Depends(require(Role.SUPERVISOR, Scope.ROUTING_READ))
_Writer = Annotated[Principal, Depends(require(Role.SUPERVISOR, Scope.ROUTING_WRITE))]


def add(routes: APIRouter) -> None:
    """Add the routes."""

    @routes.get("/routing-rules", dependencies=[_READER])
    async def read_routing_rules(session: Session) -> RulesBody:
        """All rules, in the order in which they are tried."""
        return RulesBody(rules=await routing_rules.kept(await driver(session)))

    @routes.put("/routing-rules")
    async def replace_routing_rules(asked: RulesBody, who: _Writer, session: Session) -> RulesBody:
        """Let these be the rules from now on."""
        connection = await driver(session)
        await routing_rules.replace(connection, asked.rules, who)
        return RulesBody(rules=await routing_rules.kept(connection))

    @routes.post("/routing-rules/dry-run", dependencies=[_READER])
    async def try_routing_rules(asked: DryRunBody, session: Session) -> DryRunView:
        """Who would have gone where; nothing is changed."""
        connection = await driver(session)
        rules = asked.rules
        if rules is None:
            rules = await routing_rules.kept(connection)
        tried = await routing_rules.try_on(connection, rules, handoffs=asked.handoffs)
        return DryRunView(
            handoffs=[TriedView.of(one) for one in tried],
            changed=sum(one.is_changed for one in tried),
            by_rule=Counter(one.would.name if one.would else "" for one in tried),
        )
