"""All legs, and what they share: the endpoints, the sound engine, the schedule, and the clients that hear events."""

from __future__ import annotations

import asyncio
import logging
import time
import weakref
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from softswitch.dialplan import find_extension
from softswitch.events import Event, EventFactory, microseconds
from softswitch.leg import Extension, Leg
from softswitch.media import HoldMusic, MediaEngine, NoHoldMusic, Port
from softswitch.schedule import Schedule
from softswitch.settings import Settings
from softswitch.sip.causes import Cause
from softswitch.sip.endpoint import Endpoint
from softswitch.sip.transactions import Address, is_ip_address

if TYPE_CHECKING:
    from softswitch.bridging import Half
    from softswitch.esl.server import EventSocketServer

log = logging.getLogger(__name__)


class UuidTaken(Exception):
    """A leg with this uuid lives already."""

    def __init__(self, uuid: str) -> None:
        super().__init__(uuid)
        self.uuid = uuid


def utc_now() -> datetime:
    """The time of day. The only place that asks for it."""
    return datetime.fromtimestamp(time.time(), UTC)  # noqa: TID251


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What legs do, for those who stand below it: `leg_run`, `holding` and `recording` know the board, not it them."""

    run_leg: Callable[[Leg], Coroutine[Any, Any, None]]
    partner_held: Callable[[Leg, bool], None]
    recording_ended: Callable[[Leg, str, str], None]


class Switchboard:
    """One per process. Everything in it runs on the control loop."""

    def __init__(self, settings: Settings, engine: MediaEngine) -> None:
        self.settings = settings
        self.engine = engine
        self.core_uuid = str(uuid4())
        self.legs: dict[str, Leg] = {}
        self.halves: dict[str, Half] = {}
        self.schedule = Schedule()
        self.endpoints: list[Endpoint] = []
        self.started_at = utc_now()
        self.sessions_since_start = 0
        self.most_legs = 0
        addresses = (settings.sip_ipv4 or "127.0.0.1", settings.sip_ipv6 or "::1")
        self.events = EventFactory(self.core_uuid, utc_now, *addresses)
        self.clients: EventSocketServer | None = None
        self.behaviour: Behaviour | None = None
        self.on_shutdown_order: Callable[[], None] = _ignore
        self.on_last_leg_gone: Callable[[], None] = _ignore
        self._tasks: set[asyncio.Task[None]] = set()
        self._hold_music: dict[str, HoldMusic] = {}
        self.accepting = True
        self._globals = {
            "core_uuid": self.core_uuid,
            "hostname": self.events.hostname,
            "hold_music": settings.hold_music,
            "local_ip_v4": settings.sip_ipv4 or "",
            "local_ip_v6": settings.sip_ipv6 or "",
            "switchname": self.events.hostname,
        }

    # Time

    @staticmethod
    def now() -> int:
        """Microseconds since the epoch."""
        return microseconds(utc_now())

    @staticmethod
    def monotonic() -> float:
        return asyncio.get_running_loop().time()

    # Legs

    def next_session_number(self) -> int:
        self.sessions_since_start += 1
        return self.sessions_since_start

    def take_on(self, leg: Leg) -> None:
        """Let a new leg live. Raises `UuidTaken`."""
        if leg.uuid in self.legs:
            raise UuidTaken(leg.uuid)
        if self.behaviour is None:
            raise RuntimeError("nobody runs legs yet")
        self.legs[leg.uuid] = leg
        self.most_legs = max(self.most_legs, len(self.legs))
        task = asyncio.ensure_future(self.behaviour.run_leg(leg))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def forget(self, leg: Leg) -> None:
        if self.legs.get(leg.uuid) is leg:
            del self.legs[leg.uuid]
        self.schedule.delete_group(leg.uuid)
        self.halves.pop(leg.uuid, None)
        if not self.legs:
            self.on_last_leg_gone()

    def dialplan(self, leg: Leg) -> Extension | None:
        return find_extension(self.settings, leg)

    def global_variable(self, name: str) -> str | None:
        return self._globals.get(name)

    @property
    def global_variables(self) -> dict[str, str]:
        return dict(self._globals)

    # Sound

    def open_port(self, leg: Leg, ipv6: bool) -> Port:
        """Raises `NoMediaPortLeft`."""
        return self.engine.open_port(_PortEvents(leg, asyncio.get_running_loop()), ipv6=ipv6)

    def hold_music(self, name: str) -> HoldMusic:
        """The endless stream of that name: a folder in the hold music directory.

        The name in the setting `hold_music` may also mean the directory itself. Raises ValueError when there is none.
        """
        held = self._hold_music.get(name)
        if held is None:
            held = self._hold_music[name] = self._open_hold_music(name)
        return held

    def _open_hold_music(self, name: str) -> HoldMusic:
        directory = self.settings.hold_music_directory
        if directory is None:
            raise ValueError("hold_music_directory is not set")
        folder = directory / name
        if "/" in name or name.startswith(".") or not folder.is_dir():
            if self.settings.hold_music != f"local_stream://{name}":
                raise ValueError(f"no folder {name} in {directory}")
            folder = directory
        try:
            return HoldMusic(folder)
        except NoHoldMusic as error:
            raise ValueError(str(error)) from error

    # Events

    def wanted(self, name: str) -> bool:
        """Whether any client listens for events of this name: others need not be built."""
        return self.clients is not None and self.clients.wants(name)

    def fire(self, event: Event) -> None:
        if self.clients is not None:
            self.clients.deliver(event)

    # SIP

    def profile_name(self, endpoint: Endpoint) -> str:
        return f"{self.settings.sip_profile}6" if endpoint.is_ipv6 else self.settings.sip_profile

    def endpoint_for(self, next_hop: Address) -> Endpoint | None:
        """The endpoint of the right address family; a host name goes out by the first."""
        host = next_hop[0]
        if not is_ip_address(host.strip("[]")):
            return self.endpoints[0] if self.endpoints else None
        return next((endpoint for endpoint in self.endpoints if endpoint.is_ipv6 == (":" in host)), None)

    def hang_up_all(self, cause: Cause, matches: dict[str, str] | None = None) -> None:
        for leg in list(self.legs.values()):
            if all(leg.variables.get(name) == value for name, value in (matches or {}).items()):
                leg.hang_up(cause)


def _ignore() -> None:
    return


class _PortEvents:
    """Brings what the media thread tells onto the control loop; of a leg that is gone nothing is told."""

    def __init__(self, leg: Leg, loop: asyncio.AbstractEventLoop) -> None:
        self._leg_of = weakref.ref(leg)
        self._loop = loop

    def digit(self, port: Port, digit: str, duration_ms: int) -> None:
        self._tell(lambda leg: leg.key_pressed(digit, duration_ms, "RTP"))

    def playback_ended(self, port: Port, playback: int, completed: bool) -> None:
        if completed:
            self._tell(lambda leg: _playback_ended(leg, playback))

    def recording_ended(self, port: Port, path: str, reason: str) -> None:
        self._tell(lambda leg: _recording_ended(leg, path, reason))

    def media_timed_out(self, port: Port) -> None:
        self._tell(lambda leg: leg.hang_up(Cause.MEDIA_TIMEOUT))

    def _tell(self, what: Callable[[Leg], None]) -> None:
        self._loop.call_soon_threadsafe(self._tell_now, what)

    def _tell_now(self, what: Callable[[Leg], None]) -> None:
        leg = self._leg_of()
        if leg is not None:
            what(leg)


def _playback_ended(leg: Leg, playback: int) -> None:
    leg.media.playback_ended(playback)
    leg.stir()


def _recording_ended(leg: Leg, path: str, reason: str) -> None:
    from softswitch.recording import ended

    ended(leg, path, reason)
