"""What the core asks of the world, as Protocols, and what the world asks of the core."""
