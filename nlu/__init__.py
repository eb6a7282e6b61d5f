"""The designers' loop: what the bot learns from is checked, measured, and compared with before."""
