"""`eavesdrop` `three_way`."""

from __future__ import annotations

import logging

from softswitch.eavesdropping import eavesdrop as listen_in
from softswitch.execution import application
from softswitch.leg import Leg

log = logging.getLogger(__name__)


@application("eavesdrop", needs_media=True)
async def eavesdrop(leg: Leg, argument: str) -> None:
    enabled = leg.variables.get("eavesdrop_enable_dtmf")
    await _listen(
        leg,
        argument,
        read=leg.variables.is_true("eavesdrop_whisper_aleg"),
        write=leg.variables.is_true("eavesdrop_whisper_bleg"),
        keys=enabled is None or leg.variables.is_true("eavesdrop_enable_dtmf"),
    )


@application("three_way", needs_media=True)
async def three_way(leg: Leg, argument: str) -> None:
    await _listen(leg, argument, read=True, write=True, keys=False)


async def _listen(leg: Leg, argument: str, read: bool, write: bool, keys: bool) -> None:
    target = leg.board.legs.get(argument.strip())
    if target is None:
        log.error("leg %s: no such leg to listen to", leg.uuid)
        return
    await listen_in(leg, target, read, write, keys)
