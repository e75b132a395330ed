"""Where core and web meet: addresses, keys and limits of the ZeroMQ link, for both ends."""

from __future__ import annotations

import fcntl
import ipaddress
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zmq.green as zmq
from zmq.sugar.socket import Socket as PlainSocket

from cxcore.feed.codec import LARGEST_ANSWER, LARGEST_REQUEST

HEARTBEAT_SECONDS = 1.0
SILENCE_SECONDS = 3.0
"""Without a broadcast for this long the core is taken for gone."""
COMMAND_SECONDS = 3.0

QUEUED_MESSAGES = 1000
"""High-water mark of each socket. What goes over it is lost; the numbers show it and the picture is asked for again."""

_RECONNECT_MILLISECONDS = 100
_RECONNECT_LONGEST_MILLISECONDS = 500
_PING_MILLISECONDS = 2000
_PING_LOST_MILLISECONDS = 6000
_LONGEST_SOCKET_PATH = 107
"""sockaddr_un.sun_path holds 108 bytes with its final zero: unix(7)."""
_ENDPOINT = re.compile(r"(?P<kind>ipc|tcp)://(?P<where>.+)")
_HOST_AND_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]]+):(?P<port>[0-9]{1,5}|\*)")
_KEY_LENGTH = 40


class LinkRefused(Exception):
    """The settings of the link cannot be used; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class CurveKeys:
    """A key pair of one end, in Z85 (ZeroMQ RFC 32): 40 characters each."""

    public: str
    secret: str = field(repr=False)


def make_keys() -> CurveKeys:
    """A new key pair."""
    public, secret = zmq.curve_keypair()
    return CurveKeys(public.decode(), secret.decode())


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Addresses of the core's two sockets, and keys when they are reached over a network.

    `peer_keys` are public keys: at the core those of the webs that are let in, at a web the one of the core.
    Raises `LinkRefused` for what cannot be used: tcp without keys is for loopback addresses only.
    """

    changes: str
    """`ipc:///folder/changes.sock` or `tcp://host:port`."""
    requests: str
    keys: CurveKeys | None = None
    peer_keys: frozenset[str] = frozenset()

    @classmethod
    def in_folder(cls, folder: Path) -> LinkSettings:
        """The usual link: two socket files in a folder that belongs to the user of core and web."""
        place = folder.absolute()
        return cls(f"ipc://{place}/changes.sock", f"ipc://{place}/requests.sock")

    def __post_init__(self) -> None:
        for endpoint in (self.changes, self.requests):
            self._check_endpoint(endpoint)
        self._check_keys()

    def _check_endpoint(self, endpoint: str) -> None:
        match = _ENDPOINT.fullmatch(endpoint)
        if match is None:
            raise LinkRefused(f"{endpoint} is no address of the link: write ipc:///folder/name.sock or tcp://host:port")
        if match["kind"] == "ipc":
            _check_socket_path(match["where"])
        else:
            self._check_network_address(endpoint, match["where"])

    def _check_network_address(self, endpoint: str, where: str) -> None:
        match = _HOST_AND_PORT.fullmatch(where)
        if match is None:
            raise LinkRefused(f"{endpoint} is no address of the link: write tcp://host:port")
        if self.keys is None and not _is_loopback(match["host"]):
            raise LinkRefused(f"{endpoint} is reached over a network: set keys for the link, or use ipc://")

    def _check_keys(self) -> None:
        if self.keys is None:
            return
        if not self.peer_keys:
            raise LinkRefused("the link has keys and lets nobody in: set the public keys of the other end")
        for key in (self.keys.public, self.keys.secret, *self.peer_keys):
            if len(key) != _KEY_LENGTH:
                raise LinkRefused(f"a key of the link has {len(key)} characters: a key has {_KEY_LENGTH}, in Z85")


def _check_socket_path(path: str) -> None:
    if not path.startswith("/"):
        raise LinkRefused(f"{path} is no absolute path: write ipc:///folder/name.sock")
    if len(path.encode()) > _LONGEST_SOCKET_PATH:
        raise LinkRefused(f"{path} is longer than {_LONGEST_SOCKET_PATH} bytes: choose a shorter folder for the link")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


