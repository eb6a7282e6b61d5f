"""Messages leave once, in peace with people's hours, and again only under the same id."""

import asyncio
import contextlib
import json
from datetime import timedelta

from sla_service import clock
from sla_service.notify import sending
from sla_service.notify.teams import Wish
from sla_service.notify.teams import put as put_team
from tests.sla_service.notify.conftest import Notifier, notice, settings_of
from tests.sla_service.notify.outside import Listener, Mailbox

_STATES = "SELECT state, attempts, last_error FROM notice_sends ORDER BY id"


def _hours(begins: int, ends: int) -> tuple[int, int]:
    """Quiet hours that lie around now, in UTC."""
    minute = clock.now().hour * 60 + clock.now().minute
    return (minute + begins * 60) % 1440, (minute + ends * 60) % 1440


async def test_an_alert_arrives_as_text_and_html_with_its_own_id(
    notifier: Notifier, mailbox: Mailbox
) -> None:
    await notifier.team(mailbox.url("bruno@loja.example", "carla@loja.example"))
    due_at = clock.now() - timedelta(minutes=12, seconds=30)
    assert await notifier.send(notice(due_at=due_at)) == 1
    (message,) = mailbox.arrived
    assert mailbox.recipients == [["bruno@loja.example", "carla@loja.example"]]
    assert message["From"] == "desk@loja.example"
    assert str(message["Subject"]) == "Ticket 1001: primeira resposta atrasada há 12 min"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Política: padrão" in text.get_content()
    assert "<p>Pedido atrasado</p>" in html.get_content()
    kept = await notifier.rows("SELECT message_id, state, due_at FROM notice_sends")
    assert kept == [(message["Message-ID"], "sent", None)]


async def test_a_repeated_job_skips_what_is_done(notifier: Notifier, mailbox: Mailbox) -> None:
    await notifier.team(mailbox.url())
    told = await notifier.tell(notice(), notice(2))
    for _ in range(3):
        await sending.send(notifier.database, notifier.settings, told)
    assert await notifier.send_due() == 0
    assert len(mailbox.arrived) == 2


async def test_many_workers_at_once_send_each_message_once(
    notifier: Notifier, mailbox: Mailbox
) -> None:
    await notifier.team(mailbox.url(), digest_after=100)
    await notifier.tell(*(notice(number) for number in range(12)))
    await asyncio.gather(*(notifier.send_due() for _ in range(6)))
    assert len(mailbox.arrived) == len(set(mailbox.ids())) == 12


async def test_a_crash_between_sending_and_marking_repeats_the_same_message(
    notifier: Notifier, mailbox: Mailbox
) -> None:
    await notifier.team(mailbox.url(), digest_after=1)
    mailbox.answers.clear()
    told = await notifier.tell(notice(), notice(2))
    sent = asyncio.create_task(sending.send(notifier.database, notifier.settings, told))
    await mailbox.hears.wait()
    sent.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await sent
    mailbox.answers.set()
    assert await notifier.send_due() == 0  # whoever claimed it still has its time
    await notifier.tell(notice(3))
    await notifier.time_passes()
    await notifier.send_due()
    said = sorted(zip(mailbox.subjects(), mailbox.ids(), strict=True))
    assert [subject[:8] for subject, _ in said] == ["2 avisos", "2 avisos", "Ticket 3"]
    assert said[0][1] == said[1][1] != said[2][1]
    assert await notifier.rows(_STATES) == [("sent", 2, None), ("sent", 2, None), ("sent", 1, None)]


async def test_a_mail_server_that_refuses_is_asked_again_and_at_last_given_up(
    notifier: Notifier, mailbox: Mailbox
) -> None:
    notifier.settings = settings_of(notifier.database.url, attempts=3)
    await notifier.team(mailbox.url())
    mailbox.refusals += ["451 later", "554 no", "451 later"]
    await notifier.send(notice())
    assert await notifier.rows(_STATES) == [("failed", 1, "SMTPDataError: 451")]
    assert await notifier.send_due() == 0
    for _ in range(2):
        await notifier.time_passes()
        await notifier.send_due()
    assert await notifier.rows(_STATES) == [("given_up", 3, "SMTPDataError: 451")]
    await notifier.time_passes()
    assert await notifier.send_due() == 0


async def test_pauses_grow(notifier: Notifier, mailbox: Mailbox) -> None:
    await notifier.team(mailbox.url())
    mailbox.refusals += ["451 later"] * 4
    await notifier.tell(notice())
    pauses = []
    for _ in range(4):
        await notifier.time_passes()
        await notifier.send_due()
        ((pause,),) = await notifier.rows("SELECT due_at - now() FROM notice_sends")
        pauses.append(pause)
    assert pauses == sorted(pauses)
    assert pauses[-1] > timedelta(minutes=10)


