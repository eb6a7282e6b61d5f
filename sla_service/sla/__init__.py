"""Promises with deadlines: business time, clocks folded from events, and a sweep of what is due."""
