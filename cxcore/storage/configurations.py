"""Keeps the versions of the configuration (port `cxcore.ports.configurations`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cxcore.ports.configurations import Draft, NoSuchVersion, Overtaken, Version
from cxcore.storage.engine import reading, writing
from cxcore.storage.models import ConfigurationRecord as Record

_COLUMNS = [getattr(Record, field.name) for field in fields(Version)]


class SqlConfigurations:
    """The versions in the database. A text is never changed; instants are only ever filled in."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def head(self) -> Version | None:
        """The version that changes are made from. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            return _first(session, _head())

    def active(self) -> Version | None:
        """The version that the core put into use last. Raises `LogUnavailable`."""
        query = _versions().where(Record.activated_at.is_not(None))
        with reading(self._engine) as session:
            return _first(session, query.order_by(Record.activated_at.desc(), Record.number.desc()))

    def version(self, number: int) -> Version:
        """One version. Raises `NoSuchVersion`, `LogUnavailable`."""
        with reading(self._engine) as session:
            found = _first(session, _versions().where(Record.number == number))
        if found is None:
            raise NoSuchVersion(f"there is no version {number} of the configuration")
        return found

    def text(self, number: int) -> str:
        """The whole YAML text of a version. Raises `NoSuchVersion`, `LogUnavailable`."""
        with reading(self._engine) as session:
            found = session.scalar(select(Record.text).where(Record.number == number))
        if found is None:
            raise NoSuchVersion(f"there is no version {number} of the configuration")
        return found

    def versions(self, limit: int = 100) -> Sequence[Version]:
        """The latest versions, newest first. Raises `LogUnavailable`."""
        return self._all(_versions().order_by(Record.number.desc()).limit(limit))

    def scheduled(self) -> Sequence[Version]:
        """Those that do not count yet and are to, the earliest first. Raises `LogUnavailable`."""
        waiting = _versions().where(Record.activated_at.is_(None), Record.taken_back_at.is_(None))
        return self._all(waiting.order_by(Record.activate_at, Record.number))

    def last_import(self) -> Version | None:
        """The version that was read last from the file on disk. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            return _first(session, _versions().where(Record.file_digest != "").order_by(Record.number.desc()))

    def add(self, draft: Draft, head: int | None = None) -> Version:
        """Store a version, if the head is still this one. Raises `Overtaken`, `LogUnavailable`."""
        try:
            with writing(self._engine) as session:
                return _add(session, draft, head)
        except IntegrityError as error:  # another process took the number between our reading and our writing
            latest = self.head()
            if latest is None:
                raise
            raise Overtaken(latest) from error

    def note_activated(self, number: int, at: datetime) -> None:
        """The core puts the version into use. Raises `NoSuchVersion`, `LogUnavailable`."""
        self.version(number)
        with writing(self._engine) as session:
            session.execute(update(Record).where(Record.number == number).values(activated_at=at))

    def take_back(self, number: int, at: datetime) -> bool:
        """A version that does not count yet never will. Raises `LogUnavailable`."""
        open_ones = update(Record).where(
            Record.number == number, Record.activated_at.is_(None), Record.taken_back_at.is_(None)
        )
        with writing(self._engine) as session:
            return bool(session.execute(open_ones.values(taken_back_at=at)).rowcount)  # type: ignore[attr-defined]

    def _all(self, query: Select[Any]) -> Sequence[Version]:
        with reading(self._engine) as session:
            return [Version(*row) for row in session.execute(query)]


def _versions() -> Select[Any]:
    return select(*_COLUMNS)


def _head() -> Select[Any]:
    """What counts, or was to count at once; the one of them that came last."""
    at_once = Record.activate_at <= Record.at
    counts = _versions().where(Record.activated_at.is_not(None) | (at_once & Record.taken_back_at.is_(None)))
    return counts.order_by(func.coalesce(Record.activated_at, Record.activate_at).desc(), Record.number.desc())


def _first(session: Session, query: Select[Any]) -> Version | None:
    row = session.execute(query.limit(1)).first()
    return None if row is None else Version(*row)


def _add(session: Session, draft: Draft, head: int | None) -> Version:
    latest = _first(session, _head())
    if latest is not None and latest.number != head:
        raise Overtaken(latest)
    number = 1 + (session.scalar(select(func.max(Record.number))) or 0)
    session.add(
        Record(
            number=number,
            at=draft.at,
            by=draft.by,
            summary=draft.summary,
            text=draft.text,
            base=draft.base,
            activate_at=draft.activate_at,
            file_digest=draft.file_digest,
        )
    )
    return Version(
        number, draft.at, draft.by, draft.summary, draft.base, draft.activate_at, None, None, draft.file_digest
    )
