"""A leg: one party of a call, as the switch holds it (FreeSWITCH: channel)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

LegId = NewType("LegId", str)
"""The identity that the switch and the core share; a UUID in its text form."""

OrderId = NewType("OrderId", str)
"""Names one order to the switch, so that its outcome can be told from that of an earlier one."""


class HangUpCause(StrEnum):
    """Why a leg ended, in our words. `cxcore.switch.translate` maps the switch's words to these."""

    NORMAL = "normal"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    """The device is not registered, not there or answers with a routing error."""
    NO_SUCH_NUMBER = "no-such-number"
    """The caller dialled a number that is not ours; only ordered, never reported."""
    WITHDRAWN = "withdrawn"
    """We stopped ringing: SIP CANCEL."""
    MEDIA_TIMEOUT = "media-timeout"
    """Its party sent no sound for longer than the site allows: a telephone that died without a goodbye."""
    REFUSED = "refused"
    """Number not allowed, or the request could not be understood."""
    SWITCH_LOST = "switch-lost"
    OTHER = "other"


class HungUpBy(StrEnum):
    """Which side ended the leg: its own party, or the switch on our order."""

    PARTY = "party"
    SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class LiveLeg:
    """What the switch says of a leg that is alive, read when the core connects to it.

    `marks` are the values that the core left on the leg by `Switch.mark`, without their prefix.
    """

    leg_id: LegId
    inbound: bool
    answered: bool
    dialled_number: str
    caller_number: str | None
    caller_name: str
    created_at: datetime
    bridged_to: LegId | None = None
    marks: Mapping[str, str] = field(default_factory=dict)
    taken: bool = True
    """False for a caller's leg that no core has taken: the switch's fallback has it, or will have it."""
    order_id: OrderId | None = None
    """The latest `say` or `ask` that the leg began to carry out."""
    order_ended: bool = False
    """Whether it is over: the prompts were played, the question was answered, or another order took its place."""
    digits: str | None = None
    """What the question of `order_id` was answered with; None where it was no question."""
    held_by_party: bool = False
    """The other side holds us."""
    call_id: str = ""
    """The Call-ID of its SIP dialog."""
    tags: frozenset[str] = frozenset()
    """Of that dialog, as far as they are known: that of the switch and that of the other side."""
    codec: str = ""
    """Of its sound, as SDP names it; empty before there is any."""
    forwarded_from: str | None = None
    """The number that was dialled before a caller's call was forwarded to us."""
