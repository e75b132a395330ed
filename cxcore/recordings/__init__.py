"""Recordings on disk: taken up from the switch, encrypted, read, deleted. Start reading at `archive.py`."""
