"""`uuid_record`."""

from __future__ import annotations

from softswitch import recording
from softswitch.api import command, find_leg, usage
from softswitch.leg import Leg
from softswitch.separating import separate
from softswitch.switchboard import Switchboard

SYNTAX = "<uuid> [start|stop|mask|unmask] <path> [<limit>] [<recording_vars>]"


@command("uuid_record")
def uuid_record(board: Switchboard, argument: str) -> str:
    parts = separate(argument)
    if len(parts) < 3:
        return usage(SYNTAX)
    leg = find_leg(board, parts[0])
    if leg is None:
        return "-ERR Cannot locate session!\n"
    action, path = parts[1].lower(), parts[2]
    limit = int(parts[3]) if len(parts) > 3 and parts[3].isdigit() else 0
    return _record(leg, action, path, limit)


def _record(leg: Leg, action: str, path: str, limit: int) -> str:
    if action == "start":
        return _answer(recording.start(leg, path, limit), "record session")
    if action == "stop":
        return _answer(recording.stop(leg, path), "stop record session")
    if action in ("mask", "unmask"):
        return _answer(recording.mask(leg, path, action == "mask"), f"{action} recording session")
    return usage(SYNTAX)


def _answer(done: bool, what: str) -> str:
    return "+OK Success\n" if done else f"-ERR Cannot {what}!\n"
