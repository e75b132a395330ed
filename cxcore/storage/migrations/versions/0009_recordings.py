"""Keep what is known of recordings of calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cxcore.storage.models import StorableText, UtcDateTime, WholeNumber

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recording",
        sa.Column("recording_id", StorableText(), nullable=False),
        sa.Column("contact_id", StorableText(), nullable=False),
        sa.Column("queue_id", StorableText()),
        sa.Column("agent_id", StorableText()),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("duration_ms", WholeNumber, nullable=False),
        sa.Column("keep_until", UtcDateTime(), nullable=False),
        sa.Column("digest", StorableText(), nullable=False),
        sa.Column("held_by", StorableText()),
        sa.Column("hold_reason", StorableText(), nullable=False),
        sa.Column("caller_peaks", sa.LargeBinary(), nullable=False),
        sa.Column("agent_peaks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("recording_id", name="pk_recording"),
    )
    op.create_index("ix_recording_contact_id", "recording", ["contact_id"])
    op.create_index("ix_recording_started_at", "recording", ["started_at"])
    op.create_index("ix_recording_keep_until", "recording", ["keep_until"])


def downgrade() -> None:
    op.drop_table("recording")
