"""For whatever watches over the web process."""
