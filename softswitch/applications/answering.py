"""`answer` `pre_answer` `ring_ready` `hangup`."""

from __future__ import annotations

from softswitch.execution import application
from softswitch.leg import Leg
from softswitch.sip.causes import Cause, cause_from_text


@application("answer")
async def answer(leg: Leg, argument: str) -> None:
    leg.answer()


@application("pre_answer")
async def pre_answer(leg: Leg, argument: str) -> None:
    leg.pre_answer()


@application("ring_ready")
async def ring_ready(leg: Leg, argument: str) -> None:
    leg.ring_ready()


@application("hangup")
async def hangup(leg: Leg, argument: str) -> None:
    leg.hang_up(cause_from_text(argument) if argument else Cause.NORMAL_CLEARING)
