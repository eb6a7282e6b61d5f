"""What the tests of this room may ask for."""

from tests.sla_service.security.api import *  # noqa: F403
