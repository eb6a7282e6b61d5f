"""What contacts decide about themselves: no more messages, a copy of their data, erasure."""
