"""`sched_transfer` `sched_hangup` `sched_del`."""

from __future__ import annotations

from softswitch.api import NO_SUCH_CHANNEL, command, find_leg, usage
from softswitch.scheduling import schedule_hangup, schedule_transfer, seconds_until
from softswitch.separating import separate
from softswitch.sip.causes import Cause, cause_from_text
from softswitch.switchboard import Switchboard


@command("sched_transfer")
def sched_transfer(board: Switchboard, argument: str) -> str:
    parts = separate(argument)
    if not 2 <= len(parts) <= 5:
        return usage("[+]<time> <uuid> <extension> [<dialplan>] [<context>]")
    leg = find_leg(board, parts[1])
    if leg is None:
        return NO_SUCH_CHANNEL
    parts += ["", "", ""]
    schedule_transfer(leg, seconds_until(board, parts[0]), parts[2], parts[3] or None, parts[4] or None)
    return "+OK\n"


@command("sched_hangup")
def sched_hangup(board: Switchboard, argument: str) -> str:
    parts = separate(argument)
    if not parts:
        return usage("[+]<time> <uuid> [<cause>]")
    leg = find_leg(board, parts[1]) if len(parts) > 1 else None
    if leg is None:
        return NO_SUCH_CHANNEL
    cause = cause_from_text(parts[2]) if len(parts) > 2 else Cause.ALLOTTED_TIMEOUT
    schedule_hangup(leg, seconds_until(board, parts[0]), cause)
    return "+OK\n"


@command("sched_del")
def sched_del(board: Switchboard, argument: str) -> str:
    if argument.isdigit():
        deleted = board.schedule.delete(int(argument))
    else:
        deleted = board.schedule.delete_group(argument)
    return f"+OK Deleted: {deleted}\n"
