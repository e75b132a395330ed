"""Recording a leg: left what its party says, right what it hears, or what it says alone (switch_ivr_async.c,
`record_callback`)."""

from __future__ import annotations

import logging
from pathlib import Path

from softswitch.leg import Leg

log = logging.getLogger(__name__)


def start(leg: Leg, path: str, limit_seconds: int = 0) -> bool:
    """False: the leg has no sound, or the folder cannot be made."""
    if leg.media.port is None or not leg.media_up or leg.down:
        return False
    if path in leg.media.recordings:
        log.warning("leg %s: already recording %s", leg.uuid, path)
        return True
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        log.error("leg %s: cannot record to %s: %s", leg.uuid, path, error)  # noqa: TRY400
        return False
    stereo, said_only = leg.variables.is_true("RECORD_STEREO"), leg.variables.is_true("RECORD_READ_ONLY")
    leg.media.port.record(path, stereo, said_only)
    leg.media.recordings[path] = leg.board.now()
    leg.fire("RECORD_START", trailing={"Record-File-Path": path})
    if limit_seconds > 0:
        leg.board.schedule.add(limit_seconds, leg.uuid, lambda: _finish(leg, path))
    return True


def stop(leg: Leg, path: str) -> bool:
    """`all` stops each. False: no such recording."""
    if path.lower() == "all":
        stop_all(leg)
        return True
    if path not in leg.media.recordings:
        return False
    _finish(leg, path)
    return True


def mask(leg: Leg, path: str, masked: bool) -> bool:
    if path not in leg.media.recordings or leg.media.port is None:
        return False
    leg.media.port.mask(path, masked)
    return True


def stop_all(leg: Leg) -> None:
    for path in list(leg.media.recordings):
        _finish(leg, path)


def ended(leg: Leg, path: str, reason: str) -> None:
    """The recorder ended by itself (`reason`): the disk is full, or the like."""
    if path in leg.media.recordings and reason not in ("stopped", "port-closed"):
        log.error("leg %s: recording to %s ended: %s", leg.uuid, path, reason)
        _tell_end(leg, path, "uri-failure")


def _finish(leg: Leg, path: str) -> None:
    """The cause is FreeSWITCH's: hanging up counts as the silence at the end, an order to stop as the time limit."""
    if path not in leg.media.recordings:
        return
    if leg.media.port is not None:
        leg.media.port.stop_recording(path)
    _tell_end(leg, path, "success-silence" if leg.down else "success-maxtime")


def _tell_end(leg: Leg, path: str, cause: str) -> None:
    milliseconds = (leg.board.now() - leg.media.recordings.pop(path)) // 1000
    leg.variables.set("record_samples", str(milliseconds * 8))
    leg.variables.set("record_seconds", str(milliseconds // 1000))
    leg.variables.set("record_ms", str(milliseconds))
    leg.variables.set("record_completion_cause", cause)
    leg.fire("RECORD_STOP", trailing={"Record-File-Path": path, "Record-Completion-Cause": cause})
