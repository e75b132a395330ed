"""Waiting for orders (`switch_ivr_park`, `switch_ivr_park_session`)."""

from __future__ import annotations

from softswitch.execution import work_off_messages
from softswitch.leg import Flag, Leg
from softswitch.leg_state import State
from softswitch.sip.causes import Cause, cause_from_text


async def park(leg: Leg) -> None:
    """Stay until the leg is sent elsewhere or ends; `park_timeout` (seconds[:cause]) ends it."""
    if leg.has(Flag.CONTROLLED) or leg.state is State.CS_RESET:
        return
    expires, cause = _time_limit(leg)
    leg.mark(Flag.CONTROLLED)
    leg.mark(Flag.PARK)
    leg.fire("CHANNEL_PARK")
    while leg.is_ready() and leg.has(Flag.PARK):
        await work_off_messages(leg)
        leg.digits.clear()
        if not leg.is_ready():
            break
        if expires is not None and leg.board.monotonic() >= expires:
            leg.hang_up(cause)
            break
        await leg.wake.pause(None if expires is None else expires - leg.board.monotonic())
    leg.unmark(Flag.CONTROLLED, Flag.PARK)
    leg.fire("CHANNEL_UNPARK")


def _time_limit(leg: Leg) -> tuple[float | None, Cause]:
    text = leg.variables.get("park_timeout")
    if not text:
        return None, Cause.NORMAL_CLEARING
    seconds, separator, name = text.partition(":")
    leg.variables.set("park_timeout", None)
    leg.variables.set("park_after_bridge", None)
    limit = leg.board.monotonic() + int(seconds) if seconds.isdigit() else None
    return limit, cause_from_text(name) if separator else Cause.NORMAL_CLEARING


def send_to_park(leg: Leg) -> None:
    """Take the leg out of whatever it does and park it."""
    if leg.state is State.CS_PARK:
        return
    leg.mark(Flag.TRANSFER)
    leg.set_state(State.CS_PARK)
    leg.stir()
