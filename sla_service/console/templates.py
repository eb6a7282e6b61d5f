"""Approved templates, asked of the channel now and then, and filled in."""

from collections.abc import Mapping
from dataclasses import dataclass

from order_system.cache import RecentAnswers
from sla_service.database.sessions import Database
from sla_service.errors import DomainError, NotFound
from sla_service.settings import WhatsAppSettings
from sla_service.whatsapp import registry, templates
from sla_service.whatsapp.client import GraphClient
from sla_service.whatsapp.compose import Composed
from sla_service.whatsapp.failures import Failure
from sla_service.whatsapp.registry import Registered
from sla_service.whatsapp.template_list import TemplateList
from sla_service.whatsapp.templates import Template, Unfillable

_REMEMBERED = 60.0  # seconds


class ChannelSilent(DomainError):
    """WhatsApp gives no answer just now; try again in a moment."""

    status = 503


class NoSuchTemplate(NotFound):
    """There is no approved template of this name in this language."""


class TemplateStopped(DomainError):
    """WhatsApp does not let this template be sent now: it is paused, disabled or not approved."""

    status = 409


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
    """What the business account has; the channel is asked at most once a minute.

    What it told since, of a template that was paused or refused, counts at once.
    """

    def __init__(self, database: Database, graph: GraphClient, settings: WhatsAppSettings) -> None:
        self._database = database
        self._account = settings.account_id
        self._list = TemplateList(database, graph, settings.account_id)
        self._asked: RecentAnswers[None] = RecentAnswers(_REMEMBERED, 1)

    async def known(self) -> tuple[Template, ...]:
        """All that agents can send, by name and language.

        While the channel is silent, what it told before. Raises ChannelSilent.
        """
        silence = await self._ask()
        async with self._database.connection() as connection:
            found = await registry.usable(connection, self._account)
        if silence is not None and not found:
            raise ChannelSilent(code=silence.code) from silence
        return found

    async def all_of_them(self) -> list[Registered]:
        """What is known of every template, whether it may be sent or not."""
        await self._ask()
        async with self._database.connection() as connection:
            return await registry.registered(connection, self._account)

    async def composed(self, wanted: Wanted) -> Composed:
        """A template's message. Raises ChannelSilent, NoSuchTemplate, TemplateNotFilled."""
        for template in await self.known():
            if (template.name, template.language) == (wanted.name, wanted.language):
                try:
                    return templates.fill(template, wanted.values)
                except Unfillable as error:
                    raise TemplateNotFilled(what=str(error)) from error
        raise await self._unknown(wanted)

    async def close(self) -> None:
        """Ask no more."""
        await self._asked.aclose()

    async def _ask(self) -> Failure | None:
        """Bring what is known up to date; the channel's silence is returned, not raised."""
        if self._account:
            try:
                await self._asked.get(self._account, self._list.refresh)
            except Failure as failure:
                return failure
        return None

    async def _unknown(self, wanted: Wanted) -> DomainError:
        """Why a template can't be sent: there is none, or WhatsApp has stopped it."""
        async with self._database.connection() as connection:
            status = await registry.status(connection, self._account, wanted.name, wanted.language)
        if status is None or status == registry.APPROVED:
            return NoSuchTemplate(name=wanted.name, language=wanted.language)
        return TemplateStopped(name=wanted.name, language=wanted.language, state=status)
