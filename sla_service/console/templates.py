"""Approved templates, asked of the channel now and then, and filled in."""

from collections.abc import Mapping
from dataclasses import dataclass

from order_system.cache import RecentAnswers
from sla_service.errors import DomainError, NotFound
from sla_service.settings import WhatsAppSettings
from sla_service.whatsapp import templates
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.compose import Composed
from sla_service.whatsapp.failures import Failure
from sla_service.whatsapp.templates import Template, Unfillable

_REMEMBERED = 60.0  # seconds


class ChannelSilent(DomainError):
    """WhatsApp gives no answer just now; try again in a moment."""

    status = 503


class NoSuchTemplate(NotFound):
    """There is no approved template of this name in this language."""


class TemplateNotFilled(DomainError):
    """A value of this template is missing, or the channel would refuse it."""

    status = 422


@dataclass(frozen=True, slots=True)
class Wanted:
    """A template to be sent, with the values for what it leaves open."""

    name: str
    language: str
    values: Mapping[str, str]


class Templates:
    """What the business account has; remembered for a minute."""

    def __init__(self, graph: GraphClient, settings: WhatsAppSettings) -> None:
        self._graph = graph
        self._account = settings.account_id
        self._known: RecentAnswers[tuple[Template, ...]] = RecentAnswers(_REMEMBERED, 1)

    async def known(self) -> tuple[Template, ...]:
        """All that agents can send, by name and language. Raises ChannelSilent."""
        if not self._account:
            return ()
        try:
            return await self._known.get(self._account, self._ask)
        except Failure as failure:
            raise ChannelSilent(code=failure.code) from failure

    async def composed(self, wanted: Wanted) -> Composed:
        """A template's message. Raises ChannelSilent, NoSuchTemplate, TemplateNotFilled."""
        for template in await self.known():
            if (template.name, template.language) == (wanted.name, wanted.language):
                try:
                    return templates.fill(template, wanted.values)
                except Unfillable as error:
                    raise TemplateNotFilled(what=str(error)) from error
        raise NoSuchTemplate(name=wanted.name, language=wanted.language)

    async def close(self) -> None:
        """Ask no more."""
        await self._known.aclose()

    async def _ask(self) -> tuple[Template, ...]:
        found = map(templates.read, await self._graph.templates(self._account))
        return tuple(
            sorted((one for one in found if one), key=lambda one: (one.name, one.language))
        )
