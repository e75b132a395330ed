"""Asks the switch which legs live: after each connection, and whenever the core wants to know.

FreeSWITCH's list of channels lags behind the channels by about 0.2 s (measured on 1.10.12: it is a database that a
thread fills). So a census asks for the legs that the core knows beside those that are listed, and after a connection a
second census follows for those that had just arrived.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from cxcore.domain.leg import LegId, LiveLeg, OrderId
from cxcore.switch.commands import (
    ASKED,
    CARRIES_OUT,
    DIGITS_VARIABLE,
    MARK_PREFIX,
    OURS_HEADER,
    SAID,
    Unspeakable,
    dump,
    marks_in,
)
from cxcore.switch.frames import Event, MalformedEvent, json_event
from cxcore.switch.parties import call_id, caller_name, caller_number, codec, dialled_number, forwarded_from, tags

LIST_CHANNELS = "api show channels as json"
DUMPS_AT_ONCE = 10
ARRIVALS = "public"
"""The context in which arrived legs wait for the controller (freeswitch/conf/dialplan/public.xml)."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Post = Callable[[str, Callable[[str], None]], None]
"""Sends a command and calls back with its reply."""


class UnreadableReport(Exception):
    """The switch's list of channels makes no sense; the text it gave is cut short in the message."""


class Census:
    """One count of the legs: `show channels as json`, then `uuid_dump` of each and of those in `also`, pipelined.

    A few dumps are under way at once, so that an order for a call waits for these and not for hundreds: with 600 legs
    all of them held the switch and the core up for 0.2 s. `done` gets the legs once,
    oldest first, or `failed` the reason why not. A leg that is gone by its dump is left out.
    """

    def __init__(
        self,
        post: Post,
        done: Callable[[tuple[LiveLeg, ...]], None],
        failed: Callable[[str], None],
        also: Iterable[LegId] = (),
    ) -> None:
        self._post, self._done, self._failed, self._also = post, done, failed, tuple(also)
        self._dumps: deque[str] = deque()
        self._awaited = 0
        self._legs: list[LiveLeg] = []

    def start(self) -> None:
        """Ask; returns at once."""
        self._post(LIST_CHANNELS, self._listed)

    def _listed(self, reply: str) -> None:
        try:
            listed = listed_legs(reply)
        except UnreadableReport as error:
            self._failed(str(error))
            return
        self._dumps.extend(dump(leg_id) for leg_id in dict.fromkeys((*listed, *self._also)))
        self._awaited = len(self._dumps)
        for _ in range(min(DUMPS_AT_ONCE, self._awaited)):
            self._post(self._dumps.popleft(), self._dumped)
        if not self._awaited:
            self._done(())

    def _dumped(self, reply: str) -> None:
        leg = live_leg(reply)
        if leg is not None:
            self._legs.append(leg)
        self._awaited -= 1
        if self._dumps:
            self._post(self._dumps.popleft(), self._dumped)
        elif self._awaited == 0:
            self._done(tuple(sorted(self._legs, key=lambda live: live.created_at)))


def listed_legs(reply: str) -> list[LegId]:
    """The identities in `show channels as json`: `{"row_count": 2, "rows": [{"uuid": …}, …]}`, no rows when none."""
    try:
        rows = json.loads(reply, strict=False).get("rows", [])
        return [LegId(row["uuid"]) for row in rows if _speakable(row["uuid"])]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableReport(f"show channels as json: {reply[:80]!r}") from error


def live_leg(reply: str) -> LiveLeg | None:
    """The leg of a `uuid_dump … json`; None when it is gone, or is an outbound leg that the core did not dial."""
    if reply.startswith("-"):
        return None
    try:
        event = json_event(reply)
    except MalformedEvent:
        return None
    inbound = event.text("Call-Direction") == "inbound"
    if not inbound and not event.text(OURS_HEADER):
        return None
    return LiveLeg(
        leg_id=LegId(event.text("Unique-ID")),
        inbound=inbound,
        answered=event.text("Answer-State") == "answered",
        dialled_number=dialled_number(event),
        caller_number=caller_number(event),
        caller_name=caller_name(event),
        created_at=_created_at(event),
        bridged_to=_bridged_to(event),
        marks=marks_in(event.headers),
        taken=bool(event.text(OURS_HEADER)),
        held_by_party=event.text("Channel-Call-State") == "HELD",
        call_id=call_id(event),
        tags=tags(event),
        codec=codec(event),
        forwarded_from=forwarded_from(event) if inbound else None,
        **_order(event),
    )


def awaits_controller(reply: str) -> bool:
    """Whether the leg of a `uuid_dump … json` is still where arrived legs wait, and not on its way to the fallback."""
    try:
        event = json_event(reply)
    except MalformedEvent:
        return False
    return event.text("Caller-Context") == ARRIVALS and event.text("Answer-State") != "hangup"


def _order(event: Event) -> dict[str, Any]:
    """The order that the leg began last, whether it is over, and what a question was answered with.

    A question that plays is one whose keys were told to a connection that is gone: it counts as not answered.
    """
    asked = event.text(f"variable_{MARK_PREFIX}{ASKED}")
    order_id = asked or event.text(f"variable_{MARK_PREFIX}{SAID}")
    if not order_id:
        return {}
    application = event.text("variable_current_application")
    ended = application not in CARRIES_OUT or bool(asked and application == "playback")
    digits = event.text(f"variable_{DIGITS_VARIABLE}") if asked and ended else None
    return {"order_id": OrderId(order_id), "order_ended": ended, "digits": digits}


def _created_at(event: Event) -> datetime:
    """`Caller-Channel-Created-Time` is in microseconds since 1970."""
    text = event.text("Caller-Channel-Created-Time")
    return EPOCH + timedelta(microseconds=int(text)) if text.isascii() and text.isdigit() else EPOCH


def _bridged_to(event: Event) -> LegId | None:
    """`bridge_to` is there while the bridge is (`switch_ivr_bridge.c`)."""
    other = event.text("variable_bridge_to")
    return LegId(other) if other else None


def _speakable(identity: Any) -> bool:
    try:
        dump(identity)
    except (Unspeakable, TypeError):
        return False
    return True
