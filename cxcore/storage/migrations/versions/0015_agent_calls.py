"""Create the lists of calls of agents, with what is known of the past, and find contacts by number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PAST = """
INSERT INTO agent_call (agent_id, contact_id, kind, at, queue_id, talk_ms)
SELECT agent_id, contact_id,
       CASE WHEN direction = 'outbound' THEN 'made' WHEN outcome = 'unanswered' THEN 'missed' ELSE 'received' END,
       COALESCE(answered_at, opened_at), queue_id, COALESCE(talked_ms, 0)
FROM contact WHERE agent_id IS NOT NULL
"""
"""Of each contact the last agent; `SqlContactLog.rebuild` makes the whole lists from the facts."""
ONLY_OUTBOUND = sa.text("direction = 'outbound'")


def upgrade() -> None:
    op.create_table(
        "agent_call",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("agent_id", "contact_id", "kind")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queue_id", sa.Text(), nullable=True),
        sa.Column("talk_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("agent_id", "contact_id", name="pk_agent_call"),
    )
    op.execute(PAST)
    op.create_index("ix_agent_call_agent_id_at", "agent_call", ["agent_id", "at"])
    op.create_index("ix_agent_call_contact_id", "agent_call", ["contact_id"])
    op.create_index("ix_contact_caller_number", "contact", ["caller_number"])
    op.create_index(
        "ix_contact_called_number", "contact", ["dialled_number"],
        sqlite_where=ONLY_OUTBOUND, postgresql_where=ONLY_OUTBOUND,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_contact_called_number", "contact")
    op.drop_index("ix_contact_caller_number", "contact")
    op.drop_table("agent_call")
