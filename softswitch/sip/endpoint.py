"""A SIP address that we listen on: hands new INVITEs to the switchboard and answers what is outside any dialog."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from softswitch.sip.dialog import ALLOWED, NAME, header, reason_phrase_of
from softswitch.sip.session_timer import OPTION, is_too_small
from softswitch.sip.transactions import Address, TransactionManager, complaints, open_transactions

log = logging.getLogger(__name__)

KNOWN_METHODS = frozenset(
    {"INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO", "UPDATE", "PRACK", "REGISTER", "SUBSCRIBE", "NOTIFY",
     "MESSAGE", "PUBLISH", "REFER"}
)  # fmt: skip

TakeCall = Callable[["Endpoint", Any, Any], tuple[Any, Any, Any] | None]


class Endpoint:
    """One local address. `take_call(endpoint, request, transaction)` gets each new INVITE."""

    def __init__(self, address: Address, take_call: TakeCall, minimum_session_seconds: int = 120) -> None:
        """Raises `PortTaken`."""
        self._take_call = take_call
        self.transactions: TransactionManager = open_transactions(address, self._receive)
        self.transactions.minimum_session_seconds = minimum_session_seconds

    @property
    def address(self) -> Address:
        return self.transactions.local_address

    @property
    def is_ipv6(self) -> bool:
        return self.address[0].startswith("[")

    def close(self) -> None:
        self.transactions.shutdown()

    def _receive(self, request: Any, transaction: Any) -> tuple[Any, Any, Any] | None:
        try:
            return self._answer(request, transaction)
        except (ValueError, IndexError, AttributeError, KeyError, AssertionError) as fault:
            log.debug("request that cannot be dealt with", exc_info=True)
            complaints.add(f"{request.getMethod()[:20]!r}: {type(fault).__name__}")
            return _plain(request, 400), None, None

    def _answer(self, request: Any, transaction: Any) -> tuple[Any, Any, Any] | None:
        method = request.getMethod()
        if request.getHFBody("to").getTag() is not None and method != "OPTIONS":
            return _plain(request, 481), None, None
        if method == "INVITE":
            return self._answer_invite(request, transaction)
        if method == "OPTIONS":
            return _plain(request, 200), None, None
        if method == "REFER":
            return _plain(request, 603), None, None
        if method in ("BYE", "INFO", "UPDATE", "NOTIFY", "PRACK"):
            return _plain(request, 481), None, None
        return _plain(request, 405 if method in KNOWN_METHODS else 501), None, None

    def _answer_invite(self, request: Any, transaction: Any) -> tuple[Any, Any, Any] | None:
        required = [str(value) for value in request.getHFBodys("require") if str(value).strip().lower() != OPTION]
        if required:
            response = _plain(request, 420)
            response.appendHeader(header("Unsupported", ", ".join(required)))
            return response, None, None
        if is_too_small(request, self.transactions.minimum_session_seconds):
            response = _plain(request, 422)
            response.appendHeader(header("Min-SE", str(self.transactions.minimum_session_seconds)))
            return response, None, None
        return self._take_call(self, request, transaction)


_PHRASES = {400: "Bad Request", 405: "Method Not Allowed", 420: "Bad Extension"}


def _plain(request: Any, status: int) -> Any:
    response = request.genResponse(status, _PHRASES.get(status) or reason_phrase_of(status), server=NAME)
    if status in (200, 405, 501):
        response.appendHeader(header("Allow", ", ".join(ALLOWED)))
        response.appendHeader(header("Accept", "application/sdp"))
    return response
