"""Hold: ours by order (`switch_ivr_hold`), theirs by re-INVITE (`switch_core_media_toggle_hold`)."""

from __future__ import annotations

from softswitch.broadcasting import broadcast
from softswitch.leg import Flag, Leg
from softswitch.leg_state import CallState
from softswitch.wake import Wake

MUSIC_END_SECONDS = 5.0
"""How long the partner may take to end what it hears, as in `switch_ivr_unhold`."""

MUSIC_STEP_SECONDS = 0.02


def hold_music(leg: Leg) -> str:
    """What others hear while this leg holds them; `silence` is none."""
    return leg.variables.get("hold_music") or leg.board.settings.hold_music


def hold(leg: Leg) -> bool:
    """Put the party on hold by re-INVITE and let its partner hear music. False: it is held already."""
    if leg.call_state is CallState.HELD:
        return False
    leg.mark(Flag.LEG_HOLDING)
    leg.set_call_state(CallState.HELD)
    leg.media.hold(True)
    partner = leg.partner
    if partner is not None and hold_music(leg) != "silence":
        broadcast(partner, hold_music(leg), loop=True)
    leg.count_hold(True)
    leg.fire("CHANNEL_HOLD")
    return True


async def unhold(leg: Leg) -> bool:
    """Take the party off hold, once its partner no longer hears music. False: it is not on hold."""
    if leg.call_state is not CallState.HELD:
        return False
    leg.unmark(Flag.LEG_HOLDING)
    leg.set_call_state(CallState.UNHELD)
    leg.media.hold(False)
    partner = leg.partner
    if partner is not None:
        await _end_of_music(partner)
    leg.count_hold(False)
    leg.fire("CHANNEL_UNHOLD")
    leg.set_call_state(CallState.ACTIVE)
    return True


def release(leg: Leg) -> None:
    """Take the party off our hold at once, because the leg goes elsewhere (`switch_ivr_check_hold`)."""
    if not leg.media.we_hold:
        return
    leg.unmark(Flag.LEG_HOLDING)
    leg.set_call_state(CallState.UNHELD)
    leg.media.hold(False)
    if leg.partner is not None:
        leg.partner.stop_broadcast()
    leg.count_hold(False)
    leg.fire("CHANNEL_UNHOLD")
    leg.set_call_state(CallState.ACTIVE)


async def _end_of_music(partner: Leg) -> None:
    partner.stop_broadcast()
    deadline = partner.board.monotonic() + MUSIC_END_SECONDS
    ended = Wake()
    partner.watchers.add(ended)
    try:
        while partner.has(Flag.BROADCAST) and not partner.down and partner.board.monotonic() < deadline:
            await ended.pause(MUSIC_STEP_SECONDS)
    finally:
        partner.watchers.discard(ended)


def partner_held(leg: Leg, held: bool) -> None:
    """The party of `leg` pressed hold, or took us off: its partner hears music meanwhile."""
    partner = leg.partner
    if partner is None:
        return
    if held and hold_music(leg) != "silence":
        broadcast(partner, hold_music(leg), loop=True)
    elif not held:
        partner.stop_broadcast()
