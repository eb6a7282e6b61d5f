"""What is kept of a contact: handed over when asked for, and forgotten."""
