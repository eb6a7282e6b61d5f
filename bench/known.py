"""Every bench that can be run by itself, with what it claims."""

from bench.claims import Bench, Claim

_BOT = "bot/.venv/bin/python"

BENCHES = (
    Bench(
        "ingest",
        "bench.ingest",
        (
            Claim(
                "a durable webhook beside the same server with a handler that only checks the HMAC",
                figure="durable_per_s",
                unit="/s",
                peer="hmac_only_per_s",
                peer_name="HMAC only",
                ratio="ratio",
                at_least=0.7,
            ),
            Claim(
                "its 99th percentile beside the other's",
                figure="p99_ms",
                unit="ms",
                peer="hmac_only_p99_ms",
                peer_name="HMAC only",
                ratio="p99_ratio",
                at_most=2,
            ),
            Claim(
                "a durable webhook beside a row a commit by PostgreSQL's own group commit",
                figure="durable_per_s",
                unit="/s",
                peer="group_commit_per_s",
                peer_name="pgbench",
                ratio="group_commit_ratio",
            ),
        ),
        short=("--requests", "1500", "--rounds", "2"),
    ),
    Bench(
        "turn",
        "bench.turn",
        (
            Claim(
                "our own share of a turn beside Rasa's, one shopper",
                figure="turn_p50_ms",
                unit="ms",
                peer="rasa_p50_ms",
                peer_name="Rasa alone",
                ratio="own_over_rasa",
                at_most=1,
            ),
            Claim(
                "turns a second, 32 shoppers, beside the best of Rasa alone",
                figure="per_s_32",
                unit="/s",
                peer="rasa_alone_per_s",
                peer_name="Rasa alone",
                ratio="throughput_ratio",
                at_least=0.7,
            ),
            Claim(
                "our own CPU a turn (web, worker, PostgreSQL) beside Rasa's and its actions'",
                figure="own_cpu_ms",
                unit="ms",
                peer="rasa_cpu_ms",
                peer_name="Rasa and actions",
                ratio="own_cpu_over_rasa",
                at_most=0.5,
            ),
            Claim(
                "a turn of a long conversation beside one of a new one",
                figure="late_p50_ms",
                unit="ms",
                ratio="growth",
                at_most=1.2,
            ),
        ),
        short=("--turns", "84", "--rounds", "1", "--growth", "300"),
    ),
    Bench(
        "stages",
        "bench.stages",
        tuple(
            Claim(f"CPU a turn by stage: {says}", figure=f"{name}.cpu_ms", unit="ms")
            for name, says in (
                ("stored", "its webhook is stored"),
                ("taken_in", "its message is taken in"),
                ("turn", "claimed, put to the bot, ended, and the reply sent"),
                ("statuses", "news of the reply is taken in"),
            )
        ),
        short=("--turns", "200"),
    ),
    Bench(
        "steady",
        "bench.steady",
        (
            Claim(
                "messages a second past the bot, sustained",
                figure="messages_per_s",
                unit="/s",
                peer="offered_per_s",
                peer_name="offered",
                ratio="kept_up",
                at_least=0.99,
            ),
            Claim(
                "stored until taken in, 99th percentile, at the end",
                figure="lag_p99_ms_end",
                unit="ms",
                peer="lag_p99_ms_start",
                peer_name="at the start",
            ),
            Claim(
                "what waits at the end",
                figure="waiting_end",
                unit="messages",
                at_most=100,
            ),
        ),
        short=("--seconds", "30"),
    ),
    Bench(
        "growth",
        "bench.growth",
        (
            Claim(
                "the cost that grows most with a long past",
                figure="worst_ratio",
                unit="times",
                at_most=1.2,
            ),
            Claim("what grows more than that", figure="grows"),
        ),
        usual=("--messages", "10000000", "--month", "300000"),
        short=("--messages", "300000", "--month", "60000", "--rounds", "7"),
    ),
    Bench(
        "soak",
        "bench.soak",
        (
            Claim(
                "memory at the end beside after the warm-up, the process that grew most",
                figure="worst_growth",
                unit="times",
                at_most=1.1,
            ),
            Claim("messages that were lost or not answered", figure="missing", at_most=0),
        ),
        usual=("--minutes", "10"),
        short=("--minutes", "3"),
    ),
    Bench(
        "faults",
        "bench.faults",
        tuple(
            Claim(f"with everything killed, cut and starved: {says}", figure, at_most=0)
            for figure, says in (
                ("lost", "messages lost"),
                ("doubled", "answers doubled"),
                ("out_of_order", "out of order"),
                ("promises_lost", "promises lost"),
                ("promises_doubled", "promises fired twice"),
                ("sends_without_owner", "sends without an owner"),
            )
        ),
        usual=("--minutes", "10"),
        short=("--minutes", "3"),
    ),
    Bench(
        "sweep",
        "bench.sla_sweep",
        (
            Claim(
                "a promise that comes due beside django-helpdesk's",
                figure="ms_per_due",
                unit="ms",
                peer="peer_ms_per_due",
                peer_name="django-helpdesk",
                ratio="ratio_due",
                at_least=50,
            ),
            Claim(
                "the same, where it writes its mail",
                figure="ms_per_due",
                unit="ms",
                peer="peer_mailed_ms_per_due",
                peer_name="django-helpdesk",
                ratio="ratio_mailed",
                at_least=50,
            ),
            Claim(
                "a sweep with nothing due",
                figure="idle_ms",
                unit="ms",
                peer="peer_idle_ms",
                peer_name="django-helpdesk",
                ratio="ratio_idle",
                at_least=50,
            ),
            Claim("from a deadline to its effect, 99th percentile", "lag_p99_ms", "ms"),
        ),
        short=("--open", "20000", "--due", "500", "--rounds", "2"),
    ),
    Bench(
        "business-time",
        "bench.business_time",
        (
            Claim(
                "a deadline in business time beside opening-hours-py",
                figure="add_us",
                unit="µs",
                peer="peer_us",
                peer_name="opening-hours-py",
                ratio="ratio",
                at_least=1,
            ),
        ),
        short=("--questions", "500", "--rounds", "3"),
    ),
    Bench(
        "console",
        "bench.console",
        (
            Claim("Enter to bubble", "enter_to_bubble_ms", "ms", at_most=50),
            Claim("first useful paint", "first_paint_ms", "ms", at_most=1000),
            Claim(
                "main thread busy, 2,000 conversations, 20 events a second",
                figure="main_thread_share_2000",
                at_most=0.2,
            ),
        ),
        short=("--minutes", "0.2"),
    ),
    Bench(
        "nlu",
        "bench.nlu",
        tuple(
            Claim(
                f"a message understood, 99th percentile ({language})",
                figure="ours.parse_ms.p99",
                unit="ms",
                at_most=10,
                where=("language", language),
            )
            for language in ("pt", "en")
        ),
        usual=("--no-stock",),
        short=("--no-stock",),
        python=_BOT,
    ),
)
