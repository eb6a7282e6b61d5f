"""Sessions on one PostgreSQL, and the one place that commits."""
