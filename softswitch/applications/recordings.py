"""`record_session` `stop_record_session` `record_session_mask` `record_session_unmask`."""

from __future__ import annotations

from softswitch import recording
from softswitch.execution import application
from softswitch.leg import Leg


@application("record_session", needs_media=True)
async def record_session(leg: Leg, argument: str) -> None:
    path, _, rest = argument.strip().partition(" ")
    limit = rest.strip().removeprefix("+")
    if path:
        recording.start(leg, path, int(limit) if limit.isdigit() else 0)


@application("stop_record_session", needs_media=True)
async def stop_record_session(leg: Leg, argument: str) -> None:
    recording.stop(leg, argument)


@application("record_session_mask", needs_media=True)
async def record_session_mask(leg: Leg, argument: str) -> None:
    recording.mask(leg, argument, True)


@application("record_session_unmask", needs_media=True)
async def record_session_unmask(leg: Leg, argument: str) -> None:
    recording.mask(leg, argument, False)
