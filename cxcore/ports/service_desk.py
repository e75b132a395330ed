"""What the core asks for a caller of the service number. Nothing here is waited for: outcomes come into the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cxcore.domain.leg import LegId, OrderId
from cxcore.ports.audit import AuditResult


@dataclass(frozen=True, slots=True)
class Asker:
    """Whom an outcome is for: it counts while `order_id` is the contact's. `origin` is for the audit."""

    leg_id: LegId
    order_id: OrderId
    origin: str


class ServiceDesk(Protocol):
    """Checks PINs, makes versions of recordings, and keeps the audit, each in a thread of its own."""

    def check(self, asker: Asker, code: str, pin: str) -> None:
        """Compare code and PIN; `PinChecked` follows."""

    def prepare(self, asker: Asker, message: str, recording: str) -> None:
        """Make a recording fit for the line, and remove it; `SoundPrepared` follows."""

    def make(self, asker: Asker, message: str, sound: str, by: str) -> None:
        """Make a version of a sound that was prepared; `VersionMade` follows."""

    def note(self, by: str, action: str, subject: str, result: AuditResult, origin: str) -> None:
        """Keep an audit event; nothing follows."""

    def tidy(self) -> None:
        """Remove the sounds of messages that became no version; nothing follows."""


class NobodysDesk:
    """For a core without a service number: every check is refused, as one that is never heard of."""

    def check(self, asker: Asker, code: str, pin: str) -> None:
        """Nothing follows."""

    def prepare(self, asker: Asker, message: str, recording: str) -> None:
        """Nothing follows."""

    def make(self, asker: Asker, message: str, sound: str, by: str) -> None:
        """Nothing follows."""

    def note(self, by: str, action: str, subject: str, result: AuditResult, origin: str) -> None:
        """Nothing follows."""

    def tidy(self) -> None:
        """Nothing follows."""


NOBODYS_DESK = NobodysDesk()


@dataclass(frozen=True, slots=True)
class PhonePin:
    """What is told of a user's PIN; the PIN itself is known to nobody."""

    username: str
    code: str
    set_by: str
    set_at: datetime
    locked_until: datetime | None = None
    """Set while too many wrong PINs keep the right one out."""


@dataclass(frozen=True, slots=True)
class PinOutcome:
    """`username` when code and PIN are right and not locked; `known` is the user whose code it is, if any."""

    username: str | None = None
    known: str = ""
    locked: bool = False


class PinRefused(Exception):
    """The PIN will not do; `code` is a fault of `domain.phone_pin`."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the PIN will not do: {code}")
        self.code = code


class PhonePins(Protocol):
    """The codes and PINs of users; PINs are kept as argon2id hashes. All raise `LogUnavailable`."""

    def set(self, username: str, pin: str, by: str, at: datetime) -> PhonePin:
        """Give the user this PIN, and a code where there is none yet; a lock ends. Raises `PinRefused`."""

    def remove(self, username: str) -> None:
        """The user has no PIN any more; one who had none is no error."""

    def all(self) -> Mapping[str, PhonePin]:
        """User name → what is told of the PIN."""

    def check(self, code: str, pin: str, at: datetime) -> PinOutcome:
        """Compare, and count what is wrong. Takes equally long for an unknown code. Waits a tenth of a second."""
