"""`uuid_send_dtmf` `uuid_recv_dtmf` `uuid_flush_dtmf`."""

from __future__ import annotations

from softswitch.api import command, find_leg, usage
from softswitch.key_text import read_keys, send_keys
from softswitch.separating import separate
from softswitch.switchboard import Switchboard

SYNTAX = "<uuid> <dtmf_data>"
NOT_FOUND = "-ERR Cannot locate session!\n"


@command("uuid_send_dtmf")
def uuid_send_dtmf(board: Switchboard, argument: str) -> str:
    parts = separate(argument)
    if len(parts) < 2:
        return usage(SYNTAX)
    leg = find_leg(board, parts[0])
    if leg is None:
        return NOT_FOUND
    if not send_keys(leg, read_keys(parts[1])):
        return "-ERR Operation failed\n"
    return f"+OK {parts[0]} sent DTMF {parts[1]}.\n"


@command("uuid_recv_dtmf")
def uuid_recv_dtmf(board: Switchboard, argument: str) -> str:
    parts = separate(argument)
    if len(parts) < 2:
        return usage(SYNTAX)
    leg = find_leg(board, parts[0])
    if leg is None:
        return NOT_FOUND
    keys = read_keys(parts[1])
    for digit in keys.digits:
        leg.key_pressed(digit, keys.duration_ms, "APP")
    return f"+OK {parts[0]} received DTMF {parts[1]}.\n"


@command("uuid_flush_dtmf")
def uuid_flush_dtmf(board: Switchboard, argument: str) -> str:
    leg = find_leg(board, argument.strip())
    if leg is None:
        return "-ERR No such session\n"
    leg.digits.clear()
    return "+OK\n"
