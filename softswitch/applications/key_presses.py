"""`send_dtmf`."""

from __future__ import annotations

from softswitch.execution import application
from softswitch.key_text import read_keys, send_keys
from softswitch.leg import Leg


@application("send_dtmf", needs_media=True)
async def send_dtmf(leg: Leg, argument: str) -> None:
    send_keys(leg, read_keys(argument))
