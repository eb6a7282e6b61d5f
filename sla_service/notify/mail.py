"""E-mail: an Apprise URL says where to, and the message is made here, with its own Message-ID.

Apprise writes a new Message-ID each time; with ours, a message that is sent again after a crash is
the same message to whoever receives it.
"""

import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from apprise.plugins.email import NotifyEmail

from sla_service.notify.letters import Letter

_NO_SUCH_MAILBOX = range(550, 555)


class MailRefused(Exception):
    """The mail server did not take the message; the text says why, without an address."""

    def __init__(self, reason: str, *, is_permanent: bool = False) -> None:
        self.is_permanent = is_permanent
        super().__init__(reason)


def post(to: NotifyEmail, letter: Letter, message_id: str, at: datetime, timeout: float) -> None:
    """Hand a message to the mail server. Raises MailRefused. Blocks: call it in a thread."""
    recipients = [str(address) for _, address in to.targets] + [*to.cc, *to.bcc]
    try:
        message = _message(to, letter, message_id, at)
        with _connect(to, timeout) as server:
            if to.user and to.password:
                server.login(to.user, to.password)
            server.send_message(message, str(to.from_addr[1]), recipients)
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        raise MailRefused(
            f"recipients refused: {sorted(codes)}",
            is_permanent=all(code in _NO_SUCH_MAILBOX for code in codes),
        ) from error
    except smtplib.SMTPResponseException as error:
        raise MailRefused(f"{type(error).__name__}: {error.smtp_code}") from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise MailRefused(type(error).__name__) from error


def _connect(to: NotifyEmail, timeout: float) -> smtplib.SMTP:
    trust = ssl.create_default_context()
    if not to.verify_certificate:
        trust.check_hostname = False
        trust.verify_mode = ssl.CERT_NONE
    if to.secure_mode == "ssl":
        return smtplib.SMTP_SSL(to.smtp_host, int(to.port or 0), timeout=timeout, context=trust)
    server = smtplib.SMTP(to.smtp_host, int(to.port or 0), timeout=timeout)
    if to.secure_mode == "starttls":
        try:
            server.starttls(context=trust)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
    return server


def _message(to: NotifyEmail, letter: Letter, message_id: str, at: datetime) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = _address(to.from_addr)
    message["To"] = [_address(target) for target in to.targets]
    if to.cc:
        message["Cc"] = ", ".join(sorted(to.cc))
    if to.reply_to:
        message["Reply-To"] = ", ".join(sorted(to.reply_to))
    message["Message-ID"] = message_id
    message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"  # holiday notices and the like don't answer
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _address(named: Sequence[object]) -> Address:
    name, address = named
    return Address(str(name or ""), addr_spec=str(address))
