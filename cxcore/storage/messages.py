"""Remembers the versions of messages (port `cxcore.ports.messages.MessageVersions`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine, func, select

from cxcore.ports.messages import LibrarySound, MessageVersion, Origin, UsedVersion
from cxcore.storage.engine import MESSAGES_LOCK, hold_lock, reading, writing
from cxcore.storage.models import MessageVersionRecord, UsedMessage


class SqlMessageVersions:
    """The versions in the database. Nothing here changes or removes one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self, message: str, sound: LibrarySound, origin: Origin, text: str, by: str, at: datetime
    ) -> MessageVersion:
        """Keep another version under the next number. Raises `LogUnavailable`."""
        with writing(self._engine) as session:
            hold_lock(session.connection(), MESSAGES_LOCK)
            of_message = MessageVersionRecord.message == message
            latest = session.scalar(select(func.max(MessageVersionRecord.version)).where(of_message)) or 0
            version = MessageVersion(message, latest + 1, sound, origin, text, by, at)
            session.add(_record(version))
        return version

    def all(self) -> Sequence[MessageVersion]:
        """Every version, by message, the latest first. Raises `LogUnavailable`."""
        order = (MessageVersionRecord.message, MessageVersionRecord.version.desc())
        with reading(self._engine) as session:
            return [_version(row) for row in session.scalars(select(MessageVersionRecord).order_by(*order))]

    def of(self, message: str) -> Sequence[MessageVersion]:
        """The versions of one message, the latest first. Raises `LogUnavailable`."""
        of_message = select(MessageVersionRecord).where(MessageVersionRecord.message == message)
        with reading(self._engine) as session:
            latest_first = of_message.order_by(MessageVersionRecord.version.desc())
            return [_version(row) for row in session.scalars(latest_first)]

    def find(self, message: str, version: int) -> MessageVersion | None:
        """One version, or None. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            row = session.get(MessageVersionRecord, {"message": message, "version": version})
            return None if row is None else _version(row)

    def used(self) -> Mapping[str, UsedVersion]:
        """The versions that callers hear, of the messages that were ever changed. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            rows = session.scalars(select(UsedMessage))
            return {row.message: UsedVersion(row.version, row.by, row.at) for row in rows}


def _record(version: MessageVersion) -> MessageVersionRecord:
    sound = version.sound
    return MessageVersionRecord(
        message=version.message,
        version=version.version,
        sound=sound.sound,
        digest=sound.digest,
        length_ms=round(sound.seconds * 1000),
        origin=version.origin.value,
        text=version.text,
        peaks=list(sound.peaks),
        by=version.by,
        at=version.at,
    )


def _version(row: MessageVersionRecord) -> MessageVersion:
    sound = LibrarySound(row.sound, row.digest, row.length_ms / 1000, tuple(row.peaks))
    return MessageVersion(row.message, row.version, sound, Origin(row.origin), row.text, row.by, row.at)
