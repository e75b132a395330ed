"""Two legs that hear each other: how they come together, what happens meanwhile, and what follows.

Behaviour follows switch_ivr_bridge.c: `switch_ivr_uuid_bridge`, `switch_ivr_multi_threaded_bridge` (the originator's
side) and `audio_bridge_on_exchange_media` (the other's). Each leg runs its own half, as its thread does there.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from softswitch.execution import obey, takes_orders, work_off_messages
from softswitch.holding import release
from softswitch.leg import Flag, Leg
from softswitch.leg_state import State
from softswitch.parking import send_to_park
from softswitch.sip.causes import Cause
from softswitch.transferring import transfer_to_text

log = logging.getLogger(__name__)

JOIN_SECONDS = 10.0
"""How long one side waits for the other to arrive in the bridge."""


@dataclass(slots=True)
class Half:
    """One leg's side of a bridge. `clean`: it left for somewhere else, so nothing follows for it."""

    leg: Leg
    peer: Leg
    other: Half | None = None
    clean: bool = False
    over: bool = False


def uuid_bridge(first: Leg, second: Leg) -> bool:
    """Order two live legs into one bridge; False when neither has sound or one is gone."""
    if first.down or second.down or first is second:
        return False
    release(first)
    release(second)
    if not first.media_up:
        if not second.media_up:
            log.warning("legs %s and %s: neither is answered, so they cannot be bridged", first.uuid, second.uuid)
            return False
        first, second = second, first
    first.enter_dialplan()
    _bond(first, second)
    first.variables.set("uuid_bridge", second.uuid)
    for leg, other in ((first, second), (second, first)):
        _prepare(leg, other)
    _introduce(first, second)
    first.unmark(Flag.BRIDGE_ORIGINATOR)
    second.unmark(Flag.BRIDGE_ORIGINATOR, Flag.UUID_BRIDGE_ORIGINATOR)
    second.flags_of_next_state.discard(Flag.UUID_BRIDGE_ORIGINATOR)
    first.unmark(Flag.UUID_BRIDGE_ORIGINATOR)
    first.flags_of_next_state.add(Flag.UUID_BRIDGE_ORIGINATOR)
    for leg in (first, second):
        leg.set_state(State.CS_CONSUME_MEDIA if leg.state is State.CS_HIBERNATE else State.CS_HIBERNATE)
        leg.stir()
    return True


def _prepare(leg: Leg, other: Leg) -> None:
    leg.mark(Flag.REDIRECT)
    leg.variables.set("original_destination_number", leg.profile.destination_number)
    leg.variables.set("original_caller_id_name", leg.profile.caller_id_name)
    leg.variables.set("original_caller_id_number", leg.profile.caller_id_number)
    leg.profile = leg.profile.next(leg.board.now())
    leg.stop_broadcast()
    leg.mark(Flag.TRANSFER)
    leg.unmark(Flag.ORIGINATING)
    source = f"{leg.board.now() // 1_000_000}:{leg.profile.uuid_str}:uuid_br:{other.uuid}"
    leg.profile.transfer_source = source
    leg.variables.set("transfer_history", source)
    leg.variables.set("transfer_source", source)


def _introduce(first: Leg, second: Leg) -> None:
    """Each learns who the other is: the first whom it reached, the second who calls."""
    first.other_type, second.other_type = "originatee", "originator"
    first.other_profile = second.profile.as_other_leg("inbound")
    second.other_profile = first.profile.as_other_leg("inbound")
    first.profile.callee_id_name = second.profile.callee_id_name
    first.profile.callee_id_number = second.profile.callee_id_number
    second.profile.caller_id_name = first.profile.caller_id_name
    second.profile.caller_id_number = first.profile.caller_id_number
    second.unmark(Flag.DIALPLAN)


def _bond(first: Leg, second: Leg) -> None:
    for leg, other in ((first, second), (second, first)):
        leg.variables.set("bridge_channel", other.name)
        leg.variables.set("bridge_uuid", other.uuid)
        leg.variables.set("signal_bond", other.uuid)


