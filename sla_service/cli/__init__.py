"""`bin/desk`: what whoever operates the desk asks of it from a terminal."""
