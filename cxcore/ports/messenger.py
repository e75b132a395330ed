"""What is asked of a messaging service: one text to one person. Its own tidings come by a web page of ours."""

from __future__ import annotations

from typing import Protocol


class MessengerAway(Exception):
    """The service did not take it now; later it may. The message names no person and holds no text."""


class MessageRefused(Exception):
    """The service will never take it; the message is its code: `131047`."""


REENGAGEMENT = "131047"
"""WhatsApp's code: more than 24 hours have passed since the customer wrote last, so only templates may be sent."""


class Messenger(Protocol):
    """Sends; waits for the service, so it is called in a thread."""

    def send(self, via: str, to: str, text: str, reference: str) -> None:
        """From our number `via` to the phone number `to` (with +), or to the user id of who hides it. The service says
        `reference` when it tells later what became of it. Returns when the service has taken it. Raises
        `MessengerAway` and `MessageRefused`."""