class FolderLock:
    """Holds the folder of the socket files, so that a second core cannot take them from the first."""

    def __init__(self, settings: LinkSettings) -> None:
        self._folders = sorted({Path(path).parent for path in socket_paths(settings)})
        self._descriptors: list[int] = []

    def take(self) -> None:
        """Make the folders where they lack and lock them until `release`; raises `LinkRefused`."""
        try:
            for folder in self._folders:
                self._descriptors.append(_lock(folder))
        except LinkRefused:
            self.release()
            raise
        except OSError as error:
            self.release()
            raise LinkRefused(f"the folder of the link cannot be used: {error}") from error

    def release(self) -> None:
        """Let go of the folders."""
        while self._descriptors:
            os.close(self._descriptors.pop())


def _lock(folder: Path) -> int:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        raise LinkRefused(f"{folder} is open to other users: chmod 700 {folder}")
    descriptor = os.open(folder / "core.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise LinkRefused(f"a core runs already and holds {folder}: stop it, or set another folder") from None
    return descriptor


def socket_paths(settings: LinkSettings) -> list[str]:
    """The socket files of the link; none for tcp."""
    return [where.removeprefix("ipc://") for where in (settings.changes, settings.requests) if where[:3] == "ipc"]


def server_socket(context: zmq.Context[Any], kind: int, endpoint: str, settings: LinkSettings) -> zmq.Socket[bytes]:
    """A bound socket of the core; raises `LinkRefused`."""
    socket = _socket(context, kind, endpoint)
    socket.setsockopt(zmq.MAXMSGSIZE, LARGEST_REQUEST)
    if settings.keys is not None:
        socket.curve_server = True
        socket.curve_publickey = settings.keys.public.encode()
        socket.curve_secretkey = settings.keys.secret.encode()
        # With a domain that is enforced, nobody gets in while the doorkeeper does not answer: zmq_setsockopt(3).
        socket.setsockopt(zmq.ZAP_DOMAIN, b"cx")
        socket.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)
    _bind(socket, endpoint)
    return socket


def _bind(socket: zmq.Socket[bytes], endpoint: str) -> None:
    try:
        socket.bind(endpoint)
    except zmq.ZMQError as error:
        socket.close()
        if error.errno == zmq.EADDRINUSE:
            raise LinkRefused(f"{endpoint} is taken: stop what uses it, or set another address") from error
        raise LinkRefused(f"{endpoint} cannot be used: {error.strerror}") from error
    if endpoint.startswith("ipc://"):
        os.chmod(endpoint.removeprefix("ipc://"), 0o600)


def client_socket(context: zmq.Context[Any], kind: int, endpoint: str, settings: LinkSettings) -> zmq.Socket[bytes]:
    """A socket of a web, which connects as soon as the core is there and again whenever it returns."""
    socket = _socket(context, kind, endpoint)
    socket.setsockopt(zmq.MAXMSGSIZE, LARGEST_ANSWER)
    socket.setsockopt(zmq.RECONNECT_IVL, _RECONNECT_MILLISECONDS)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, _RECONNECT_LONGEST_MILLISECONDS)
    # Requests are not kept for a core that returns later: a command must not be carried out after its time.
    socket.setsockopt(zmq.IMMEDIATE, 1)
    if settings.keys is not None:
        socket.curve_serverkey = next(iter(settings.peer_keys)).encode()
        socket.curve_publickey = settings.keys.public.encode()
        socket.curve_secretkey = settings.keys.secret.encode()
    socket.connect(endpoint)
    return socket


def _socket(context: zmq.Context[Any], kind: int, endpoint: str) -> zmq.Socket[bytes]:
    # Who broadcasts never waits: zmq_socket(3) drops what a peer does not fetch. So the loop need not watch the socket.
    watched = zmq.Socket if kind != zmq.PUB else PlainSocket
    socket: zmq.Socket[bytes] = context.socket(kind, socket_class=watched)
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.SNDHWM, QUEUED_MESSAGES)
    socket.setsockopt(zmq.RCVHWM, QUEUED_MESSAGES)
    # With IPv6 switched on, libzmq shows IPv4 addresses as ::ffff:192.0.2.7.
    socket.setsockopt(zmq.IPV6, int("[" in endpoint))
    socket.setsockopt(zmq.HEARTBEAT_IVL, _PING_MILLISECONDS)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, _PING_LOST_MILLISECONDS)
    return socket


def address_of(socket: zmq.Socket[bytes]) -> str:
    """The address that a socket is bound to, with the port that was chosen for `tcp://host:*`."""
    return socket.getsockopt_string(zmq.LAST_ENDPOINT).rstrip("\0")
