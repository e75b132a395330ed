"""Tells people and systems elsewhere of alarms: by mail and by webhook. Start reading at `alerts.py`."""
