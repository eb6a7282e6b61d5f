"""Bring the whole desk up on one machine, keep it up, and check and test it."""
