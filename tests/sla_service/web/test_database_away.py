"""A database that goes away in the middle is told as what it is: try again."""

import psycopg

from tests.sla_service.people import BRUNO
from tests.sla_service.world import Desk


async def test_who_asks_while_the_database_goes_away_is_told_to_ask_again(desk: Desk) -> None:
    person = await desk.sign_in(BRUNO)
    told = []
    for _ in range(3):
        async with await psycopg.AsyncConnection.connect(desk.database.url) as elsewhere:
            await elsewhere.execute(_END_ALL)
        told.append(await person.get("/api/agents"))
    assert {answer.status_code for answer in told} <= {200, 503}
    refused = [answer for answer in told if answer.status_code == 503]
    assert {answer.json()["type"] for answer in refused} == {"database_away"}
    assert {answer.headers["retry-after"] for answer in refused} == {"1"}


_END_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'balcao'
"""
