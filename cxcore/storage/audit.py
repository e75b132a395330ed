"""Keeps audit events (port `cxcore.ports.audit`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from cxcore.ports.audit import AuditResult
from cxcore.storage.engine import writing
from cxcore.storage.models import AuditEvent


class SqlAudit:
    """The audit in the database. Nothing here changes or removes an event."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, actor: str, action: str, object: str, result: AuditResult, origin: str, at: datetime) -> None:
        """Keep one event; returns when it is stored. Raises `LogUnavailable`."""
        event = AuditEvent(actor=actor, action=action, object=object, result=result.value, origin=origin, at=at)
        with writing(self._engine) as session:
            session.add(event)
