"""Takes Event Socket clients and hands events to those who want them."""

from __future__ import annotations

import asyncio
import ipaddress
import logging

from softswitch.esl.session import Session
from softswitch.events import Event
from softswitch.settings import Settings
from softswitch.switchboard import Switchboard

log = logging.getLogger(__name__)


class EventSocketServer:
    """`allowed_peers` are networks; who comes from elsewhere is sent away."""

    def __init__(self, board: Switchboard, settings: Settings) -> None:
        self._board = board
        self._settings = settings
        self._networks = [ipaddress.ip_network(peers) for peers in settings.allowed_peers]
        self._sessions: set[Session] = set()
        self._wanted: set[str] = set()
        self._servers: list[asyncio.Server] = []

    async def start(self) -> int:
        """Listen on each address; returns the port. Raises OSError when it is taken."""
        loop = asyncio.get_running_loop()
        port = self._settings.event_socket_port
        for address in self._settings.event_socket_addresses:
            server = await loop.create_server(
                lambda: Session(self, self._board, self._settings.password), address, port
            )
            self._servers.append(server)
            port = int(server.sockets[0].getsockname()[1])
        return port

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        for session in list(self._sessions):
            session.farewell()
        await asyncio.sleep(0)

    def allows(self, peer: str) -> bool:
        address = ipaddress.ip_address(peer.split("%")[0])
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            return any(address.ipv4_mapped in network for network in self._networks)
        return any(address in network for network in self._networks)

    def add(self, session: Session) -> None:
        self._sessions.add(session)

    def remove(self, session: Session) -> None:
        self._sessions.discard(session)
        self.note_subscriptions()

    def note_subscriptions(self) -> None:
        """Work out anew which events anybody listens for."""
        self._wanted = {name for session in self._sessions if session.listening for name in session.subscription.names}

    def wants(self, name: str) -> bool:
        return name in self._wanted or "ALL" in self._wanted

    def deliver(self, event: Event) -> None:
        for session in list(self._sessions):
            session.deliver(event)