async def soft_execute(leg: Leg) -> None:
    """CS_SOFT_EXECUTE: the originator of a `uuid_bridge` fetches the other leg and runs the bridge."""
    if not leg.has(Flag.UUID_BRIDGE_ORIGINATOR):
        return
    other = leg.board.legs.get(leg.variables.get("uuid_bridge") or "")
    leg.variables.set("uuid_bridge", None)
    try:
        if other is None:
            _lone_after_bridge(leg)
            return
        if await _other_arrives(leg, other):
            leg.start_afresh()
            await _bridged_by_order(leg, other)
    finally:
        leg.unmark(Flag.UUID_BRIDGE_ORIGINATOR)


async def _bridged_by_order(leg: Leg, other: Leg) -> None:
    for side, peer in ((leg, other), (other, leg)):
        side.shown_application = ("uuid_bridge", peer.uuid)
        side.fire("CHANNEL_EXECUTE", trailing={"Application": "uuid_bridge", "Application-Data": peer.uuid})
    await bridge(leg, other)
    stays = not leg.has(Flag.TRANSFER) and not leg.has(Flag.REDIRECT)
    if stays and not leg.down and leg.state not in (State.CS_ROUTING, State.CS_PARK):
        leg.set_state(State.CS_EXECUTE)


async def _other_arrives(leg: Leg, other: Leg) -> bool:
    """Wait until the other leg has left what it did and takes part."""
    deadline = leg.board.monotonic() + JOIN_SECONDS
    other.watchers.add(leg.wake)
    try:
        while not leg.down and not other.down:
            if other.running_state is State.CS_RESET and other.state is State.CS_RESET:
                other.set_state(State.CS_SOFT_EXECUTE)
            # Where it still runs the bridge that it is to leave, it is on its way to another state.
            if other.running_state is State.CS_SOFT_EXECUTE and other.state is State.CS_SOFT_EXECUTE:
                return not other.has(Flag.UUID_BRIDGE_ORIGINATOR)
            if leg.board.monotonic() >= deadline or leg.state is not State.CS_SOFT_EXECUTE:
                break
            await leg.wake.pause(deadline - leg.board.monotonic())
    finally:
        other.watchers.discard(leg.wake)
    if leg.down or other.down or leg.board.monotonic() >= deadline:
        leg.hang_up(Cause.DESTINATION_OUT_OF_ORDER)
        other.hang_up(Cause.DESTINATION_OUT_OF_ORDER)
    return False


def _lone_after_bridge(leg: Leg) -> None:
    """The leg to be bridged with is gone (`uuid_bridge_on_soft_execute`)."""
    if leg.variables.is_true("park_after_bridge"):
        send_to_park(leg)
    elif target := leg.variables.get("transfer_after_bridge"):
        transfer_to_text(leg, target)
    else:
        leg.hang_up(Cause.DESTINATION_OUT_OF_ORDER)


async def bridge(leg: Leg, peer: Leg) -> bool:
    """Bridge `leg`, which runs this, with `peer`, which idles; returns when it is over.

    False: it did not come about, and the peer was hung up.
    """
    leg.mark(Flag.BRIDGE_ORIGINATOR)
    peer.unmark(Flag.BRIDGE_ORIGINATOR)
    ours, theirs = Half(leg, peer), Half(peer, leg)
    ours.other, theirs.other = theirs, ours
    if peer.has(Flag.ANSWERED) and not leg.has(Flag.ANSWERED):
        leg.answer()
    if not leg.is_ready() or peer.down:
        _abort(leg, peer)
        return False
    _announce(leg, peer)
    leg.board.halves[peer.uuid] = theirs
    await _wait_until_peer_is_free(leg, peer)
    if not leg.down and not peer.down:
        peer.set_state(State.CS_EXCHANGE_MEDIA)
        await _exchange(ours)
        leg.unmark(Flag.BRIDGE_ORIGINATOR)
        peer.stop_broadcast()
        await _wait_until_over(leg, theirs)
    leg.board.halves.pop(peer.uuid, None)
    _conclude(ours)
    ours.other = None  # the other side may still ask what this one did
    return True


