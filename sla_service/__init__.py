"""The desk: gateway, conversations, tickets, handoff and the console, on one PostgreSQL."""
