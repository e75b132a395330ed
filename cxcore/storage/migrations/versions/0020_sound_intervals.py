"""Create the figures of how conversations sounded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sound_interval",
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        *(_number(name) for name in ("scores", "below_goal", "hundredths")),
        sa.PrimaryKeyConstraint("starts_at", "line", name="pk_sound_interval"),
    )


def downgrade() -> None:
    op.drop_table("sound_interval")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)
