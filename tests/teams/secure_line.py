"""A party at Teams that speaks SRTP: a plain RTP stream, and between it and the SBC what encrypts and decrypts."""

from __future__ import annotations

import base64
import re
import select
import socket
import threading
from contextlib import suppress

from tests.contract.sound import RtpStream
from tests.teams.srtp import Direction, NotAuthentic, key_in


class SecureLine:
    """A plain RtpStream whose packets go to the SBC encrypted and come back decrypted."""

    def __init__(self, our_key: str) -> None:
        self.rtp = RtpStream()
        self._outside, self._inside = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for each in (self._outside, self._inside):
            each.bind(("127.0.0.1", 0))
        self.rtp.remote = self._inside.getsockname()
        self._ours = Direction(base64.b64decode(our_key))
        self._theirs: Direction | None = None
        self._remote: tuple[str, int] | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._outside.getsockname()[1])

    def learn(self, sdp: str) -> None:
        """Take the SBC's address and key from its SDP."""
        port = re.search(r"m=audio (\d+)", sdp)
        assert port, sdp
        self._theirs, self._remote = Direction(key_in(sdp)), ("127.0.0.1", int(port[1]))

    def _run(self) -> None:
        while not self._closing.is_set():
            for ready in select.select([self._outside, self._inside], [], [], 0.1)[0]:
                self._pass_on(ready)

    def _pass_on(self, ready: socket.socket) -> None:
        packet = ready.recv(2048)
        if ready is self._inside and self._remote is not None:
            self._outside.sendto(self._ours.protect(packet), self._remote)
        elif ready is self._outside and self._theirs is not None and not 192 <= packet[1] <= 223:
            self._deliver(packet, self._theirs)

    def _deliver(self, packet: bytes, theirs: Direction) -> None:
        with suppress(NotAuthentic):
            self._inside.sendto(theirs.unprotect(packet), ("127.0.0.1", self.rtp.port))

    def close(self) -> None:
        self._closing.set()
        self._thread.join(2)
        self.rtp.stop()
        self.rtp.close()
        for each in (self._outside, self._inside):
            each.close()
