"""Answers to the safety questions, and the stops after which they are asked anew."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answered",
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("at_ns", name="pk_answered"),
    )
    op.create_table(
        "answers",
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("at_ns", "question", name="pk_answers"),
        sa.ForeignKeyConstraint(
            ["at_ns"], ["answered.at_ns"], name="fk_answers_at_ns", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "safety_stops",
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("at_ns", name="pk_safety_stops"),
    )
