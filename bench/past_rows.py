"""The rows of a shop's past, table by table, as SQL writes them."""

SET_ASIDE = (
    "CREATE TABLE solved_ticket AS SELECT * FROM sla_tickets",
    "CREATE TABLE solved_clocks AS SELECT * FROM sla_clocks",
    "CREATE TABLE solved_events AS SELECT * FROM sla_events",
    "TRUNCATE sla_tickets, sla_clocks, sla_events, sla_effects",
)

_BEGUN = """
(SELECT c, now() - (%(all)s - c) * %(gap)s * interval '1 second' - interval '20 minutes' AS began,
        c > %(all)s - %(open)s AS is_open
 FROM generate_series(1, %(all)s::bigint) c) AS begun
"""
_SOLVED = f"(SELECT * FROM {_BEGUN} WHERE NOT is_open) AS solved"  # noqa: S608 - our own words

FILL = tuple(
    statement.replace("BEGUN", _BEGUN).replace("SOLVED", _SOLVED)
    for statement in (
        """
INSERT INTO agents (email, name, languages)
SELECT 'agente' || n || '@loja.example', 'Agente ' || n, '{pt,en}' FROM generate_series(1, 4) n
""",
        """
INSERT INTO webhook_endpoints (url, secrets, events, is_active)
VALUES ('http://127.0.0.1:9/', '{}', '{}', false)
""",
        """
INSERT INTO contacts (wa_id, phone_key, bsuid, name, created_at, notice_version)
SELECT p, regexp_replace(p, '^(5511)9([6-9])', '\\1\\2'), 'BR.' || c, name, began, '1'
FROM BEGUN, LATERAL (
  SELECT '55119' || lpad((c * 48271 %% 99999989)::text, 8, '0') AS p
) x, names
WHERE names.nth = c * 31 %% 144
""",
        """
INSERT INTO conversations (contact_id, phone_number_id, language, created_at, last_inbound_at,
                           last_message_at, owner, owner_fence, agent_id)
SELECT c, %(number)s, CASE WHEN c %% 4 = 0 THEN 'en' ELSE 'pt' END, began,
       began + interval '8 minutes', began + interval '9 minutes',
       CASE WHEN is_open THEN (ARRAY['bot', 'queue', 'agent'])[1 + c %% 3] ELSE 'bot' END, 1,
       CASE WHEN is_open AND c %% 3 = 2 THEN 1 + c %% 4 END
FROM BEGUN ORDER BY c
""",
        """
INSERT INTO tickets (number, conversation_id, status, subject, tags, opened_at, last_message_at,
                     resolved_at, resolutions)
OVERRIDING SYSTEM VALUE
SELECT 1000 + c, c, CASE WHEN is_open THEN 'open' ELSE 'resolved' END, text,
       CASE WHEN c %% 10 = 0 THEN '{troca}' ELSE '{}' END::text[], began,
       began + interval '8 minutes', CASE WHEN NOT is_open THEN began + interval '10 minutes' END,
       CASE WHEN is_open THEN 0 ELSE 1 END
FROM BEGUN JOIN said ON said.nth = c * 7919 %% 5000 ORDER BY c
""",
        """
INSERT INTO turns (conversation_id, key, owner_fence, started_at, due_at, closed_at, language,
                   intent, confidence)
SELECT c, 'wamid.P' || c * 10 + k, 1, at, at, at, 'pt', 'track_order', 0.9
FROM BEGUN, generate_series(0, 8, 2) k, LATERAL (SELECT began + k * interval '1 minute' AS at) x
ORDER BY c, k
""",
        """
INSERT INTO messages (conversation_id, ticket_id, turn_id, author, agent_id, kind, wamid, text,
                      content, said_at, created_at, state, is_billable, price_category)
SELECT c, c, c * 5 - 4 + k / 2,
       CASE WHEN k %% 2 = 0 THEN 'contact' WHEN c %% 5 = 0 AND k > 5 THEN 'agent' ELSE 'bot' END,
       CASE WHEN k %% 2 = 1 AND c %% 5 = 0 AND k > 5 THEN 1 + c %% 4 END,
       'text', 'wamid.P' || c * 10 + k,
       CASE k WHEN 0 THEN text || ' #' || 4000000 + c ELSE text END,
       '{}', at, at, CASE WHEN k = 9 THEN 'sent' WHEN k %% 2 = 1 THEN 'read' END,
       CASE WHEN k %% 2 = 1 THEN false END, CASE WHEN k %% 2 = 1 THEN 'service' END
FROM BEGUN, generate_series(0, 9) k, said, LATERAL (SELECT began + k * interval '1 minute' AS at) x
WHERE said.nth = (c * 10 + k) * 7919 %% 5000 ORDER BY c, k
""",
        """
INSERT INTO whatsapp_deliveries (received_at, body, updates)
SELECT began + k * interval '40 seconds', '', 1 FROM BEGUN, generate_series(0, 14) k ORDER BY c, k
""",
        """
INSERT INTO whatsapp_updates (delivery_id, place, kind, key, lane, state, due_at)
SELECT c * 15 - 14 + k, 0, CASE WHEN k < 5 THEN 'message' ELSE 'status' END,
       CASE WHEN k < 5 THEN 'm:wamid.P' || c * 10 + k * 2
            ELSE 's:wamid.P' || c * 10 + (k - 5) / 2 * 2 + 1 || ':' || k %% 2 END,
       CASE WHEN k < 5 THEN %(number)s || ':BR.' || c ELSE 'statuses' END, 'processed', began
FROM BEGUN, generate_series(0, 14) k ORDER BY c, k
""",
        """
INSERT INTO handoffs (conversation_id, ticket_id, at, from_owner, to_owner, reason, details)
SELECT c, c, began + interval '5 minutes', 'bot', 'queue', 'wish', '{}'
FROM BEGUN WHERE c %% 5 = 0 OR (is_open AND c %% 3 > 0) ORDER BY c
""",
        """
INSERT INTO queue_places (conversation_id, since)
SELECT c, began + interval '5 minutes' FROM BEGUN WHERE is_open AND c %% 3 = 1
""",
        """
INSERT INTO offers (conversation_id, ticket_id, agent_id, owner_fence, offered_at, expires_at,
                    answered_at, outcome)
SELECT c, c, 1 + c %% 4, 1, began, began, began, 'accepted' FROM SOLVED WHERE c %% 5 = 0 ORDER BY c
""",
        """
INSERT INTO ratings (ticket_id, resolution, is_bot_only, agent_id, resolved_at, state, asked_at,
                     score, rated_at)
SELECT c, 1, c %% 5 > 0, CASE WHEN c %% 5 = 0 THEN 1 + c %% 4 END, began, 'rated',
       began + interval '1 hour', 1 + c %% 5, began + interval '2 hours'
FROM SOLVED WHERE c %% 3 = 0 ORDER BY c
""",
        """
INSERT INTO media_files (message_id, state, media_id, mime_declared, sha256, size, due_at,
                         created_at, stored_at)
SELECT c * 10 - 9, 'stored', 'media' || c, 'image/jpeg', md5(c::text), 100000, NULL, began, began
FROM SOLVED WHERE c %% 3 = 0 ORDER BY c
""",
        """
INSERT INTO uploads (id, agent_id, filename, mime, size, sha256, created_at)
SELECT 'up' || c, 1, 'nota.pdf', 'application/pdf', 1000, md5(c::text), began
FROM SOLVED WHERE c %% 60 = 0 ORDER BY c
""",
        """
INSERT INTO conversation_reads (conversation_id, agent_id, message_id)
SELECT c, 1 + c %% 4, c * 10 FROM SOLVED WHERE c %% 5 = 0 ORDER BY c
""",
        """
INSERT INTO audit_log (at, actor_kind, actor_id, actor_name, act, target_kind, target_id)
SELECT began, 'agent', 1 + c %% 4, 'Agente', 'ticket.resolved', 'ticket', (1000 + c)::text
FROM SOLVED WHERE c %% 5 = 0 ORDER BY c
""",
        """
INSERT INTO consents (contact_id, purpose, is_granted, wording_version, wording, channel, cause, at)
SELECT c, 'rating', true, '1', 'sim', 'whatsapp', 'said', began FROM SOLVED
WHERE c %% 10 = 0 ORDER BY c
""",
        """
INSERT INTO order_notices (order_ref, order_number, kind, happened_at, facts, created_at,
                           conversation_id, state, due_at, told_at)
SELECT 'ref' || c, (40000 + c)::text, 'shipped', began, '{}', began, c, 'told', began, began
FROM SOLVED WHERE c %% 3 = 0 ORDER BY c
""",
        """
INSERT INTO notices (key, team, kind, at, ticket_id, metric, facts, created_at, acknowledged_at)
SELECT 'past' || c, 'loja', 'breached', began, c, 'resolution', '{}', began, began
FROM SOLVED WHERE c %% 20 = 0 ORDER BY c
""",
        """
INSERT INTO webhook_deliveries (id, endpoint_id, event, key, body, state, due_at, created_at,
                                delivered_at)
SELECT 'past' || c, 1, 'ticket.resolved', 'past' || c, '{}', 'delivered', NULL, began, began
FROM SOLVED WHERE c %% 5 = 0 ORDER BY c
""",
        """
INSERT INTO sla_tickets (ticket_id, seq, rulebook_id, state, next_fire_at)
SELECT c, seq, rulebook_id,
       replace(state::text, state ->> 'at', (extract(epoch FROM began) * 1e6)::bigint::text)::jsonb,
       NULL
FROM SOLVED, solved_ticket ORDER BY c
""",
        """
INSERT INTO sla_events (ticket_id, seq, at, kind, payload)
SELECT c, seq, began, kind, payload FROM SOLVED, solved_events ORDER BY c, seq
""",
        """
INSERT INTO sla_clocks (ticket_id, metric, cycle, state, rulebook_id, policy, priority, tier,
  calendar, target, consumed, started_at, since, due_at, breached_at, stopped_at, ending, fired,
  runs)
SELECT c, metric, cycle, state, rulebook_id, policy, priority, tier, calendar, target, consumed,
  began, NULL, began + interval '8 hours', NULL, began, ending, fired, runs
FROM SOLVED, solved_clocks ORDER BY c, metric
""",
        """
INSERT INTO sla_effects (ticket_id, metric, cycle, kind, at, recorded_at, policy, priority, target,
                         is_silent, handled_at)
SELECT c, 'resolution', cycle, 'breached', began, began, policy, priority, target, false, began
FROM SOLVED, solved_clocks WHERE c %% 20 = 0 AND metric = 'resolution' ORDER BY c
""",
        "SELECT setval(pg_get_serial_sequence('tickets', 'number'), 1000 + %(all)s)",
        # What is old has been forgotten day by day, as everywhere.
        """
INSERT INTO retention_marks (name, reached)
SELECT 'deliveries', COALESCE(max(id), 0) FROM whatsapp_deliveries
WHERE received_at < now() - interval '90 days'
UNION ALL
SELECT 'uploads', (extract(epoch FROM now() - interval '30 days') * 1000000)::bigint
""",
    )
)
