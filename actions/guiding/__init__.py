"""What keeps a conversation going: greeting, menu, people, and what wasn't understood."""
