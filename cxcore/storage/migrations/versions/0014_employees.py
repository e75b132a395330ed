"""Create the directory of employees."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "employee",
        sa.Column("employee_id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "department", "function")),
        sa.Column("numbers", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name_words", "searched")),
        sa.PrimaryKeyConstraint("employee_id", name="pk_employee"),
    )
    op.create_table(
        "employee_number",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("employee_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", "employee_id", name="pk_employee_number"),
    )


def downgrade() -> None:
    op.drop_table("employee_number")
    op.drop_table("employee")
