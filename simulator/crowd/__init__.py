"""A crowd of shoppers, each with a goal, that tells how far the desk gets without people."""
