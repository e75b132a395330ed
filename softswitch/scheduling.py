"""What can be put off for a leg (`switch_ivr_schedule_transfer`, `switch_ivr_schedule_hangup`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from softswitch.leg import Leg
from softswitch.sip.causes import Cause
from softswitch.transferring import transfer

if TYPE_CHECKING:
    from softswitch.switchboard import Switchboard


def seconds_until(board: Switchboard, text: str) -> float:
    """`+SECONDS` from now, or seconds since the epoch; what cannot be read is now."""
    match = re.fullmatch(r"(\+?)(\d+(?:\.\d+)?)", text)
    if match is None:
        return 0.0
    seconds = float(match.group(2))
    return seconds if match.group(1) else seconds - board.now() / 1_000_000


def schedule_transfer(leg: Leg, seconds: float, extension: str, dialplan: str | None, context: str | None) -> int:
    """Returns the task's number."""
    board, uuid = leg.board, leg.uuid

    def run() -> None:
        living = board.legs.get(uuid)
        if living is not None:
            transfer(living, extension, dialplan, context)

    return board.schedule.add(seconds, uuid, run)


def schedule_hangup(leg: Leg, seconds: float, cause: Cause) -> int:
    """At once when `seconds` is 0 or less; returns the task's number, 0 for none."""
    if seconds <= 0:
        leg.hang_up(cause)
        return 0
    board, uuid = leg.board, leg.uuid

    def run() -> None:
        living = board.legs.get(uuid)
        if living is not None:
            living.hang_up(cause)

    return board.schedule.add(seconds, uuid, run)
