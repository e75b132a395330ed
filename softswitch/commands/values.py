"""`uuid_getvar` `uuid_setvar` `uuid_setvar_multi`."""

from __future__ import annotations

from softswitch.api import NO_SUCH_CHANNEL, command, find_leg, usage
from softswitch.separating import separate
from softswitch.switchboard import Switchboard


@command("uuid_getvar")
def uuid_getvar(board: Switchboard, argument: str) -> str:
    parts = separate(argument)
    if len(parts) < 2:
        return usage("<uuid> <var>")
    leg = find_leg(board, parts[0])
    if leg is None:
        return NO_SUCH_CHANNEL
    value = leg.lookup(parts[1])
    return "_undef_" if value is None else value


@command("uuid_setvar")
def uuid_setvar(board: Switchboard, argument: str) -> str:
    parts = separate(argument, limit=3)
    if len(parts) < 2:
        return usage("<uuid> <var> [value]")
    leg = find_leg(board, parts[0])
    if leg is None:
        return NO_SUCH_CHANNEL
    value = parts[2] if len(parts) > 2 else None
    if value is None or "${" not in value:
        leg.variables.set(parts[1], value)
    return "+OK\n"


@command("uuid_setvar_multi")
def uuid_setvar_multi(board: Switchboard, argument: str) -> str:
    syntax = usage("<uuid> <var>=<value>;<var>=<value>...")
    uuid, separator, assignments = argument.partition(" ")
    if not separator:
        return syntax
    leg = find_leg(board, uuid)
    if leg is None:
        return NO_SUCH_CHANNEL + syntax
    done = 0
    answer = ""
    for part in separate(assignments, ";"):
        name, _, value = part.partition("=")
        if not name:
            answer += "-ERR No variable specified\n"
            continue
        leg.variables.set(name, value)
        done += 1
    return answer + ("+OK\n" if done else syntax)
