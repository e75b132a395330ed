"""`playback` `endless_playback` `play_and_get_digits` `echo`."""

from __future__ import annotations

import logging

from softswitch.digits import BadQuestion, play_and_get_digits, read_question
from softswitch.execution import application, work_off_messages
from softswitch.leg import Flag, Leg
from softswitch.playing import APPLICATION_RESPONSES, Played, play

log = logging.getLogger(__name__)

ANY_KEY = "1234567890*#"


@application("playback", needs_media=True)
async def playback(leg: Leg, argument: str) -> None:
    leg.variables.set("playback_terminator_used", None)
    terminators = _terminators(leg)

    def ends(digit: str) -> bool:
        if digit not in terminators:
            return False
        leg.variables.set("playback_terminator_used", digit)
        return True

    played = await play(leg, argument.split("@@")[0], on_digit=ends)
    leg.variables.set("current_application_response", APPLICATION_RESPONSES[played])


def _terminators(leg: Leg) -> str:
    value = leg.variables.get("playback_terminators") or "*"
    return {"any": ANY_KEY, "none": ""}.get(value.lower(), value)


@application("endless_playback", needs_media=True)
async def endless_playback(leg: Leg, argument: str) -> None:
    played = Played.TO_THE_END
    while leg.is_ready():
        played = await play(leg, argument)
        if played not in (Played.TO_THE_END, Played.CUT_SHORT):
            break
    leg.variables.set("current_application_response", APPLICATION_RESPONSES[played])


@application("play_and_get_digits", needs_media=True)
async def ask(leg: Leg, argument: str) -> None:
    try:
        question = read_question(argument)
    except BadQuestion:
        log.error("leg %s: play_and_get_digits without arguments", leg.uuid)  # noqa: TRY400
        return
    await play_and_get_digits(leg, question)


@application("echo", needs_media=True)
async def echo(leg: Leg, argument: str) -> None:
    if leg.media.port is None:
        return
    leg.media.hear_only(frozenset({leg.media.port}))
    try:
        while leg.is_ready() and not leg.has(Flag.BREAK):
            await work_off_messages(leg)
            leg.digits.clear()
            if leg.is_ready() and not leg.has(Flag.BREAK):
                await leg.wake.pause()
    finally:
        leg.unmark(Flag.BREAK)
        leg.media.refresh_hearing()
