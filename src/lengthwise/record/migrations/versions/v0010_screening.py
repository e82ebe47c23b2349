"""Answers to the safety questions, and the stops after which they are asked anew."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "screenings",
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("at_ns", name="pk_screenings"),
    )
    op.create_table(
        "screening_answers",
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("at_ns", "question", name="pk_screening_answers"),
        sa.ForeignKeyConstraint(
            ["at_ns"], ["screenings.at_ns"], name="fk_screening_answers_at_ns", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "safety_stops",
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("at_ns", name="pk_safety_stops"),
    )