def _announce(leg: Leg, peer: Leg) -> None:
    peer.variables.set("call_uuid", leg.uuid)
    now = leg.board.now()
    leg.profile.times.bridged = peer.profile.times.bridged = now
    leg.fire("CHANNEL_BRIDGE", {"Bridge-A-Unique-ID": leg.uuid, "Bridge-B-Unique-ID": peer.uuid})
    for side, other in ((leg, peer), (peer, leg)):
        side.variables.set("bridge_to", other.uuid)
        side.variables.set("last_bridge_to", other.uuid)
        side.variables.set("bridge_channel", other.name)
        side.variables.set("bridge_uuid", other.uuid)
        side.variables.set("signal_bond", other.uuid)


async def _wait_until_peer_is_free(leg: Leg, peer: Leg) -> None:
    """An application of the peer that is locked in (a broadcast) is heard out first."""
    deadline = leg.board.monotonic() + JOIN_SECONDS
    peer.watchers.add(leg.wake)
    try:
        while peer.has(Flag.BROADCAST) and not leg.down and not peer.down and leg.board.monotonic() < deadline:
            await leg.wake.pause(deadline - leg.board.monotonic())
    finally:
        peer.watchers.discard(leg.wake)
    await work_off_messages(leg)


async def exchange_media(leg: Leg) -> None:
    """CS_EXCHANGE_MEDIA: the other side of a bridge."""
    half = leg.board.halves.pop(leg.uuid, None)
    if half is None:
        leg.hang_up(Cause.DESTINATION_OUT_OF_ORDER)
        return
    originator = half.peer
    await _exchange(half)
    half.over = True
    originator.stir()
    if leg.has(Flag.TRANSFER) or leg.has(Flag.REDIRECT) or half.clean or leg.state is not State.CS_EXCHANGE_MEDIA:
        return
    _after_bridge_of_other_side(leg)


def _after_bridge_of_other_side(leg: Leg) -> None:
    if leg.variables.is_true("park_after_bridge"):
        send_to_park(leg)
    elif target := leg.variables.get("transfer_after_bridge"):
        transfer_to_text(leg, target)
    else:
        leg.hang_up(Cause.NORMAL_CLEARING if leg.has(Flag.ANSWERED) else Cause.ORIGINATOR_CANCEL)


async def _exchange(half: Half) -> None:
    """One side's loop (`audio_bridge_thread`): hear the peer, pass keys on, obey orders, notice the end."""
    leg, peer = half.leg, half.peer
    leg.mark(Flag.BRIDGED)
    peer.watchers.add(leg.wake)
    leg.stir()
    try:
        if await _both_arrive(half):
            leg.bridge_peer = peer
            leg.media.refresh_hearing()
            await _talk(half)
    finally:
        leg.bridge_peer = None
        leg.media.refresh_hearing()
        leg.unmark(Flag.BRIDGED)
        leg.variables.set("bridge_to", None)
        leg.start_afresh()
        _end_hold(half)
        peer.watchers.discard(leg.wake)
        peer.stir()


def _end_hold(half: Half) -> None:
    """A leg that held the other and leaves takes it along, or sends it to `hold_hangup_xfer_exten`."""
    leg, peer = half.leg, half.peer
    held = leg.has(Flag.LEG_HOLDING) or leg.has(Flag.HANGUP_HELD)
    peer_stays = half.other is not None and half.other.clean
    if held and peer.is_ready() and peer.state is not State.CS_PARK and not peer_stays:
        peer.stop_broadcast()
        if extension := leg.variables.get("hold_hangup_xfer_exten"):
            peer.variables.set("transfer_after_bridge", extension)
        else:
            peer.hang_up(Cause.NORMAL_CLEARING)
    leg.mark_hold(False)


async def _both_arrive(half: Half) -> bool:
    leg, peer = half.leg, half.peer
    deadline = leg.board.monotonic() + JOIN_SECONDS
    while not peer.has(Flag.BRIDGED):
        leaving = peer.has(Flag.TRANSFER) or peer.has(Flag.REDIRECT) or peer.state is State.CS_RESET
        if leg.board.monotonic() >= deadline and not leaving:
            peer.hang_up(Cause.DESTINATION_OUT_OF_ORDER)
        if not leg.is_ready() or peer.down or leaving:
            half.clean = half.clean or not leg.down and not leg.is_ready()
            return False
        await leg.wake.pause(deadline - leg.board.monotonic())
    return True


