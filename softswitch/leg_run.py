"""What a leg does from its first moment to its last: one coroutine per leg, one coroutine per state.

The order of steps and events is that of switch_core_state_machine.c in FreeSWITCH 1.10.12.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from softswitch.bridging import exchange_media, soft_execute
from softswitch.call_record import set_media_statistics, set_timestamps
from softswitch.execution import execute, work_off_messages
from softswitch.leg import Extension, Flag, Leg
from softswitch.leg_state import CallState, State
from softswitch.parking import park
from softswitch.recording import stop_all
from softswitch.sip.causes import Cause, q850_number

log = logging.getLogger(__name__)


async def run(leg: Leg) -> None:
    """The life of a leg. Whatever goes wrong in it, the leg ends and says so."""
    try:
        await _live(leg)
    except Exception:
        log.exception("leg %s failed", leg.uuid)
        leg.hang_up(Cause.DESTINATION_OUT_OF_ORDER)
        leg.end_dialog()
        leg.fire("CHANNEL_DESTROY")
    finally:
        leg.media.close()
        leg.dialog = None  # which knows the leg: without this only a garbage collection would find the two
        leg.board.forget(leg)


async def _live(leg: Leg) -> None:
    while leg.state is not State.CS_DESTROY:
        if leg.state is not leg.running_state:
            await _enter(leg)
            continue
        await work_off_messages(leg)
        if leg.state is leg.running_state:
            await leg.wake.pause()
    leg.fire("CHANNEL_DESTROY")
    _enter_state(leg)


async def _enter(leg: Leg) -> None:
    _enter_state(leg)
    await HANDLERS[leg.running_state](leg)


def _enter_state(leg: Leg) -> None:
    leg.running_state = leg.state
    leg.unmark(Flag.TRANSFER, Flag.REDIRECT)
    leg.flags.update(dict.fromkeys(leg.flags_of_next_state, 1))
    leg.flags_of_next_state.clear()
    if leg.inbound and not leg.down:
        if leg.state is State.CS_ROUTING:
            leg.set_call_state(CallState.RINGING)
        elif leg.has(Flag.ANSWERED) and not leg.has(Flag.LEG_HOLDING):
            leg.set_call_state(CallState.ACTIVE)
        elif leg.has(Flag.EARLY_MEDIA):
            leg.set_call_state(CallState.EARLY)
    leg.fire("CHANNEL_STATE")


async def _init(leg: Leg) -> None:
    leg.set_state(State.CS_ROUTING)
    leg.fire("CHANNEL_CREATE")
    if not leg.inbound:
        leg.fire("CHANNEL_ORIGINATE")


async def _routing(leg: Leg) -> None:
    """Find what to do: an arrived or transferred leg asks the dialplan, one that we dial waits for its answer."""
    if leg.has(Flag.ORIGINATING):
        leg.set_state(State.CS_CONSUME_MEDIA)
        return
    extension = leg.board.dialplan(leg)
    if leg.down or leg.state is not State.CS_ROUTING:
        return
    if extension is None:
        log.info("leg %s: no route in context %r", leg.uuid, leg.profile.context)
        leg.hang_up(Cause.NO_ROUTE_DESTINATION)
        return
    leg.extension = extension
    leg.set_state(State.CS_EXECUTE)


async def _execute(leg: Leg) -> None:
    extension = leg.extension
    leg.variables.set("call_uuid", leg.uuid)
    if extension is None:
        leg.hang_up(Cause.NORMAL_CLEARING)
        return
    await _run_extension(leg, extension)
    if leg.is_ready() and leg.state is State.CS_EXECUTE and leg.extension is extension:
        leg.hang_up(Cause.NORMAL_CLEARING)


async def _run_extension(leg: Leg, extension: Extension) -> None:
    while leg.is_ready() and leg.extension is extension and extension.position < len(extension.steps):
        name, argument = extension.steps[extension.position]
        extension.position += 1
        if not await execute(leg, name, argument):
            return
        await work_off_messages(leg)


async def _park(leg: Leg) -> None:
    leg.start_afresh()
    await park(leg)


async def _idle(leg: Leg) -> None:
    """States in which others act on the leg."""


async def _hibernate(leg: Leg) -> None:
    leg.set_state(State.CS_RESET)


async def _reset(leg: Leg) -> None:
    leg.unmark(Flag.ORIGINATING)
    if leg.has(Flag.UUID_BRIDGE_ORIGINATOR):
        leg.set_state(State.CS_SOFT_EXECUTE)
    elif leg.has(Flag.RESET):
        leg.unmark(Flag.RESET)
        leg.set_state(State.CS_EXECUTE)


async def _hangup(leg: Leg) -> None:
    leg.profile.times.hungup = leg.board.now()
    stop_all(leg)
    leg.stop_broadcast()
    leg.variables.set("hangup_cause", leg.cause.name)
    leg.variables.set("hangup_cause_q850", str(q850_number(leg.cause)))
    set_timestamps(leg)
    leg.set_call_state(CallState.HANGUP)
    leg.end_dialog()
    set_media_statistics(leg)
    leg.media.close()
    leg.set_state(State.CS_REPORTING)


async def _reporting(leg: Leg) -> None:
    leg.fire("CHANNEL_HANGUP_COMPLETE", {"Hangup-Cause": leg.cause.name})
    leg.set_state(State.CS_DESTROY)


HANDLERS: dict[State, Callable[[Leg], Awaitable[None]]] = {
    State.CS_INIT: _init,
    State.CS_ROUTING: _routing,
    State.CS_SOFT_EXECUTE: soft_execute,
    State.CS_EXECUTE: _execute,
    State.CS_EXCHANGE_MEDIA: exchange_media,
    State.CS_PARK: _park,
    State.CS_CONSUME_MEDIA: _idle,
    State.CS_HIBERNATE: _hibernate,
    State.CS_RESET: _reset,
    State.CS_HANGUP: _hangup,
    State.CS_REPORTING: _reporting,
}
