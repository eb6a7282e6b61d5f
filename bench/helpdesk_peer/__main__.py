"""Fills django-helpdesk's tables, then runs `escalate_tickets` each time a line asks for it.

A line of standard input prepares: `idle` (nothing is due), `due` (tickets are, and nobody is to be
told) or `mailed` (the same, and each is told to its submitter and its owner, by mail that goes
nowhere). `run` then runs it in this process, so that the start of Django isn't counted, and is
answered by the milliseconds; `escalated` by the number of tickets that went up.
"""

import argparse
import sys
import time

import django
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection

# Tickets as its own form makes them, in a queue that escalates after a day.
_QUEUE = """
INSERT INTO helpdesk_queue (title, slug, email_address, allow_public_submission,
    allow_email_submission, enable_notifications_on_email_events, email_box_ssl, escalate_days)
VALUES ('Loja', 'loja', 'loja@example.com', false, false, false, false, 1)
"""
_TICKETS = """
INSERT INTO helpdesk_ticket (title, queue_id, created, modified, status, on_hold, description,
    priority, secret_key)
SELECT 'Cadê meu pedido #' || number, (SELECT id FROM helpdesk_queue), now(), now(), 1, false,
    'Oi! Já faz uma semana que comprei e nada. Vocês podem olhar, por favor?', 3,
    gen_random_uuid()::text
FROM generate_series(1, %s) AS number
"""
_FORGET_HISTORY = "TRUNCATE helpdesk_followup CASCADE"
_BEGIN_ANEW = """
UPDATE helpdesk_ticket SET created = now(), last_escalation = NULL, priority = 3,
    submitter_email = NULL, assigned_to_id = NULL
WHERE priority <> 3 OR last_escalation IS NOT NULL
"""
_MAKE_DUE = """
UPDATE helpdesk_ticket SET created = now() - interval '25 hours',
    submitter_email = CASE WHEN %s THEN 'ana@example.com' END,
    assigned_to_id = CASE WHEN %s THEN (SELECT max(id) FROM auth_user) END
WHERE id %% %s = 0 AND id <= %s
"""
_TIDY = ("VACUUM (ANALYZE) helpdesk_ticket", "CHECKPOINT")


def main() -> None:
    """Fill the tables, and do as the lines say."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--open", type=int, required=True, help="open tickets")
    options.add_argument("--due", type=int, required=True, help="tickets to escalate at once")
    chosen = options.parse_args()
    django.setup()
    fill(chosen.open)
    print("ready", flush=True)
    for line in sys.stdin:
        print(answer(line.strip(), chosen.open, chosen.due), flush=True)


def answer(line: str, count: int, due: int) -> str:
    """What a line asks for."""
    if line == "run":
        began = time.perf_counter()
        call_command("escalate_tickets")
        return str((time.perf_counter() - began) * 1000)
    if line == "escalated":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM helpdesk_ticket WHERE priority = 2")
            return str(cursor.fetchone()[0])
    prepare(line, count, due)
    return "prepared"


def fill(count: int) -> None:
    """The tables, the e-mail templates it comes with, an agent, and so many open tickets."""
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    get_user_model().objects.create_user("bruno", "bruno@example.com")
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE)
        cursor.execute(_TICKETS, [count])


def prepare(kind: str, count: int, due: int) -> None:
    """Tickets as if nothing had happened yet; then some begin earlier, spread over all."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_HISTORY)
        cursor.execute(_BEGIN_ANEW)
        if kind != "idle":
            told, step = kind == "mailed", count // due
            cursor.execute(_MAKE_DUE, [told, told, step, step * due])
        for statement in _TIDY:
            cursor.execute(statement)


if __name__ == "__main__":
    main()
