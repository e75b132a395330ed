"""Having a leg (and its partner) play or do something beside what it does (`switch_ivr_broadcast`)."""

from __future__ import annotations

from softswitch.leg import Leg, Message


def broadcast(
    leg: Leg,
    path: str,
    to_leg: bool = True,
    to_partner: bool = False,
    loop: bool = False,
    holds_partner: bool = False,
) -> None:
    """`path` is a sound, or `app::arguments`, or `app!cause::arguments` to hang up afterwards.

    `holds_partner`: meanwhile the other side of a bridge hears music.
    """
    name, separator, argument = path.partition("::")
    if not separator:
        name, argument = "playback", path
    name, bang, cause = name.partition("!")
    partner = leg.partner if to_partner else None
    for receiver in (partner, leg if to_leg else None):
        if receiver is not None:
            receiver.order(_execute(name, argument, loop, holds_partner))
    if bang:
        leg.order(_execute("hangup", cause or "normal_clearing", False, False))


def _execute(name: str, argument: str, loop: bool, holds_partner: bool) -> Message:
    headers = {
        "call-command": "execute",
        "execute-app-name": name,
        "execute-app-arg": argument,
        "event-lock": "true",
    }
    if loop:
        headers["loops"] = "-1"
    if holds_partner:
        headers["hold-bleg"] = "true"
    return Message(headers)
