"""The web process's end of the ports."""
