"""One script per claim; each prints one JSON line with a ratio against its limit or peer."""
