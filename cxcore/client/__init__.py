"""The web process's end of ports/controller.py."""
