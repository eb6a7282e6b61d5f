"""Conversations of the last days for a desk that has none, so that there is something to see."""
