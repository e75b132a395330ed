"""Who calls whom, out of the headers of an event: numbers made alike, names made harmless."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cxcore.switch.frames import Event

HIDDEN = frozenset({"", "anonymous", "restricted", "unavailable", "unknown", "private", "withheld", "0000000000"})
"""What stands in the place of a number that is hidden or absent (RFC 3323; `0000000000` is FreeSWITCH's own)."""
MAX_NAME = 100
MAX_NUMBER = 64
FORWARDED_FROM = "X-CX-Forwarded-From"
"""The SBC says in it, to either side, for which number a call was forwarded; from others it takes it out."""
REPLACES = "X-CX-Replaces"
"""The SBC writes Replaces of Teams in it: a switch would act on the header itself, past the core."""
SOUND, DIRECT = "X-CX-Sound", "direct"
"""The SBC says in it, to the switch, that the sound of a call does not go by rtpengine."""
FORWARDED_NUMBER = re.compile(r"\+?[0-9]{2,15}")
VISUAL_SEPARATORS = re.compile(r"(?<=\d)[-. ()/]+(?=\d)")
"""RFC 3966 section 5.1.1; between digits only, so that a name in the number's place stays as it is."""


def dialled_number(event: Event) -> str:
    """The number that was called, as the switch routed it."""
    return _number(event.text("Caller-Destination-Number"))


def _header(event: Event, name: str) -> str:
    """A header of the INVITE. FreeSWITCH spells its variable as the header was spelled, softswitch in its own way."""
    return event.text_in_any_case(f"variable_sip_h_{name}")


def caller_number(event: Event) -> str | None:
    """The caller's number; None when it is hidden or absent."""
    number = _number(event.text("Caller-Caller-ID-Number"))
    return None if number.lower() in HIDDEN or _is_private(event) else number


def caller_name(event: Event) -> str:
    """The display name as text of at most 100 characters; empty when it is hidden or repeats the number."""
    name = _plain(event.text("Caller-Caller-ID-Name"))[:MAX_NAME].strip()
    repeats = name == event.text("Caller-Caller-ID-Number")
    return "" if repeats or name.lower() in HIDDEN or _is_private(event) else name


def forwarded_from(event: Event) -> str | None:
    """The number that was dialled before the call was forwarded to us, as the SBC says it; None when it was not."""
    number = _number(_header(event, FORWARDED_FROM))
    return number if FORWARDED_NUMBER.fullmatch(number) else None


def call_id(event: Event) -> str:
    """The Call-ID of the leg's dialog."""
    return event.text("variable_sip_call_id")


def is_relayed(event: Event) -> bool:
    """Whether the sound of a leg may go by rtpengine: where the SBC says nothing, it may."""
    return _header(event, SOUND) != DIRECT


def tags(event: Event) -> frozenset[str]:
    """The tags of the leg's dialog: that of the switch and that of the other side, once both are known."""
    found = (event.text("variable_sip_from_tag"), event.text("variable_sip_to_tag"))
    return frozenset(filter(None, found))


def codec(event: Event) -> str:
    """The codec of the leg's sound, as SDP names it; empty before there is any."""
    return event.text("Channel-Read-Codec-Name")


@dataclass(frozen=True, slots=True)
class ReplacedDialog:
    """The dialog whose place a leg is to take (RFC 3891, 3). Which of its two tags is ours is not asked: whoever knows
    both is part of it, and senders differ in the order."""

    call_id: str
    tags: frozenset[str]
    early_only: bool


def replaced_dialog(event: Event) -> ReplacedDialog | None:
    """As the SBC says it of an INVITE with Replaces; None for any other."""
    call_id, *parameters = (part.strip() for part in _header(event, REPLACES).split(";"))
    if not call_id:
        return None
    values = dict(part.partition("=")[::2] for part in parameters)
    wanted = (values.get("to-tag", ""), values.get("from-tag", ""))
    return ReplacedDialog(call_id, frozenset(filter(None, wanted)), "early-only" in values)


def _is_private(event: Event) -> bool:
    return event.text("Caller-Privacy-Hide-Number") == "true" or event.text("variable_sip_Privacy") in ("id", "full")


def _number(text: str) -> str:
    """E.164 with its `+` where the text says so: `00` is the Dutch international prefix."""
    number = VISUAL_SEPARATORS.sub("", _plain(text))[:MAX_NUMBER]
    return f"+{number[2:]}" if number.startswith("00") and number[2:3] not in ("", "0") else number


def _plain(text: str) -> str:
    """Printable text: no control characters, and nothing that cannot be written as UTF-8."""
    if text.isprintable():
        return text
    return "".join(char for char in text if char.isprintable())
