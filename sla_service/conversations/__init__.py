"""Who said what to whom: contacts, their endless threads, and the messages we owe them."""
