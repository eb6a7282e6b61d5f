"""What whoever runs the desk needs: figures, a diagnosis, copies, and what it is made of."""
