"""Strangers who send broken sound at every port of a call, and broken descriptions at the switch, for a while."""

from __future__ import annotations

import re
import socket
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

import psutil

from tests.contract.sip_peer import Message
from tests.media.fuzz import descriptions, sound_packets
from tests.media.stage import BorderStage

STRANGER = "127.0.0.66"
PROVIDER = "127.0.0.9"
PACKETS_A_SECOND = 2000
NOBODY = "+31715559999"
"""A number of nobody: the core ends each call to it by itself."""


def ports_of(stage: BorderStage, call_id: str) -> set[tuple[str, int]]:
    """rtpengine's ports of a call, for sound and RTCP, and those of softswitch.

    FreeSWITCH takes sound from whoever sends to its ports, so they must be out of strangers' reach
    (docs/operations/sbc.md).
    """
    told = stage.rtpengine.asked({"command": "query", "call-id": call_id})
    found = set()
    for tag in told["tags"].values():
        for stream in (stream for media in tag["medias"] for stream in media["streams"]):
            found.add((stream["local address"].decode(), stream["local port"]))
            if tag["label"] == b"switch" and stream["endpoint"] and stage.engine.name == "softswitch":
                found.add((stream["endpoint"]["address"].decode(), stream["endpoint"]["port"]))
    return found


class Siege:
    """Sends from its own thread until it is ended; `sent` counts."""

    def __init__(self, ports: Iterable[tuple[str, int]], seed: int) -> None:
        self._ports, self._packets, self.sent = sorted(ports), sound_packets(seed), 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Siege:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)

    def _run(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind((STRANGER, 0))
            while not self._over.is_set():
                for _ in range(PACKETS_A_SECOND // 50):
                    with suppress(OSError):
                        stranger.sendto(next(self._packets), self._ports[self.sent % len(self._ports)])
                    self.sent += 1
                time.sleep(0.02)


def broken_invites(stage: BorderStage, seed: int, count: int, patience: float = 3.0) -> Counter[int]:
    """Call a number of nobody with broken descriptions, as the provider; how often each final answer came (0: none)."""
    broken, statuses = descriptions(seed), Counter[int]()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as provider:
        provider.bind((PROVIDER, 0))
        provider.connect(("127.0.0.1", stage.sbc.port))
        for _ in range(count):
            statuses[_tried(provider, next(broken), patience)] += 1
    return statuses


def _tried(provider: socket.socket, body: bytes, patience: float) -> int:
    call_id, branch = uuid.uuid4().hex, f"z9hG4bK{uuid.uuid4().hex}"
    provider.send(_request("INVITE", provider, call_id, branch, "", body))
    deadline = time.monotonic() + patience
    while (left := deadline - time.monotonic()) > 0:
        provider.settimeout(left)
        try:
            message = Message.parse(provider.recv(65536))
        except TimeoutError:
            break
        if message.call_id == call_id and message.status >= 200:
            provider.send(_request("ACK", provider, call_id, branch, message.get("To"), b""))
            return message.status
    return 0


def _request(method: str, provider: socket.socket, call_id: str, branch: str, to: str, body: bytes) -> bytes:
    host, port = provider.getsockname()
    lines = [
        f"{method} sip:{NOBODY}@127.0.0.1 SIP/2.0",
        f"Via: SIP/2.0/UDP {host}:{port};branch={branch};rport",
        "Max-Forwards: 70",
        f"From: <sip:+31612345678@{host}>;tag={call_id[:8]}",
        f"To: {to or f'<sip:{NOBODY}@127.0.0.1>'}",
        f"Call-ID: {call_id}",
        f"CSeq: 1 {method}",
        f"Contact: <sip:peer@{host}:{port}>",
        *(["Content-Type: application/sdp"] if method == "INVITE" else []),
        f"Content-Length: {len(body)}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def memory(stage: BorderStage) -> dict[str, int]:
    """Octets that rtpengine and the switch hold."""
    return {
        "rtpengine": stage.rtpengine.memory,
        stage.engine.name: int(psutil.Process(stage.engine.process.pid).memory_info().rss),
    }


def crashed(log: str) -> list[str]:
    """Lines of a log that tell of a crash."""
    return [line for line in log.splitlines() if re.search(r"Traceback|segfault|assert|ABORT|core dumped", line)]
