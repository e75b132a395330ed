"""A desk that keeps what it is asked; the test tells the outcomes (ports `cxcore.ports.service_desk`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cxcore.domain.phone_pin import fault_of
from cxcore.ports.audit import AuditResult
from cxcore.ports.service_desk import Asker, PhonePin, PinOutcome, PinRefused


@dataclass(frozen=True, slots=True)
class Check:
    asker: Asker
    code: str
    pin: str


@dataclass(frozen=True, slots=True)
class Make:
    asker: Asker
    message: str
    sound: str
    by: str


@dataclass(frozen=True, slots=True)
class Prepare:
    asker: Asker
    message: str
    recording: str


class FakeServiceDesk:
    """Implements `ServiceDesk`."""

    def __init__(self) -> None:
        self.checks: list[Check] = []
        self.prepares: list[Prepare] = []
        self.makes: list[Make] = []
        self.tidied = 0
        self.notes: list[tuple[str, str, str, AuditResult, str]] = []

    def check(self, asker: Asker, code: str, pin: str) -> None:
        """Keep it."""
        self.checks.append(Check(asker, code, pin))

    def prepare(self, asker: Asker, message: str, recording: str) -> None:
        """Keep it."""
        self.prepares.append(Prepare(asker, message, recording))

    def make(self, asker: Asker, message: str, sound: str, by: str) -> None:
        """Keep it."""
        self.makes.append(Make(asker, message, sound, by))

    def note(self, by: str, action: str, subject: str, result: AuditResult, origin: str) -> None:
        """Keep it."""
        self.notes.append((by, action, subject, result, origin))

    def tidy(self) -> None:
        """Count it."""
        self.tidied += 1


class FakePhonePins:
    """Implements `PhonePins`; PINs as they are, no locks."""

    def __init__(self) -> None:
        self.pins: dict[str, str] = {}
        self._told: dict[str, PhonePin] = {}

    def set(self, username: str, pin: str, by: str, at: datetime) -> PhonePin:
        """Keep it under the next code."""
        code = self._told[username].code if username in self._told else str(400_001 + len(self._told))
        fault = fault_of(pin, code)
        if fault is not None:
            raise PinRefused(fault)
        self.pins[username], self._told[username] = pin, PhonePin(username, code, by, at)
        return self._told[username]

    def remove(self, username: str) -> None:
        """Forget it."""
        self.pins.pop(username, None)
        self._told.pop(username, None)

    def all(self) -> Mapping[str, PhonePin]:
        """What is told of each."""
        return dict(self._told)

    def check(self, code: str, pin: str, at: datetime) -> PinOutcome:
        """Compare."""
        known = next((told.username for told in self._told.values() if told.code == code), "")
        return PinOutcome(known if known and self.pins[known] == pin else None, known)
