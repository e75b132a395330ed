"""The administration: what an administrator changes without an engineer. One module for each task."""
