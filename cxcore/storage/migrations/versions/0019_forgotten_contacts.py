"""Note of which contacts the person was forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NOT_YET = sa.text("forgotten_at IS NULL AND ended_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("contact", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_contact_not_forgotten", "contact", ["ended_at"], sqlite_where=NOT_YET, postgresql_where=NOT_YET
    )


def downgrade() -> None:
    op.drop_index("ix_contact_not_forgotten", "contact")
    op.drop_column("contact", "forgotten_at")
