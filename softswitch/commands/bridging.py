"""`uuid_bridge` `uuid_park` `uuid_transfer` `uuid_hold`: who hears whom, and where legs go."""

from __future__ import annotations

from softswitch.api import NO_SUCH_CHANNEL, Answer, command, find_leg, usage
from softswitch.bridging import uuid_bridge
from softswitch.holding import hold, unhold
from softswitch.leg import Flag, Leg
from softswitch.leg_state import CallState
from softswitch.parking import send_to_park
from softswitch.separating import separate
from softswitch.switchboard import Switchboard
from softswitch.transferring import transfer


@command("uuid_bridge")
def uuid_bridge_command(board: Switchboard, argument: str) -> str:
    parts = separate(argument)
    if len(parts) < 2:
        return usage("<uuid> <other_uuid>")
    first = find_leg(board, parts[0])
    for uuid in parts[1:3]:
        second = find_leg(board, uuid)
        if first is not None and second is not None and uuid_bridge(first, second):
            return f"+OK {uuid}\n"
    return "-ERR Invalid uuid\n"


@command("uuid_park")
def uuid_park(board: Switchboard, argument: str) -> str:
    leg = find_leg(board, argument)
    if leg is None:
        return NO_SUCH_CHANNEL
    send_to_park(leg)
    return "+OK\n"


@command("uuid_transfer")
def uuid_transfer(board: Switchboard, argument: str) -> str:
    parts = separate(argument)
    if not 2 <= len(parts) <= 5:
        return usage("<uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]")
    leg = find_leg(board, parts[0])
    if leg is None:
        return NO_SUCH_CHANNEL
    which = parts.pop(1).lower() if parts[1].startswith("-") else ""
    parts += ["", "", ""]
    target = (parts[1], parts[2] or None, parts[3] or None)
    return "+OK\n" if _transfer(leg, which, target) else "-ERR\n"


def _transfer(leg: Leg, which: str, target: tuple[str, str | None, str | None]) -> bool:
    partner = leg.bridge_peer
    if which == "-bleg" and partner is not None:
        return transfer(partner, *target)
    if which == "-both" and partner is not None:
        partner.mark(Flag.REDIRECT)
        leg.mark(Flag.REDIRECT)
        transfer(partner, *target)
    return transfer(leg, *target)


@command("uuid_hold")
def uuid_hold(board: Switchboard, argument: str) -> Answer:
    parts = separate(argument)
    if not parts:
        return usage("[off|toggle] <uuid> [<display>]") + "-ERR Operation failed\n"
    word = parts[0].lower()
    leg = find_leg(board, parts[1] if word in ("off", "toggle") and len(parts) > 1 else parts[0])
    return _done(True) if leg is None else _hold(leg, word)


def _hold(leg: Leg, word: str) -> Answer:
    if word == "off" or (word == "toggle" and leg.call_state is CallState.HELD):
        return _unhold(leg)
    return _done(hold(leg))


async def _unhold(leg: Leg) -> str:
    return _done(await unhold(leg))


def _done(done: bool) -> str:
    return "+OK Success\n" if done else "-ERR Operation failed\n"
