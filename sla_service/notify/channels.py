"""A team's channels: Apprise URLs, named without their secrets, and the way through each."""

import logging
import socket
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import apprise
from apprise.common import NotifyFormat, NotifyType, PersistentStoreMode
from apprise.plugins import NotifyBase
from apprise.plugins.email import NotifyEmail

from sla_service import calls
from sla_service.errors import DomainError
from sla_service.notify import mail
from sla_service.notify.letters import Letter
from sla_service.settings import NotifySettings

_REASON = 200  # characters of why a service refused
# Apprise's own lines name people's addresses; what matters of them is kept with the send.
logging.getLogger("apprise").addHandler(logging.NullHandler())
logging.getLogger("apprise").propagate = False

_ASSET = apprise.AppriseAsset(
    app_id="Balcão",
    app_desc="Balcão",
    storage_mode=PersistentStoreMode.MEMORY,
    secure_logging=True,
    allow_templates=False,
    http_redirects=False,
    async_mode=False,
)
_loading = threading.Lock()


class ChannelRefused(DomainError):
    """This channel can't be used."""

    status = 422


class NotHandedOver(Exception):
    """The service did not take the message; the text says why."""

    def __init__(self, reason: str, *, is_permanent: bool = False) -> None:
        self.is_permanent = is_permanent
        super().__init__(reason)


def named(
    given: Iterable[str], settings: NotifySettings, before: Mapping[str, str]
) -> dict[str, str]:
    """Channels by name, for Apprise URLs in a team's order: `slack`, `slack-2`, `mailto`.

    The name of a channel that the team has already stands for its URL. A name stays with its
    service, so that a changed password changes nothing else. Raises ChannelRefused. Blocks for
    most of a second when Apprise's services are first needed: call it in a thread.
    """
    result: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for one in given:
        url = before.get(one.strip(), one.strip())
        service = _service(url, settings.allowed_schemes())
        _opened(url)
        counts[service] += 1
        result[service if counts[service] == 1 else f"{service}-{counts[service]}"] = url
    return result


def masked(url: str) -> str:
    """What people may see of a URL: the service, and a host where there is one to see."""
    scheme = urlsplit(url).scheme
    host = urlsplit(url).hostname or ""
    # Of most services the first part is a token; of one's own server it is a name with a dot.
    shown = host if "." in host and scheme.removesuffix("s") in _OWN_SERVERS else ""
    return f"{scheme}://{shown}/…"


def deliver(
    url: str, letter: Letter, message_id: str, at: datetime, settings: NotifySettings
) -> None:
    """Hand a message to one channel. Raises NotHandedOver. Blocks: call it in a thread."""
    try:
        _service(url, settings.allowed_schemes())
        service = _opened(url)
    except ChannelRefused as error:
        raise NotHandedOver(str(error.details.get("why", error)), is_permanent=True) from error
    if type(service) is NotifyEmail:  # what derives from it is another service over mail
        try:
            mail.post(service, letter, message_id, at, settings.timeout.total_seconds())
        except mail.MailRefused as error:
            raise NotHandedOver(str(error), is_permanent=error.is_permanent) from error
        return
    _check_reach(service, url, settings)
    _notify(service, letter, settings)


_OWN_SERVERS = frozenset({"mailto", "json", "xml", "form", "rocket", "mmost", "ntfy", "gotify"})
# Parameters that make Apprise read a file of this machine, or promise what our own mail does not.
_NOT_HERE = frozenset({"template", "pgp", "pgpkey", "pgpprivkey", "wkd"})


def _service(url: str, allowed: frozenset[str]) -> str:
    """The service's name, the same for its plain and its encrypted scheme."""
    scheme = url.partition("://")[0].lower()
    if "://" not in url or scheme not in allowed:
        raise ChannelRefused(
            why=f"the service {scheme[:20]!r} is not allowed" if "://" in url else "not a URL",
            allowed=sorted(allowed),
        )
    unwanted = _NOT_HERE & parse_qs(urlsplit(url).query).keys()
    if unwanted:
        raise ChannelRefused(why=f"not allowed in a channel: {', '.join(sorted(unwanted))}")
    plain = scheme.removesuffix("s")
    return plain if plain in allowed else scheme


def _opened(url: str) -> NotifyBase:
    with _loading:  # the first call loads all services, which two threads can't do at once
        service = apprise.Apprise.instantiate(url, asset=_ASSET, suppress_exceptions=True)
    if not isinstance(service, NotifyBase):
        raise ChannelRefused(why=f"{masked(url)} lacks a part that this service needs")
    service.redirects = False
    return service


def _notify(service: NotifyBase, letter: Letter, settings: NotifySettings) -> None:
    seconds = settings.timeout.total_seconds()
    service.socket_connect_timeout = service.socket_read_timeout = seconds
    caller = apprise.Apprise(asset=_ASSET)
    caller.add(service)
    told = caller.notify(
        body=letter.text,
        title=letter.subject,
        notify_type=NotifyType.FAILURE if letter.is_alarming else NotifyType.WARNING,
        body_format=NotifyFormat.TEXT.value,
        timeout=2 * seconds,
    )
    if not told:
        said = "; ".join(entry.message for entry in told.logs())
        raise NotHandedOver(said[:_REASON] or "the service refused it")


def _check_reach(service: NotifyBase, url: str, settings: NotifySettings) -> None:
    """A server that a URL names is held to the same addresses as webhooks."""
    parts = urlsplit(url)
    is_own = parts.scheme.removesuffix("s") in _OWN_SERVERS
    if not is_own or getattr(service, "mode", "") == "cloud":
        return
    try:
        found = socket.getaddrinfo(parts.hostname, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotHandedOver("its name is not known") from error
    if not all(calls.is_within(settings.reach, str(one[4][0])) for one in found):
        raise NotHandedOver("an address out of reach", is_permanent=True)
