"""`python -m sla_service.database migrate`: apply the migrations that are missing."""

import os
import sys

from sla_service.database import migrations

if __name__ == "__main__":
    if sys.argv[1:] != ["migrate"] or "DESK_DATABASE_URL" not in os.environ:
        sys.exit("usage: DESK_DATABASE_URL=postgresql://… python -m sla_service.database migrate")
    migrations.upgrade(os.environ["DESK_DATABASE_URL"])
