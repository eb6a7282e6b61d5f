"""A conversation changes hands, and what was composed for the old ones is not sent."""
