"""Create the figures of direct calls, and tell calls out from calls in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("direction", sa.Text(), nullable=False, server_default="inbound"))
    op.create_table(
        "direct_interval",
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        *(_number(name) for name in ("answered", "missed", "talk_ms")),
        sa.PrimaryKeyConstraint("starts_at", "agent_id", "direction", name="pk_direct_interval"),
    )


def downgrade() -> None:
    op.drop_table("direct_interval")
    op.drop_column("contact", "direction")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)
