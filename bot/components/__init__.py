"""How a message is understood: its words, what is wanted, how urgently, in which language."""
