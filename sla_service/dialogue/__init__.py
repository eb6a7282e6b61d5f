"""Each inbound message finds its listener: the bot or a person."""
