"""What the media engine refuses, and why."""

from __future__ import annotations


class MediaError(Exception):
    """Any refusal of the media engine."""


class NoMediaPortLeft(MediaError):
    """Every pair of ports in the range is taken."""

    def __init__(self, first: int, last: int, host: str) -> None:
        super().__init__(f"no free RTP port on {host} between {first} and {last}; widen the range or end some calls")
        self.first = first
        self.last = last
        self.host = host


class UnusableAddress(MediaError):
    """The address of the remote party is not an IP address of the port's own family."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(f"cannot send sound to {host!r}: {why}")
        self.host = host


class TooManyOrders(MediaError):
    """More orders wait for the next tick than the engine will hold; the media thread stalls."""

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} orders wait for the media thread, which does not take them")
        self.waiting = waiting


class MediaEngineStopped(MediaError):
    """The engine was not started, or was stopped."""
