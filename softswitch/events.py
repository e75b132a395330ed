"""Events as FreeSWITCH builds and writes them (switch_event.c): plain text with percent-encoded values, and JSON."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

EVENT_NAMES: tuple[str, ...] = tuple(
    """CUSTOM CLONE CHANNEL_CREATE CHANNEL_DESTROY CHANNEL_STATE CHANNEL_CALLSTATE CHANNEL_ANSWER CHANNEL_HANGUP
    CHANNEL_HANGUP_COMPLETE CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE CHANNEL_HOLD CHANNEL_UNHOLD CHANNEL_BRIDGE
    CHANNEL_UNBRIDGE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_OUTGOING CHANNEL_PARK CHANNEL_UNPARK
    CHANNEL_APPLICATION CHANNEL_ORIGINATE CHANNEL_UUID API LOG INBOUND_CHAN OUTBOUND_CHAN STARTUP SHUTDOWN PUBLISH
    UNPUBLISH TALK NOTALK SESSION_CRASH MODULE_LOAD MODULE_UNLOAD DTMF MESSAGE PRESENCE_IN NOTIFY_IN PRESENCE_OUT
    PRESENCE_PROBE MESSAGE_WAITING MESSAGE_QUERY ROSTER CODEC BACKGROUND_JOB DETECTED_SPEECH DETECTED_TONE
    PRIVATE_COMMAND HEARTBEAT TRAP ADD_SCHEDULE DEL_SCHEDULE EXE_SCHEDULE RE_SCHEDULE RELOADXML NOTIFY PHONE_FEATURE
    PHONE_FEATURE_SUBSCRIBE SEND_MESSAGE RECV_MESSAGE REQUEST_PARAMS CHANNEL_DATA GENERAL COMMAND SESSION_HEARTBEAT
    CLIENT_DISCONNECTED SERVER_DISCONNECTED SEND_INFO RECV_INFO RECV_RTCP_MESSAGE SEND_RTCP_MESSAGE CALL_SECURE NAT
    RECORD_START RECORD_STOP PLAYBACK_START PLAYBACK_STOP CALL_UPDATE FAILURE SOCKET_DATA MEDIA_BUG_START
    MEDIA_BUG_STOP CONFERENCE_DATA_QUERY CONFERENCE_DATA CALL_SETUP_REQ CALL_SETUP_RESULT CALL_DETAIL DEVICE_STATE
    TEXT SHUTDOWN_REQUESTED ALL""".split()
)
"""Every name that `event` accepts, in FreeSWITCH's order; most are never fired here."""

_UNSAFE = re.compile(rb"%(?![0-9A-F]{2})|[^!$'()*,\-./0-9A-Z_a-z~%]")
"""What `switch_url_encode` writes as %XX: controls, space, all above `~` and its list of unsafe characters.

A `%` that stands before two hexadecimal digits stays as it is: `%0A` in a value is `%0A` on the wire, too.
"""

_UNSAFE_ASCII = re.compile(_UNSAFE.pattern.decode())
_ESCAPES = {chr(code): f"%{code:02X}" for code in range(128)}


def percent_encode(value: str) -> str:
    """One value on one line. Octets that are no UTF-8 (surrogates here) come out as they came in."""
    if value.isascii():
        return _UNSAFE_ASCII.sub(_escape, value)
    octets = value.encode("utf-8", "surrogateescape")
    return _UNSAFE.sub(_percent, octets).decode("ascii")


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES[match[0]]


def _percent(match: re.Match[bytes]) -> bytes:
    return b"%%%02X" % match.group()[0]


@dataclass(slots=True)
class Event:
    """A name and headers in their order. `body` counts in octets on the wire."""

    name: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    subclass: str | None = None
    _plain: bytes | None = None
    _json: bytes | None = None

    def get(self, name: str) -> str | None:
        """A header by its name, whatever its case."""
        value = self.headers.get(name)
        if value is not None:
            return value
        lowered = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == lowered), None)

    def plain(self) -> bytes:
        """The frame body of `text/event-plain`."""
        if self._plain is None:
            lines = [f"{name}: {percent_encode(value) or '_undef_'}\n" for name, value in self.headers.items()]
            octets = "".join(lines).encode("utf-8", "surrogateescape")
            self._plain = octets + self._plain_body()
        return self._plain

    def _plain_body(self) -> bytes:
        if not self.body:
            return b"\n"
        octets = self.body.encode("utf-8", "surrogateescape")
        return b"Content-Length: %d\n\n%s" % (len(octets), octets)

    def json(self) -> bytes:
        """The frame body of `text/event-json`. What is no UTF-8 becomes U+FFFD, for JSON knows no other octets."""
        if self._json is None:
            fields = dict(self.headers)
            if self.body is not None:
                fields["Content-Length"] = str(len(self.body.encode("utf-8", "surrogateescape")))
                fields["_body"] = self.body
            text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
            self._json = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode()
        return self._json


class EventFactory:
    """Starts each event with the headers that all events share. `clock` gives the time of day."""

    def __init__(self, core_uuid: str, clock: Callable[[], datetime], ipv4: str, ipv6: str) -> None:
        self.core_uuid = core_uuid
        self.hostname = socket.gethostname()
        self._clock = clock
        self._addresses = {"FreeSWITCH-IPv4": ipv4, "FreeSWITCH-IPv6": ipv6}
        self._sequence = 0
        self._second = 0
        self._date_headers: dict[str, str] = {}

    def _dates(self, now: datetime) -> dict[str, str]:
        second = int(now.timestamp())
        if second != self._second:
            self._second = second
            self._date_headers = {
                "Event-Date-Local": now.astimezone().strftime("%Y-%m-%d %H:%M:%S"),
                "Event-Date-GMT": format_datetime(now, usegmt=True),
            }
        return self._date_headers

    def start(self, name: str, subclass: str | None = None, leading: dict[str, str] | None = None) -> Event:
        """`leading` headers are those that FreeSWITCH adds before the channel's own."""
        self._sequence += 1
        now = self._clock()
        headers = {
            "Event-Name": name,
            "Core-UUID": self.core_uuid,
            "FreeSWITCH-Hostname": self.hostname,
            "FreeSWITCH-Switchname": self.hostname,
            **self._addresses,
            **self._dates(now),
            "Event-Date-Timestamp": str(microseconds(now)),
            "Event-Calling-File": "softswitch",
            "Event-Calling-Function": name.lower(),
            "Event-Calling-Line-Number": "1",
            "Event-Sequence": str(self._sequence),
        }
        if subclass is not None:
            headers["Event-Subclass"] = subclass
        if leading:
            headers.update(leading)
        return Event(name, headers, subclass=subclass)


def microseconds(instant: datetime) -> int:
    """Since the epoch, as FreeSWITCH counts time."""
    return int((instant - _EPOCH).total_seconds() * 1_000_000 + 0.5)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
