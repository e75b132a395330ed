"""Keeps how users arranged their page (port `cxcore.ports.desks`)."""

from __future__ import annotations

from sqlalchemy import Engine, delete

from cxcore.ports.desks import DeskLayout, DesktopNotice
from cxcore.storage.engine import reading, writing
from cxcore.storage.models import DeskRecord


class SqlDesks:
    """The layouts in the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, username: str) -> DeskLayout | None:
        """What the user keeps, or None. Raises `LogUnavailable`."""
        with reading(self._engine) as session:
            row = session.get(DeskRecord, username)
            if row is None:
                return None
            notice = DesktopNotice(row.layout.get("desktop_notice", DesktopNotice.OFF))
            return DeskLayout(tuple(map(tuple, row.layout["columns"])), frozenset(row.layout["hidden"]), notice)

    def save(self, username: str, layout: DeskLayout) -> None:
        """Keep a layout. Raises `LogUnavailable`."""
        columns, hidden = [list(each) for each in layout.columns], sorted(layout.hidden)
        kept = {"columns": columns, "hidden": hidden, "desktop_notice": layout.desktop_notice.value}
        with writing(self._engine) as session:
            session.merge(DeskRecord(username=username, layout=kept))

    def reset(self, username: str) -> None:
        """Go back to the default. Raises `LogUnavailable`."""
        with writing(self._engine) as session:
            session.execute(delete(DeskRecord).where(DeskRecord.username == username))
