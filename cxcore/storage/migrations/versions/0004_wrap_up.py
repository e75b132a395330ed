"""Keep the running wrap-up of each agent, and find contacts by their end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("wrap_up_of", "wrap_up_queue_id"):
        op.add_column("agent", sa.Column(name, sa.Text(), nullable=True))
    for name in ("wrap_up_since", "wrap_up_until"):
        op.add_column("agent", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_contact_ended_at", "contact", ["ended_at"])


def downgrade() -> None:
    op.drop_index("ix_contact_ended_at", "contact")
    for name in ("wrap_up_of", "wrap_up_queue_id", "wrap_up_since", "wrap_up_until"):
        op.drop_column("agent", name)
