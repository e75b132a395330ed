"""Keep which numbers each contact names beside its own, so that a person is found without reading every fact."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cxcore.storage.named_numbers import NAMED_IN, named_in

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

CHUNK = 10_000
FACTS = sa.table(
    "contact_event",
    sa.column("id", sa.BigInteger()),
    sa.column("kind", sa.Text()),
    sa.column("contact_id", sa.Text()),
    sa.column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
)


def upgrade() -> None:
    table = op.create_table(
        "contact_number",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", "contact_id", name="pk_contact_number"),
    )
    op.create_index("ix_contact_number_contact_id", "contact_number", ["contact_id"])
    _fill(op.get_bind(), table)


def _fill(connection: sa.Connection, table: sa.Table) -> None:
    """By and by, in the order of the facts; a contact whose facts lie in two chunks is looked up before it is added."""
    last = 0
    while chunk := connection.execute(_facts_after(last)).all():
        found = {(number, row.contact_id) for row in chunk for number in named_in(row.kind, row.body)}
        kept = {tuple(row) for row in connection.execute(_kept(table, {contact_id for _, contact_id in found}))}
        new = [{"number": number, "contact_id": contact_id} for number, contact_id in sorted(found - kept)]
        if new:
            connection.execute(sa.insert(table), new)
        last = chunk[-1].id


def _facts_after(last: int) -> sa.Select[tuple[int, str, str, dict[str, object]]]:
    facts = FACTS.c
    telling = sa.and_(facts.id > last, facts.kind.in_(list(NAMED_IN)), facts.contact_id.is_not(None))
    return sa.select(facts.id, facts.kind, facts.contact_id, facts.body).where(telling).order_by(facts.id).limit(CHUNK)


def _kept(table: sa.Table, contact_ids: set[str]) -> sa.Select[tuple[str, str]]:
    return sa.select(table.c.number, table.c.contact_id).where(table.c.contact_id.in_(contact_ids))


def downgrade() -> None:
    op.drop_table("contact_number")
