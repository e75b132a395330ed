"""Create the facts, what is derived from them, accounts and the audit."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_facts()
    _create_contacts()
    _create_intervals()
    _create_agents()
    _create_accounts_and_audit()


def downgrade() -> None:
    tables = "audit_event account agent_status agent agent_interval interval queue_visit contact contact_event"
    for table in tables.split():
        op.drop_table(table)


def _create_facts() -> None:
    op.create_table(
        "contact_event",
        _number("id"),
        _text("writer"),
        _number("number"),
        _instant("at"),
        _text("kind"),
        _text("contact_id", nullable=True),
        _text("agent_id", nullable=True),
        _text("queue_id", nullable=True),
        _document("body"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_event"),
    )
    op.create_index("uq_contact_event_writer_number", "contact_event", ["writer", "number"], unique=True)
    op.create_index("ix_contact_event_contact_id", "contact_event", ["contact_id"])
    op.create_index("ix_contact_event_at", "contact_event", ["at"])


def _create_contacts() -> None:
    op.create_table(
        "contact",
        _text("contact_id"),
        _text("channel"),
        _instant("opened_at"),
        _text("dialled_number"),
        _text("caller_number", nullable=True),
        _text("caller_name"),
        _text("queue_id", nullable=True),
        _text("agent_id", nullable=True),
        *(_instant(name, nullable=True) for name in ("answered_at", "held_since", "ended_at")),
        *(_text(name, nullable=True) for name in ("outcome", "cause", "ended_by", "transferred_to")),
        *(_number(name, nullable=True) for name in ("waited_ms", "talked_ms")),
        *(_number(name) for name in ("held_ms", "wrap_up_ms")),
        sa.PrimaryKeyConstraint("contact_id", name="pk_contact"),
    )
    op.create_index("ix_contact_opened_at", "contact", ["opened_at"])
    still_open = sa.text("ended_at IS NULL")
    columns = ["opened_at", "contact_id"]
    op.create_index("ix_contact_open", "contact", columns, sqlite_where=still_open, postgresql_where=still_open)
    op.create_table(
        "queue_visit",
        _text("contact_id"),
        _text("queue_id"),
        _text("channel"),
        _instant("queued_at"),
        _number("target_ms"),
        _instant("waiting_since", nullable=True),
        _number("waited_ms"),
        _text("outcome", nullable=True),
        _text("agent_id", nullable=True),
        sa.PrimaryKeyConstraint("contact_id", "queue_id", name="pk_queue_visit"),
    )


def _create_intervals() -> None:
    ends = ("offered", "answered", "answered_in_time", "abandoned", "quick_drops", "moved", "closed")
    lengths = ("wait_ms", "longest_wait_ms", "talk_ms", "wrap_up_ms")
    op.create_table(
        "interval",
        _instant("starts_at"),
        _text("queue_id"),
        _text("channel"),
        *(_number(name) for name in ends + lengths),
        sa.PrimaryKeyConstraint("starts_at", "queue_id", "channel", name="pk_interval"),
    )
    op.create_table(
        "agent_interval",
        _instant("starts_at"),
        _text("agent_id"),
        _text("queue_id"),
        _text("channel"),
        *(_number(name) for name in ("offers", "missed", "declined", "handled", "talk_ms", "wrap_up_ms")),
        sa.PrimaryKeyConstraint("starts_at", "agent_id", "queue_id", "channel", name="pk_agent_interval"),
    )


def _create_agents() -> None:
    op.create_table(
        "agent",
        _text("agent_id"),
        _text("status"),
        _text("reason", nullable=True),
        _instant("status_since"),
        _document("serves"),
        _number("handled_contacts"),
        _number("worked_ms"),
        sa.PrimaryKeyConstraint("agent_id", name="pk_agent"),
    )
    op.create_table(
        "agent_status",
        _text("agent_id"),
        _instant("since"),
        _instant("until", nullable=True),
        _text("status"),
        _text("reason", nullable=True),
        sa.PrimaryKeyConstraint("agent_id", "since", name="pk_agent_status"),
    )


def _create_accounts_and_audit() -> None:
    op.create_table(
        "account",
        _text("username"),
        _text("name"),
        _text("role"),
        _text("agent_id", nullable=True),
        _text("password_hash"),
        sa.PrimaryKeyConstraint("username", name="pk_account"),
    )
    op.create_table(
        "audit_event",
        _number("id"),
        _instant("at"),
        *(_text(name) for name in ("actor", "action", "object", "result", "origin")),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at"])
    op.create_index("ix_audit_event_actor_at", "audit_event", ["actor", "at"])


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _instant(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _document(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False)
