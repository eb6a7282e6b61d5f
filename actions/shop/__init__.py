"""Where the shop is, when it is open, and where it delivers."""
