"""The page people work in: conversations, a thread, and live events."""
