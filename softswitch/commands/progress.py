"""`uuid_ring_ready` `uuid_pre_answer` `uuid_answer` `uuid_media_reneg` `uuid_kill` `hupall`: a leg's course and end."""

from __future__ import annotations

from softswitch.api import NO_SUCH_CHANNEL, command, find_leg, usage
from softswitch.separating import separate
from softswitch.sip.causes import Cause, cause_from_text
from softswitch.sip.sdp import OUR_CODECS
from softswitch.switchboard import Switchboard


@command("uuid_ring_ready")
def uuid_ring_ready(board: Switchboard, argument: str) -> str:
    parts = separate(argument)
    if not parts or (len(parts) > 1 and parts[1].lower() != "queued"):
        return usage("<uuid> [queued]")
    leg = find_leg(board, parts[0])
    if leg is None:
        return "-ERROR\n"
    leg.ring_ready()
    return "+OK\n"


@command("uuid_pre_answer")
def uuid_pre_answer(board: Switchboard, argument: str) -> str:
    leg = find_leg(board, argument.strip())
    return "+OK\n" if leg is not None and leg.pre_answer() else "-ERROR\n"


@command("uuid_answer")
def uuid_answer(board: Switchboard, argument: str) -> str:
    leg = find_leg(board, argument.strip())
    return "+OK\n" if leg is not None and leg.answer() else "-ERROR\n"


@command("uuid_media_reneg")
def uuid_media_reneg(board: Switchboard, argument: str) -> str:
    """With `=A,B` these codecs are offered, else what holds."""
    parts = separate(argument)
    leg = find_leg(board, parts[0]) if parts else None
    named = parts[1].removeprefix("=").split(",") if len(parts) > 1 and parts[1].startswith("=") else []
    if leg is not None and leg.media.offer_anew(tuple(name for name in named if name in OUR_CODECS)):
        return "+OK Success\n"
    return ("" if parts else usage("<uuid>[ <codec_string>]")) + "-ERR Operation Failed\n"


@command("uuid_kill")
def uuid_kill(board: Switchboard, argument: str) -> str:
    if not argument:
        return usage("<uuid> [cause]")
    uuid, _, name = argument.partition(" ")
    leg = find_leg(board, uuid)
    if leg is None:
        return NO_SUCH_CHANNEL
    leg.hang_up(cause_from_text(name.strip()) if name.strip() else Cause.NORMAL_CLEARING)
    return "+OK\n"


@command("hupall")
def hupall(board: Switchboard, argument: str) -> str:
    parts = separate(argument)
    cause = cause_from_text(parts[0]) if parts else Cause.MANAGER_REQUEST
    cause = cause if cause is not Cause.NONE else Cause.MANAGER_REQUEST
    matches = dict(zip(parts[1::2], parts[2::2], strict=False))
    board.hang_up_all(cause, matches)
    if not matches:
        return f"+OK hangup all channels with cause {cause.name}\n"
    dots = "" if len(matches) == 1 else "..."
    return f"+OK hangup all channels matching [{parts[1]}]=[{parts[2]}]{dots} with cause: {cause.name}\n"
