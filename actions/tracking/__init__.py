"""Where an order is, and why it isn't here."""