async def test_the_night_is_quiet_and_the_morning_brings_one_message(
    notifier: Notifier, mailbox: Mailbox
) -> None:
    await notifier.team(mailbox.url(), quiet=_hours(-1, 1), time_zone="UTC")
    await notifier.send(*(notice(number) for number in range(1, 6)))
    assert mailbox.arrived == []
    ((state, count, wait),) = await notifier.rows(
        "SELECT state, count(*), min(due_at) - now() FROM notice_sends GROUP BY state"
    )
    assert (state, count) == ("held", 5)
    assert timedelta(minutes=58) < wait <= timedelta(minutes=60)
    await _change(notifier, quiet=_hours(2, 3))
    await notifier.time_passes(timedelta(minutes=61))
    assert await notifier.send_due() == 1
    assert [said[:8] for said in mailbox.subjects()] == ["5 avisos"]


async def test_an_urgent_alert_wakes_people_up(notifier: Notifier, mailbox: Mailbox) -> None:
    await notifier.team(mailbox.url(), quiet=_hours(-1, 1), time_zone="UTC")
    await notifier.send(notice(1), notice(2, priority="urgent"))
    assert [said[:8] for said in mailbox.subjects()] == ["Ticket 2"]


async def test_a_message_that_failed_does_not_come_back_in_the_night(
    notifier: Notifier, mailbox: Mailbox
) -> None:
    await notifier.team(mailbox.url(), time_zone="UTC")
    mailbox.refusals.append("451 later")
    await notifier.send(notice())
    await _change(notifier, quiet=_hours(-1, 1))
    await notifier.time_passes()
    assert await notifier.send_due() == 0
    assert await notifier.rows(_STATES) == [("held", 1, "SMTPDataError: 451")]


async def test_what_comes_on_the_heels_of_a_message_comes_together(
    notifier: Notifier, mailbox: Mailbox
) -> None:
    notifier.settings = settings_of(notifier.database.url, pace=30)
    await notifier.team(mailbox.url())
    await notifier.send(notice(1))
    for number in range(2, 8):
        await notifier.send(notice(number))
    assert len(mailbox.arrived) == 1
    await notifier.time_passes(timedelta(seconds=31))
    await notifier.send_due()
    assert [said[:8] for said in mailbox.subjects()] == ["Ticket 1", "6 avisos"]


async def test_a_chat_service_is_told_through_its_url(
    notifier: Notifier, listener: Listener
) -> None:
    await notifier.team(listener.url.replace("http", "json"), language="en")
    await notifier.send(notice(due_at=clock.now() - timedelta(hours=1, seconds=30)))
    ((_, body),) = listener.heard
    assert json.loads(body)["title"] == "Ticket 1001: first response is late, due 1 h ago"
    assert "Policy: padrão" in json.loads(body)["message"]


async def test_one_channels_failure_is_not_anothers(
    notifier: Notifier, listener: Listener, mailbox: Mailbox
) -> None:
    await notifier.team(listener.url.replace("http", "json"), mailbox.url())
    listener.statuses.append(503)
    await notifier.send(notice())
    ((channel, error),) = await notifier.rows(
        "SELECT channel, last_error FROM notice_sends WHERE state = 'failed'"
    )
    assert channel == "json"
    assert "503" in error
    await notifier.time_passes()
    await notifier.send_due()
    assert (len(listener.heard), len(mailbox.arrived)) == (2, 1)


async def test_a_new_password_lets_go_what_the_old_one_held_up(
    notifier: Notifier, mailbox: Mailbox
) -> None:
    await notifier.team("mailto://127.0.0.1:1/bruno@loja.example?from=desk@loja.example")
    await notifier.send(notice())
    assert [row.state for row in await notifier.rows(_STATES)] == ["failed"]
    await notifier.team(mailbox.url())
    await notifier.time_passes()
    await notifier.send_due()
    assert len(mailbox.arrived) == 1


async def test_nothing_is_sent_on_a_channel_that_is_gone(
    notifier: Notifier, mailbox: Mailbox
) -> None:
    await notifier.team(mailbox.url())
    told = await notifier.tell(notice())
    await notifier.team()
    assert await sending.send(notifier.database, notifier.settings, told) == 0
    assert await notifier.rows(_STATES) == [("dropped", 0, "the channel is gone")]


async def test_an_address_that_leads_nowhere_stops_nobody_else(
    notifier: Notifier, mailbox: Mailbox
) -> None:
    await notifier.team("json://nowhere.invalid/hook", mailbox.url())
    await notifier.send(notice(due_at="whenever"))
    assert len(mailbox.arrived) == 1
    assert [row.state for row in await notifier.rows(_STATES)] == ["failed", "sent"]


async def test_no_transaction_is_open_while_a_service_is_called(
    notifier: Notifier, mailbox: Mailbox
) -> None:
    await notifier.team(mailbox.url())
    mailbox.answers.clear()
    sent = asyncio.create_task(notifier.send(notice()))
    await mailbox.hears.wait()
    open_ones = await notifier.rows(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND application_name = 'balcao'"
    )
    mailbox.answers.set()
    await sent
    assert open_ones == [(0,)]


async def _change(notifier: Notifier, *, quiet: tuple[int, int]) -> None:
    async with notifier.database.transaction() as session:
        wished = Wish(channels=None, time_zone="UTC", quiet=quiet)
        await put_team(session, "agent", wished, notifier.settings.notify)
