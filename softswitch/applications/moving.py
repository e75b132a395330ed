"""`park` `transfer` `sleep` `sched_transfer` `sched_hangup` `break`: where a leg goes and when."""

from __future__ import annotations

import logging

from softswitch.execution import application, work_off_messages
from softswitch.leg import Flag, Leg
from softswitch.parking import park as stay_parked
from softswitch.scheduling import schedule_hangup, schedule_transfer, seconds_until
from softswitch.separating import separate
from softswitch.sip.causes import Cause, cause_from_text
from softswitch.transferring import transfer as send_elsewhere

log = logging.getLogger(__name__)


@application("park")
async def park(leg: Leg, argument: str) -> None:
    await stay_parked(leg)


@application("transfer")
async def transfer(leg: Leg, argument: str) -> None:
    parts = separate(argument)
    if not parts:
        log.error("leg %s: no extension specified", leg.uuid)
        return
    which = parts.pop(0).lower() if parts[0].lower() in ("-bleg", "-both") else ""
    parts += ["", "", ""]
    target = (parts[0], parts[1] or None, parts[2] or None)
    if which and leg.partner is not None:
        send_elsewhere(leg.partner, *target)
    if which != "-bleg":
        send_elsewhere(leg, *target)


@application("sleep")
async def sleep(leg: Leg, argument: str) -> None:
    milliseconds = int(argument) if argument.isdigit() else 0
    deadline = leg.board.monotonic() + milliseconds / 1000
    while leg.is_ready() and leg.board.monotonic() < deadline:
        await work_off_messages(leg)
        if leg.has(Flag.BREAK):
            leg.unmark(Flag.BREAK)
            return
        if leg.is_ready():
            await leg.wake.pause(deadline - leg.board.monotonic())


@application("sched_transfer")
async def sched_transfer(leg: Leg, argument: str) -> None:
    parts = separate(argument)
    if len(parts) < 2:
        log.error("leg %s: sched_transfer needs a time and an extension", leg.uuid)
        return
    parts += ["", ""]
    number = schedule_transfer(leg, seconds_until(leg.board, parts[0]), parts[1], parts[2] or None, parts[3] or None)
    leg.variables.set("last_sched_id", str(number))


@application("sched_hangup")
async def sched_hangup(leg: Leg, argument: str) -> None:
    parts = separate(argument)
    if not parts:
        log.error("leg %s: no time specified", leg.uuid)
        return
    cause = cause_from_text(parts[1]) if len(parts) > 1 else Cause.ALLOTTED_TIMEOUT
    schedule_hangup(leg, seconds_until(leg.board, parts[0]), cause)


@application("break")
async def break_(leg: Leg, argument: str) -> None:
    if argument and argument.lower() != "all":
        leg.messages.clear()
    if leg.has(Flag.BROADCAST):
        leg.stop_broadcast()
    else:
        leg.mark(Flag.BREAK)
        leg.stir()
