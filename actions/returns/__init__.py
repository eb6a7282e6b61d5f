"""What goes back to the shop, for its money or for something else, and what a no leads to."""
