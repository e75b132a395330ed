"""Session timers (RFC 4028): a call whose other side no longer says that it is there ends, rather than stands for ever.

Who refreshes is agreed in the answer to an INVITE or UPDATE. When it is the other side, we end the call a little before
the session expires; when it is us, we refresh at half of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from softswitch.sip.transactions import Timer, start_timer

OPTION = "timer"
LONGEST_GRACE_SECONDS = 32.0
"""So long before the end, or a third of the session, the side that waits for a refresh hangs up (RFC 4028, 10)."""


@dataclass(frozen=True, slots=True)
class Session:
    """What two sides agreed on; `ours` when we refresh."""

    seconds: int
    ours: bool


class SessionTimer:
    """The timer of one dialog. `refresh` is called when it is time to, `expired` when the other side did not."""

    def __init__(self, refresh: Callable[[], None], expired: Callable[[], None], minimum: int) -> None:
        self._refresh, self._expired = refresh, expired
        self.minimum = minimum
        self.session: Session | None = None
        self._timer: Timer | None = None

    def agree_as_server(self, request: Any) -> Iterator[tuple[str, str]]:
        """The headers of a 2xx to this INVITE or UPDATE; the timer starts anew."""
        asked = _expires(request)
        if asked is None:
            self.stop()
            return
        seconds, refresher = asked
        theirs = _knows(request) and refresher != "uas"
        self._start(Session(max(seconds, self.minimum), ours=not theirs))
        yield "Session-Expires", f"{max(seconds, self.minimum)};refresher={'uac' if theirs else 'uas'}"
        if theirs:
            yield "Require", OPTION

    def agree_as_client(self, response: Any) -> None:
        """Take what the 2xx to a request of ours says."""
        agreed = _expires(response)
        if agreed is None:
            self.stop()
        else:
            self._start(Session(agreed[0], ours=agreed[1] != "uas"))

    def asks(self) -> Iterator[tuple[str, str]]:
        """The headers of an INVITE or UPDATE of ours: that we know timers, and the session that runs."""
        yield "Supported", OPTION
        if self.session is not None:
            refresher = "uac" if self.session.ours else "uas"
            yield "Session-Expires", f"{self.session.seconds};refresher={refresher}"

    def later(self) -> None:
        """Our refresh could not be made now: try again soon, and in time."""
        if self.session is not None and self.session.ours:
            self._cancel()
            self._timer = start_timer(self._refresh, self.session.seconds / 10)

    def stop(self) -> None:
        """No session is timed any more."""
        self.session = None
        self._cancel()

    def end(self) -> None:
        """The dialog is over: no longer know it."""
        self.stop()
        self._refresh = self._expired = _nothing

    def _start(self, session: Session) -> None:
        self._cancel()
        self.session = session
        if session.ours:
            self._timer = start_timer(self._refresh, session.seconds / 2)
        else:
            grace = min(LONGEST_GRACE_SECONDS, session.seconds / 3)
            self._timer = start_timer(self._expired, session.seconds - grace)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _nothing() -> None:
    return


def is_too_small(request: Any, minimum: int) -> bool:
    """Whether a request asks for a session that is shorter than we allow; only who knows timers is told so."""
    asked = _expires(request)
    return asked is not None and asked[0] < minimum and _knows(request)


def _expires(message: Any) -> tuple[int, str] | None:
    """Seconds and refresher of Session-Expires; None without one that can be read."""
    for name in ("session-expires", "x"):
        for header in message.getHFs(name):
            seconds, *parameters = [part.strip().lower() for part in str(header.getBody()).split(";")]
            named = dict(part.partition("=")[::2] for part in parameters)
            return (int(seconds), named.get("refresher", "").strip()) if seconds.isdecimal() else None
    return None


def _knows(request: Any) -> bool:
    """Whether the sender knows session timers."""
    values = [str(header.getBody()) for name in ("supported", "k", "require") for header in request.getHFs(name)]
    return OPTION in {option.strip().lower() for value in values for option in value.split(",")}
