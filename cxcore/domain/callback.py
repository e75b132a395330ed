"""Who can be called back."""

from __future__ import annotations

from collections.abc import Iterable

from cxcore.domain.contact import Contact
from cxcore.domain.queue import CallBackSettings, QueueId

COSTLY = ("+3190", "+3114")
"""Dutch numbers for which the one who dials pays extra (090x), and those that nobody calls from (14xxx)."""


def can_be_called(number: str | None, settings: CallBackSettings) -> bool:
    """Whether we dial this number: it is not hidden, of a kind that the queue allows, and not a costly one."""
    if number is None or not number.removeprefix("+").isdigit():
        return False
    return number.startswith(settings.numbers) and not number.startswith(COSTLY)


def is_asked_already(contacts: Iterable[Contact], queue_id: QueueId, number: str) -> bool:
    """Whether this number waits to be called back by the queue."""
    return any(
        contact.call_back is not None and contact.call_back.number == number and contact.queue_id == queue_id
        for contact in contacts
    )
