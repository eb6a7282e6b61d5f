"""What can go wrong goes wrong under load, by the dice of a seed, and the books must balance."""
