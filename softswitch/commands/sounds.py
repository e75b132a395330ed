"""`uuid_broadcast` `uuid_break`."""

from __future__ import annotations

from softswitch.api import NO_SUCH_CHANNEL, command, find_leg, usage
from softswitch.broadcasting import broadcast
from softswitch.leg import Flag, Leg
from softswitch.playing import OF_ALL
from softswitch.separating import separate
from softswitch.switchboard import Switchboard


@command("uuid_broadcast")
def uuid_broadcast(board: Switchboard, argument: str) -> str:
    parts = separate(argument)
    if len(parts) < 2:
        return usage("<uuid> <path> [aleg|bleg|holdb|both]")
    leg = find_leg(board, parts[0])
    if leg is None:
        return "-ERR invalid uuid\n"
    which = parts[2].lower() if len(parts) > 2 else "aleg holdb"
    both = "both" in which
    broadcast(
        leg,
        parts[1],
        to_leg=both or "aleg" in which,
        to_partner=both or "bleg" in which,
        holds_partner="holdb" in which,
    )
    return "+OK Message sent\n"


@command("uuid_break")
def uuid_break(board: Switchboard, argument: str) -> str:
    if not argument:
        return usage("<uuid> [all]")
    uuid, _, flags = argument.partition(" ")
    leg = find_leg(board, uuid)
    if leg is None:
        return NO_SUCH_CHANNEL
    _break(leg, "all" in flags)
    if "both" in flags and leg.partner is not None:
        _break(leg.partner, "all" in flags)
    return "+OK\n"


def _break(leg: Leg, everything: bool) -> None:
    if everything:
        leg.messages.clear()
    if leg.has(Flag.BROADCAST):
        leg.stop_broadcast()
    else:
        leg.mark(Flag.BREAK, OF_ALL if everything else 1)
        leg.stir()
