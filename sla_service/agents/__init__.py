"""The people who answer: accounts, sign-in, presence, keys, and who did what."""
