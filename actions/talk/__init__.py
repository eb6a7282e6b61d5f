"""What every action stands on: the turn, whom it can ask, and the order it is about."""
