"""What the shop sells: is it there, which size fits, and the size chart."""
