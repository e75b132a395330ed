"""Chain the audit's events by digests, and let the database refuse to change or remove one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cxcore.storage.audit_chain import NOTHING_BEFORE, digest_after
from cxcore.storage.models import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WORDS = ("actor", "action", "object", "result", "origin")
TABLE = sa.table(
    "audit_event",
    sa.column("id", sa.BigInteger),
    sa.column("at", UtcDateTime),
    *(sa.column(name, sa.Text) for name in WORDS),
    sa.column("digest", sa.Text),
)
REFUSAL = "audit events are kept as they are"
ON_SQLITE = "CREATE TRIGGER audit_event_no_{name} BEFORE {what} ON audit_event BEGIN SELECT RAISE(ABORT, '{why}'); END"
FUNCTION = """
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION '{why}' USING ERRCODE = 'insufficient_privilege'; END $$
"""
ON_POSTGRESQL = """
CREATE TRIGGER audit_event_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()
"""


def upgrade() -> None:
    with op.batch_alter_table("audit_event") as table:
        table.add_column(sa.Column("digest", sa.Text(), nullable=False, server_default=""))
    _chain_what_is_there()
    with op.batch_alter_table("audit_event") as table:
        table.alter_column("digest", server_default=None)
    _refuse_changes()


def downgrade() -> None:
    _allow_changes()
    with op.batch_alter_table("audit_event") as table:
        table.drop_column("digest")


def _chain_what_is_there() -> None:
    """Number the events anew without gaps, which a transaction that failed could leave, and chain them."""
    connection, digest = op.get_bind(), NOTHING_BEFORE
    rows = connection.execute(sa.select(TABLE).order_by(TABLE.c.id)).all()
    for number, row in enumerate(rows, start=1):
        actor, action, object, result, origin = (str(row._mapping[name]) for name in WORDS)
        digest = digest_after(digest, number, row.at, (actor, action, object, result, origin))
        connection.execute(sa.update(TABLE).where(TABLE.c.id == row.id).values(id=number, digest=digest))


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION.format(why=REFUSAL))
        op.execute(ON_POSTGRESQL)
        return
    for what in ("UPDATE", "DELETE"):
        op.execute(ON_SQLITE.format(name=what.lower(), what=what, why=REFUSAL))


def _allow_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_event_kept ON audit_event")
        op.execute("DROP FUNCTION refuse_audit_change")
        return
    for name in ("update", "delete"):
        op.execute(f"DROP TRIGGER audit_event_no_{name}")
