"""What the bot does besides talking: it looks up orders, asks the desk, and calls people."""
