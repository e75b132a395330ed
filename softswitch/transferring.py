"""Sending a leg to another extension (`switch_ivr_session_transfer` in switch_ivr.c)."""

from __future__ import annotations

from softswitch.holding import release
from softswitch.leg import Flag, Leg
from softswitch.leg_state import State


def transfer(leg: Leg, extension: str, dialplan: str | None = None, context: str | None = None) -> bool:
    """Leave whatever runs and look up `extension`. `dialplan` inline: the extension is a list of applications."""
    if leg.down:
        return False
    release(leg)
    leg.start_afresh()
    before = leg.profile
    kept = before.dialplan if before.dialplan.lower() != "inline" else ""
    leg.profile = before.next(leg.board.now())
    leg.profile.dialplan = dialplan or kept or "XML"
    leg.profile.context = context or before.context or "default"
    leg.profile.destination_number = extension
    leg.profile.rdnis = before.destination_number
    leg.profile.times.transferred = 0
    _unbond(leg)
    leg.unmark(Flag.ORIGINATING)
    leg.mark(Flag.TRANSFER)
    where = f"{extension}/{leg.profile.context}/{leg.profile.dialplan}"
    source = f"{leg.board.now() // 1_000_000}:{leg.profile.uuid_str}:bl_xfer:{where}"
    leg.profile.transfer_source = source
    leg.variables.set("transfer_history", source)
    leg.variables.set("transfer_source", source)
    leg.set_state(State.CS_ROUTING)
    leg.stir()
    return True


def _unbond(leg: Leg) -> None:
    partner = leg.partner
    leg.variables.set("signal_bond", None)
    if partner is not None:
        partner.variables.set("signal_bond", None)


def transfer_to_text(leg: Leg, text: str) -> None:
    """The target of `transfer_after_bridge`, parts with `:` between them. It is used once."""
    leg.variables.set("transfer_after_bridge", None)
    parts = text.split(":")
    transfer(leg, parts[0], parts[1] if len(parts) > 1 else None, parts[2] if len(parts) > 2 else None)
