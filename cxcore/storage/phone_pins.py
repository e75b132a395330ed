"""Codes and PINs for the service number, with argon2id hashes (port `cxcore.ports.service_desk.PhonePins`)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from cxcore.domain.phone_pin import CODE_DIGITS, LONGEST, fault_of
from cxcore.ports.service_desk import PhonePin, PinOutcome, PinRefused
from cxcore.storage.engine import reading, writing
from cxcore.storage.models import PhonePinRecord


@dataclass(frozen=True, slots=True)
class PinLimits:
    """After so many wrong PINs in a row a code is locked, for so long after the last of them."""

    attempts: int = 5
    duration: timedelta = timedelta(minutes=15)


class SqlPhonePins:
    """One code and PIN for each user who has any. The cost of a hash is that of passwords."""

    def __init__(self, engine: Engine, hasher: PasswordHasher | None = None, limits: PinLimits | None = None) -> None:
        self._engine, self._limits = engine, limits or PinLimits()
        self._hasher = hasher or PasswordHasher()
        self._nobodys_hash = self._hasher.hash("the hash that is checked for an unknown code")

    def set(self, username: str, pin: str, by: str, at: datetime) -> PhonePin:
        """Give the user this PIN; the code stays. Raises `PinRefused`, `LogUnavailable`."""
        with reading(self._engine) as session:
            row = session.get(PhonePinRecord, username)
            code = row.code if row is not None else _free_code(session)
        fault = fault_of(pin, code)
        if fault is not None:
            raise PinRefused(fault)
        pin_hash = self._hasher.hash(pin)
        with writing(self._engine) as session:
            row = session.get(PhonePinRecord, username) or PhonePinRecord(username=username, code=code)
            row.pin_hash, row.set_by, row.set_at, row.failures, row.failed_at = pin_hash, by, at, 0, None
            session.add(row)
            return self._told(row)

    def remove(self, username: str) -> None:
        """The user has no PIN any more. Raises `LogUnavailable`."""
        with writing(self._engine) as session:
            row = session.get(PhonePinRecord, username)
            if row is not None:
                session.delete(row)

    def all(self) -> Mapping[str, PhonePin]:
        """User name → what is told of the PIN. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            return {row.username: self._told(row) for row in session.scalars(select(PhonePinRecord))}

    def check(self, code: str, pin: str, at: datetime) -> PinOutcome:
        """Compare, and count what is wrong. Raises `LogUnavailable`.

        A locked code is compared too, with nobody's hash, so that the time it takes tells nothing.
        """
        with reading(self._engine) as session:
            row = session.scalar(select(PhonePinRecord).where(PhonePinRecord.code == code))
        locked = row is not None and self._locked_until(row, at) is not None
        matches = self._matches(self._nobodys_hash if row is None or locked else row.pin_hash, pin)
        if row is None:
            return PinOutcome()
        if locked:
            return PinOutcome(None, row.username, locked=True)
        if matches:
            self._count(row.username, 0, None)
            return PinOutcome(row.username, row.username)
        return PinOutcome(None, row.username, self._failed(row.username, at))

    def _failed(self, username: str, at: datetime) -> bool:
        """Count a wrong PIN; whether the code is locked now."""
        with writing(self._engine) as session:
            row = session.get(PhonePinRecord, username)
            if row is None:
                return False
            stale = row.failed_at is None or at - row.failed_at >= self._limits.duration
            row.failures, row.failed_at = 1 if stale else row.failures + 1, at
            return self._locked_until(row, at) is not None

    def _count(self, username: str, failures: int, failed_at: datetime | None) -> None:
        changed = update(PhonePinRecord).where(PhonePinRecord.username == username)
        with writing(self._engine) as session:
            session.execute(changed.values(failures=failures, failed_at=failed_at))

    def _locked_until(self, row: PhonePinRecord, at: datetime | None) -> datetime | None:
        if row.failed_at is None or row.failures < self._limits.attempts:
            return None
        until = row.failed_at + self._limits.duration
        return until if at is None or at < until else None

    def _told(self, row: PhonePinRecord) -> PhonePin:
        return PhonePin(row.username, row.code, row.set_by, row.set_at, self._locked_until(row, None))

    def _matches(self, hashed: str, pin: str) -> bool:
        if len(pin) > LONGEST:
            return False
        try:
            return self._hasher.verify(hashed, pin)
        except (VerificationError, InvalidHashError):
            return False


def _free_code(session: Session) -> str:
    """A code that nobody has. It begins with no nought, so that it is read aloud and keyed alike."""
    taken = set(session.scalars(select(PhonePinRecord.code)))
    lowest = 10 ** (CODE_DIGITS - 1)
    while True:
        code = str(lowest + secrets.randbelow(9 * lowest))
        if code not in taken:
            return code
