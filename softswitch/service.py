"""The running engine: built here once, in the order in which its parts need each other, and taken down again."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from datetime import timedelta

from softswitch import applications, commands, pauses
from softswitch.arrival import take_call
from softswitch.commands.operation import FULL_VERSION, duration_text
from softswitch.esl.server import EventSocketServer
from softswitch.holding import partner_held
from softswitch.leg_run import run
from softswitch.media import MediaEngine, MediaSettings
from softswitch.recording import ended as recording_ended
from softswitch.settings import Settings
from softswitch.sip.causes import Cause
from softswitch.sip.endpoint import Endpoint
from softswitch.sip.transactions import Address, PortTaken
from softswitch.switchboard import Behaviour, Switchboard, utc_now

log = logging.getLogger(__name__)

GOODBYE_SECONDS = 2.0
"""How long legs get to say BYE when the engine goes down."""

EXIT_STALLED = 70
"""The exit code after sound stood still: EX_SOFTWARE of sysexits.h."""

assert applications.__all__ and commands.__all__  # noqa: S101  imported for the tables they fill


class CannotListen(Exception):
    """An address that is needed cannot be had; names the setting."""

    def __init__(self, address: str, setting: str, why: str) -> None:
        super().__init__(f"cannot listen on {address}: {why}; choose another {setting}")


class Service:
    """`run()` returns the exit code when the engine was told to go down, or had to."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping: asyncio.Event | None = None
        self._exit_code = 0

    async def run(self) -> int:
        """Raises `CannotListen`."""
        self._stopping = asyncio.Event()
        loop = asyncio.get_running_loop()

        def on_stall(seconds: float) -> None:
            loop.call_soon_threadsafe(self.sound_stalled, seconds)

        engine = MediaEngine(self._media_settings(), on_stall)
        board = Switchboard(self._settings, engine)
        board.behaviour = Behaviour(run, partner_held, recording_ended)
        board.on_shutdown_order = self.stop
        board.on_last_leg_gone = pauses.collect
        self._open_endpoints(board)
        server = EventSocketServer(board, self._settings)
        board.clients = server
        engine.start()
        try:
            await self._listen(server)
            self._announce(board)
            await self._serve(board)
        finally:
            await self._go_down(board, server)
            engine.stop()
        return self._exit_code

    def stop(self) -> None:
        if self._stopping is not None:
            self._stopping.set()

    def sound_stalled(self, seconds: float) -> None:
        """Calls with silence are worse than none: end, and let whoever supervises start anew."""
        log.critical("sound stood still for %.1f s: this process ends", seconds)
        self._exit_code = EXIT_STALLED
        self.stop()

    def _media_settings(self) -> MediaSettings:
        return MediaSettings(
            ipv4=self._settings.sip_ipv4 or "127.0.0.1",
            ipv6=self._settings.sip_ipv6,
            port_min=self._settings.rtp_port_min,
            port_max=self._settings.rtp_port_max,
        )

    def _open_endpoints(self, board: Switchboard) -> None:
        settings = self._settings
        second_port = settings.sip_port if settings.sip_port_ipv6 is None else settings.sip_port_ipv6
        if settings.sip_ipv4 is not None:
            self._open_endpoint(board, (settings.sip_ipv4, settings.sip_port), "sip_port or sip_ipv4")
        if settings.sip_ipv6 is not None:
            self._open_endpoint(board, (f"[{settings.sip_ipv6}]", second_port), "sip_port_ipv6 or sip_ipv6")

    def _open_endpoint(self, board: Switchboard, address: Address, setting: str) -> None:
        try:
            endpoint = Endpoint(address, lambda *call: take_call(board, *call), self._settings.minimum_session_seconds)
        except PortTaken as error:
            raise CannotListen(f"{address[0]}:{address[1]} (udp, SIP)", setting, error.why) from error
        board.endpoints.append(endpoint)

    async def _listen(self, server: EventSocketServer) -> None:
        try:
            self.event_socket_port = await server.start()
        except OSError as error:
            addresses, port = " and ".join(self._settings.event_socket_addresses), self._settings.event_socket_port
            why = os.strerror(error.errno) if error.errno else str(error)
            raise CannotListen(f"{addresses}:{port} (tcp, Event Socket)", "event_socket_port", why) from error

    def _announce(self, board: Switchboard) -> None:
        for endpoint in board.endpoints:
            log.info("SIP on %s:%d (udp)", *endpoint.address)
        for address in self._settings.event_socket_addresses:
            log.info("Event Socket on %s:%d (tcp)", address, self.event_socket_port)
        log.info("ready")

    async def _serve(self, board: Switchboard) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        heart = asyncio.ensure_future(self._beat(board))
        try:
            if self._stopping is not None:
                await self._stopping.wait()
        finally:
            heart.cancel()

    async def _beat(self, board: Switchboard) -> None:
        while True:
            await asyncio.sleep(self._settings.heartbeat_seconds)
            if board.wanted("HEARTBEAT"):
                event = board.events.start("HEARTBEAT")
                event.headers.update(heartbeat_facts(board))
                board.fire(event)

    async def _go_down(self, board: Switchboard, server: EventSocketServer) -> None:
        board.accepting = False
        board.hang_up_all(Cause.SYSTEM_SHUTDOWN)
        deadline = asyncio.get_running_loop().time() + GOODBYE_SECONDS
        while board.legs and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.01)
        if board.wanted("SHUTDOWN"):
            event = board.events.start("SHUTDOWN")
            event.headers["Event-Info"] = "System Shutting Down"
            board.fire(event)
        await server.stop()
        for endpoint in board.endpoints:
            endpoint.close()


def heartbeat_facts(board: Switchboard) -> dict[str, str]:
    """In the order of switch_core.c, `send_heartbeat`."""
    up: timedelta = utc_now() - board.started_at
    return {
        "Event-Info": "System Ready",
        "Up-Time": duration_text(up),
        "FreeSWITCH-Version": FULL_VERSION,
        "Uptime-msec": str(up // timedelta(milliseconds=1)),
        "Session-Count": str(len(board.legs)),
        "Max-Sessions": "1000",
        "Session-Per-Sec": "100",
        "Session-Per-Sec-Last": "0",
        "Session-Per-Sec-Max": "0",
        "Session-Per-Sec-FiveMin": "0",
        "Session-Since-Startup": str(board.sessions_since_start),
        "Session-Peak-Max": str(board.most_legs),
        "Session-Peak-FiveMin": str(board.most_legs),
        "Idle-CPU": "100.000000",
    }
