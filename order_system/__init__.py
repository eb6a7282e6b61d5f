"""The shop's orders in one neutral model, with one adapter per shop platform."""
