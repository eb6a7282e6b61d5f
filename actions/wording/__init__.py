"""How the actions read values from what people write, and write them."""
