"""Lets in the webs whose keys are known: the answering side of ZAP, ZeroMQ RFC 27."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from typing import Any

import zmq.green as zmq
from zmq.utils import z85

log = logging.getLogger(__name__)

ZAP_ENDPOINT = "inproc://zeromq.zap.01"
_VERSION = b"1.0"
_CURVE = b"CURVE"
_LOG_SECONDS = 60.0
_FRAMES = 7
"""version, request id, domain, address, identity, mechanism, and for CURVE the client's public key in 32 bytes."""


class Doorkeeper:
    """Answers libzmq's question for each connection. Binds at once; `work` answers."""

    def __init__(self, context: zmq.Context[Any], public_keys: Collection[str]) -> None:
        self._known = frozenset(public_keys)
        self._refusals = 0
        self._logged_at: float | None = None
        self._socket = context.socket(zmq.REP)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.bind(ZAP_ENDPOINT)

    def work(self) -> None:
        """Answer questions until the greenlet is ended."""
        while True:
            self._socket.send_multipart(self.answer(self._socket.recv_multipart()))

    def close(self) -> None:
        """Let go of the socket."""
        self._socket.close()

    def answer(self, question: list[bytes]) -> list[bytes]:
        """The ZAP reply: 200 for a known key, 400 otherwise."""
        request_id = question[1] if len(question) > 1 else b""
        if self._is_known(question):
            return [_VERSION, request_id, b"200", b"OK", b"web", b""]
        self._note_refusal(question)
        return [_VERSION, request_id, b"400", b"unknown key", b"", b""]

    def _note_refusal(self, question: list[bytes]) -> None:
        """Log it, but not each time: a web that is refused tries again several times a second."""
        self._refusals += 1
        now = time.monotonic()
        if self._logged_at is None or now - self._logged_at >= _LOG_SECONDS:
            self._logged_at = now
            reason = "the link refused a connection from %s: its key is not among the webs' (refusal %d)"
            log.warning(reason, _address(question), self._refusals)

    def _is_known(self, question: list[bytes]) -> bool:
        if len(question) != _FRAMES or question[0] != _VERSION or question[5] != _CURVE:
            return False
        return z85.encode(question[6]).decode() in self._known


def _address(question: list[bytes]) -> str:
    return question[3].decode(errors="replace") if len(question) == _FRAMES else "an unknown address"
