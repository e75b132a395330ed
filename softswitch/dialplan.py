"""The extensions that legs run: the equivalent of the XML dialplan of `freeswitch/conf/dialplan`.

112 goes out by the gateway. Any other arrived leg is parked for the controller, with a transfer to `overflow` after a
few seconds; `overflow` plays the fallback message and calls the overflow number. Context `waiting` has hold music for
whoever is left alone after a bridge. `inline` extensions come from an order: `app:arg,app:arg`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from softswitch.leg import Extension, Leg
from softswitch.separating import separate

if TYPE_CHECKING:
    from softswitch.settings import Settings

ARRIVAL_CONTEXT = "public"
EMERGENCY = re.compile(r"(\+31|0031)?112")
"""112, in each form that a device dials."""
NO_MEDIA_TIMEOUT = (("export", "rtp_timeout_sec=0"), ("export", "rtp_hold_timeout_sec=0"))
"""A call to 112 does not end because one side is silent."""
OVERFLOW_CONTEXT = "overflow"
WAITING_CONTEXT = "waiting"
HOLD_MUSIC_EXTENSION = "hold-music"


def find_extension(settings: Settings, leg: Leg) -> Extension | None:
    """What the leg's destination number in its context means; None: no route."""
    profile = leg.profile
    if profile.dialplan.lower() == "inline":
        extension = _inline(profile.destination_number)
        profile.destination_number, profile.rdnis = profile.rdnis, ""
        return extension
    if profile.dialplan.upper() != "XML":
        return None
    if profile.context == ARRIVAL_CONTEXT:
        return _emergency(settings) if EMERGENCY.fullmatch(profile.destination_number) else _arrival(settings)
    if profile.context == OVERFLOW_CONTEXT:
        return _overflow(settings)
    if profile.context == WAITING_CONTEXT and profile.destination_number == HOLD_MUSIC_EXTENSION:
        return Extension("hold-music", [("endless_playback", settings.hold_music), ("park", "")])
    return None


def _arrival(settings: Settings) -> Extension:
    seconds = settings.controller_timeout_seconds
    return Extension(
        "to-controller",
        [("sched_transfer", f"+{seconds:g} overflow XML {OVERFLOW_CONTEXT}"), ("park", "")],
    )


def _emergency(settings: Settings) -> Extension | None:
    """112 goes out at once, and once more when that fails: no controller, no queue, no message stands before it."""
    gateway = next(iter(settings.gateways), None)
    if gateway is None:
        return _arrival(settings)
    call = ("bridge", f"sofia/gateway/{gateway}/112")
    steps = [("set", "continue_on_fail=true"), ("set", "hangup_after_bridge=true"), *NO_MEDIA_TIMEOUT, call, call]
    return Extension("emergency", [*steps, ("hangup", "NORMAL_TEMPORARY_FAILURE")])


def _overflow(settings: Settings) -> Extension:
    steps = [("answer", ""), ("set", "continue_on_fail=true"), ("set", "hangup_after_bridge=true")]
    if settings.fallback_prompt is not None:
        steps.append(("playback", str(settings.fallback_prompt)))
    if settings.overflow_dial_string:
        steps.append(("bridge", settings.overflow_dial_string))
    steps.append(("hangup", "NORMAL_TEMPORARY_FAILURE"))
    return Extension("overflow", steps)


def _inline(text: str) -> Extension:
    """`app:arg,app:arg`, or with another delimiter `m:^:app:arg^app:arg` (mod_dptools, inline_dialplan_hunt)."""
    delimiter = ","
    if text.startswith("m:") and len(text) > 4 and text[3] == ":":
        delimiter, text = text[2], text[4:]
    steps = []
    for part in separate(text, delimiter):
        name, _, argument = part.partition(":")
        if name:
            steps.append((name, argument))
    return Extension("inline", steps)
