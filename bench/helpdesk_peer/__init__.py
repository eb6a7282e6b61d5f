"""django-helpdesk as it comes, in an environment of its own: what `bench.sla_sweep` compares to."""
