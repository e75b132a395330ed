"""What other systems tell us, signed."""
