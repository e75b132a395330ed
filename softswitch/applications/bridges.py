"""`bridge`: dial somebody on behalf of this leg and bridge the two."""

from __future__ import annotations

import logging

from softswitch.bridging import bridge as bridge_legs
from softswitch.execution import application
from softswitch.leg import Leg
from softswitch.originate import DEFAULT_TIMEOUT_SECONDS, NotReached, originate
from softswitch.sip.causes import Cause, cause_from_text

log = logging.getLogger(__name__)


@application("bridge")
async def bridge(leg: Leg, argument: str) -> None:
    if not argument:
        return
    limit = leg.variables.get("call_timeout") or ""
    timeout = int(limit) if limit.isdigit() else DEFAULT_TIMEOUT_SECONDS
    try:
        peer = await originate(leg.board, argument, timeout, caller=leg)
    except NotReached as missed:
        leg.variables.set("originate_failed_cause", missed.cause.name)
        leg.variables.set("originate_disposition", missed.cause.name)
        _give_up(leg, missed.cause)
        return
    leg.variables.set("originate_disposition", "SUCCESS")
    leg.other_type, leg.other_profile = "originatee", peer.profile.as_other_leg("outbound")
    await bridge_legs(leg, peer)


def _give_up(leg: Leg, cause: Cause) -> None:
    """Hang up with the cause, unless `continue_on_fail` lets the extension go on (`switch_channel_handle_cause`)."""
    goes_on = leg.variables.get("continue_on_fail") or ""
    listed = {cause_from_text(name) for name in goes_on.split(",")} if "_" in goes_on else set()
    if leg.variables.is_true("continue_on_fail") or cause in listed:
        return
    if not leg.down:
        leg.hang_up(cause)
