"""Alembic's entry point: runs the steps on the connection that `cxcore.storage.engine.migrate` hands over.

It needs no alembic.ini. A new step is drafted with `scripts/draft_migration.py`.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from cxcore.storage.models import Base


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transactional_ddl=True,  # SQLite too, because engine.py begins its transactions itself
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
