"""An order is changed before it arrives."""