async def _talk(half: Half) -> None:
    leg, peer = half.leg, half.peer
    while True:
        if leg.has(Flag.TRANSFER):
            half.clean = True
        if half.clean or peer.has(Flag.TRANSFER) or not peer.has(Flag.BRIDGED) or peer.down:
            return
        if not leg.is_ready():
            half.clean = not leg.down
            return
        if takes_orders(leg):
            await _obey_apart(leg)
            continue
        _pass_keys_on(leg, peer)
        _answer_together(leg, peer)
        await leg.wake.pause()


async def _obey_apart(leg: Leg) -> None:
    """An order during the bridge: neither hears the other while it runs."""
    message = leg.next_message()
    if message is None:
        return
    peer = leg.bridge_peer
    _suspend(leg, peer, True)
    try:
        await obey(leg, message)
    finally:
        _suspend(leg, peer, False)


def _suspend(leg: Leg, peer: Leg | None, suspended: bool) -> None:
    leg.media.suspended = suspended
    for side in (leg, peer):
        if side is not None:
            side.media.refresh_hearing()


def _pass_keys_on(leg: Leg, peer: Leg) -> None:
    while leg.digits:
        digit, duration_ms = leg.digits.popleft()
        if peer.media.port is not None and not leg.variables.is_true("bridge_filter_dtmf"):
            peer.media.port.send_digits(digit, duration_ms)


def _answer_together(leg: Leg, peer: Leg) -> None:
    """When one side of a bridge is answered, an arrived leg on the other side is, too."""
    if peer.has(Flag.ANSWERED) and not leg.has(Flag.ANSWERED) and leg.inbound:
        leg.answer()
    elif peer.has(Flag.EARLY_MEDIA) and not leg.media_up and leg.inbound:
        leg.pre_answer()


async def _wait_until_over(leg: Leg, theirs: Half) -> None:
    peer = theirs.leg
    deadline = leg.board.monotonic() + JOIN_SECONDS
    peer.watchers.add(leg.wake)
    try:
        while peer.state is State.CS_EXCHANGE_MEDIA and not theirs.over and leg.board.monotonic() < deadline:
            await leg.wake.pause(deadline - leg.board.monotonic())
    finally:
        peer.watchers.discard(leg.wake)


def _conclude(ours: Half) -> None:
    """The originator's end of a bridge: tell, then hang up, park or go on."""
    leg, peer = ours.leg, ours.peer
    for side, other in ((leg, peer), (peer, leg)):
        if other.cause is not Cause.NONE:
            side.variables.set("bridge_hangup_cause", other.cause.name)
    peer.variables.set("call_uuid", peer.uuid)
    leg.fire("CHANNEL_UNBRIDGE", {"Bridge-A-Unique-ID": leg.uuid, "Bridge-B-Unique-ID": peer.uuid})
    if not ours.clean and not leg.has(Flag.TRANSFER) and not leg.has(Flag.REDIRECT) and not leg.down:
        _after_bridge_of_originator(leg, peer)
    if leg.has(Flag.REDIRECT) and leg.state not in _ON_ITS_WAY:
        leg.set_state(State.CS_RESET)


_ON_ITS_WAY = frozenset(
    {State.CS_RESET, State.CS_PARK, State.CS_ROUTING, State.CS_EXECUTE, State.CS_HIBERNATE, State.CS_CONSUME_MEDIA}
)


def _after_bridge_of_originator(leg: Leg, peer: Leg) -> None:
    cause = peer.cause if peer.cause is not Cause.NONE else Cause.NORMAL_CLEARING
    answered = peer.has(Flag.ANSWERED)
    if leg.variables.get("hangup_after_bridge") == "explicit":
        leg.hang_up(cause)
    elif answered and leg.variables.is_true("park_after_bridge"):
        send_to_park(leg)
    elif answered and (target := leg.variables.get("transfer_after_bridge")):
        transfer_to_text(leg, target)
    elif answered and leg.variables.is_true("hangup_after_bridge"):
        leg.hang_up(cause)


def _abort(leg: Leg, peer: Leg) -> None:
    peer.hang_up(Cause.ORIGINATOR_CANCEL if leg.down else Cause.NO_ANSWER)
