"""Recordings of calls: the page to find them, the player, and what is kept of who heard them."""
