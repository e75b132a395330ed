"""Running applications on a leg, and working off the orders that `sendmsg` left there.

Behaviour follows `switch_core_session_exec` (switch_core_session.c) and `switch_ivr_parse_event` (switch_ivr.c): an
order is taken up wherever the leg waits, so one application may run inside another; `event-lock` stops that.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import uuid4

from softswitch.broadcasting import broadcast
from softswitch.holding import hold_music
from softswitch.leg import Flag, Leg, Message
from softswitch.sip.causes import Cause, cause_from_text
from softswitch.variables import expand, is_true

log = logging.getLogger(__name__)

MAX_DEPTH = 16
"""How deep applications may nest: SWITCH_MAX_STACKS in FreeSWITCH."""

MEDIA_WAIT_SECONDS = 2.0
"""How long an application waits for sound on a leg that we dialled."""

SHORT_LOOP_SECONDS = 0.5
"""A loop that ended sooner is not repeated: it would spin."""


@dataclass(frozen=True, slots=True)
class Application:
    """`needs_media`: an unanswered arrived leg is pre-answered first (SAF_SUPPORT_NOMEDIA is not set)."""

    name: str
    run: Callable[[Leg, str], Awaitable[None]]
    needs_media: bool = False
    for_dead_legs: bool = False


APPLICATIONS: dict[str, Application] = {}
"""Every application by its name; the modules of `softswitch.applications` enter themselves."""


def application(
    name: str, needs_media: bool = False, for_dead_legs: bool = False
) -> Callable[[Callable[[Leg, str], Awaitable[None]]], Callable[[Leg, str], Awaitable[None]]]:
    """Enter an application in the table."""

    def enter(run: Callable[[Leg, str], Awaitable[None]]) -> Callable[[Leg, str], Awaitable[None]]:
        APPLICATIONS[name] = Application(name, run, needs_media, for_dead_legs)
        return run

    return enter


async def execute(leg: Leg, name: str, argument: str) -> bool:
    """Run one application to its end. False: there is no such one, or it could not run."""
    found = APPLICATIONS.get(name.lower())
    if leg.down and not (found and found.for_dead_legs):
        return False
    if found is None:
        log.error("leg %s: invalid application %r", leg.uuid, name[:40])
        leg.hang_up(Cause.DESTINATION_OUT_OF_ORDER)
        return False
    if found.needs_media and not leg.media_up and not await _bring_media_up(leg):
        return False
    await _run(leg, found, argument)
    return True


async def _bring_media_up(leg: Leg) -> bool:
    if leg.inbound:
        return leg.pre_answer()
    deadline = leg.board.monotonic() + MEDIA_WAIT_SECONDS
    while not leg.media_up and not leg.down and leg.board.monotonic() < deadline:
        await leg.wake.pause(deadline - leg.board.monotonic())
    return leg.media_up


async def _run(leg: Leg, found: Application, argument: str) -> None:
    app_uuid = leg.variables.get("app_uuid") or str(uuid4())
    leg.variables.set("app_uuid", None)
    expanded = argument if leg.variables.is_true("app_disable_expand_variables") else expand(argument, leg.lookup)
    leg.variables.set("current_application", found.name)
    leg.variables.set("current_application_data", expanded)
    leg.variables.set("current_application_response", None)
    leg.shown_application = leg.last_application = (found.name, expanded)
    facts = _execute_facts(found, expanded)
    leg.fire("CHANNEL_EXECUTE", trailing={**facts, "Application-UUID": app_uuid})
    leg.unmark(Flag.BREAK)
    leg.app_depth += 1
    try:
        await found.run(leg, expanded)
    finally:
        leg.app_depth -= 1
    response = leg.variables.get("current_application_response") or "_none_"
    outcome = {"Application-Response": response, "Application-UUID": app_uuid}
    leg.fire("CHANNEL_EXECUTE_COMPLETE", trailing={**facts, **outcome})


def _execute_facts(found: Application, expanded: str) -> dict[str, str]:
    facts = {"Application": found.name}
    if expanded:
        facts["Application-Data"] = expanded
    return facts


def takes_orders(leg: Leg) -> bool:
    """Whether an order waits that may run now: no event lock, and not too many applications inside one another."""
    return bool(leg.messages) and not leg.has(Flag.EVENT_LOCK) and leg.app_depth <= MAX_DEPTH


async def work_off_messages(leg: Leg) -> None:
    """All orders that wait, in their order (`switch_ivr_parse_all_events`)."""
    if leg.messages and leg.app_depth > MAX_DEPTH:
        log.error("leg %s: too many applications inside one another", leg.uuid)
        return
    while (message := leg.next_message()) is not None:
        await obey(leg, message)


async def obey(leg: Leg, message: Message) -> None:
    """One order (`switch_ivr_parse_event`)."""
    command = message.headers.get("call-command", "").lower()
    locked = is_true(message.headers.get("event-lock")) and not leg.has(Flag.EVENT_LOCK)
    if locked:
        leg.mark(Flag.EVENT_LOCK)
    try:
        if command == "execute":
            await _obey_execute(leg, message)
        elif command == "hangup":
            leg.hang_up(cause_from_text(message.headers.get("hangup-cause", "NORMAL_CLEARING")))
        else:
            log.error("leg %s: invalid command %r", leg.uuid, command[:40])
    finally:
        if locked:
            leg.unmark(Flag.EVENT_LOCK)
            leg.stir()


async def _obey_execute(leg: Leg, message: Message) -> None:
    name = message.headers.get("execute-app-name", "")
    if not name:
        return
    leg.unmark(Flag.STOP_BROADCAST)
    outermost = not leg.has(Flag.BROADCAST)
    leg.mark(Flag.BROADCAST)
    held = leg.bridge_peer if is_true(message.headers.get("hold-bleg")) and outermost else None
    if held is not None:
        broadcast(held, hold_music(leg), loop=True)
    try:
        await _repeat(leg, message, name, _argument(message))
    finally:
        if held is not None:
            held.stop_broadcast()
        leg.variables.set("current_loop", None)
        leg.variables.set("total_loops", None)
        if outermost:
            leg.unmark(Flag.BROADCAST)
        if leg.has(Flag.STOP_BROADCAST):
            leg.unmark(Flag.BROADCAST)
            leg.mark(Flag.BREAK)


def _argument(message: Message) -> str:
    argument = message.headers.get("execute-app-arg", "")
    if not argument and message.headers.get("content-type", "").lower() == "text/plain":
        return message.body
    return argument


async def _repeat(leg: Leg, message: Message, name: str, argument: str) -> None:
    loops = _number(message.headers.get("loops"), 1)
    done = 0
    while done < loops or loops < 0:
        done += 1
        if event_uuid := message.headers.get("event-uuid"):
            leg.variables.set("app_uuid", event_uuid)
        leg.variables.set("current_loop", str(done))
        leg.variables.set("total_loops", str(loops))
        started = leg.board.monotonic()
        ran = await execute(leg, name, argument)
        too_short = leg.board.monotonic() - started < SHORT_LOOP_SECONDS
        if not ran or not leg.is_ready() or leg.has(Flag.STOP_BROADCAST) or too_short:
            return


def _number(text: str | None, otherwise: int) -> int:
    try:
        return int(text) if text else otherwise
    except ValueError:
        return otherwise
