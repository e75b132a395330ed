"""What a click asks of the core."""
