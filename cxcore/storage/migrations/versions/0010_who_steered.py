"""Keep who made the last change to each agent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agent", sa.Column("changed_by", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("agent", "changed_by")
