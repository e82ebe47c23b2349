"""The first tables: person with measures, marks and windows; sessions with what remains of them.

Migrations spell their tables out: they must keep meaning what they meant when the tables change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _owned_by(owner: str, key: str, table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.ForeignKeyConstraint(
            [key], [f"{owner}.{key}"], name=f"fk_{table}_{key}", ondelete="CASCADE"
        )
    ]


def _dated() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("measured_utc", sa.String(), nullable=False),
        sa.Column("measured_ns", sa.BigInteger(), nullable=False),
        sa.Column("expires_utc", sa.String(), nullable=True),
        sa.Column("expires_ns", sa.BigInteger(), nullable=True),
    ]


def _upgrade_person() -> None:
    op.create_table(
        "person",
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("profile_id", name="pk_person"),
    )
    op.create_table(
        "measures",
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("sd", sa.Double(), nullable=False),
        *_dated(),
        sa.PrimaryKeyConstraint("profile_id", "position", name="pk_measures"),
        *_owned_by("person", "profile_id", "measures"),
    )
    op.create_table(
        "marks",
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("muscle_group", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("range_fraction", sa.Double(), nullable=False),
        sa.Column("sd", sa.Double(), nullable=False),
        sa.Column("setup", sa.String(), nullable=False),
        *_dated(),
        sa.PrimaryKeyConstraint("profile_id", "position", name="pk_marks"),
        *_owned_by("person", "profile_id", "marks"),
    )
    op.create_table(
        "windows",
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("muscle_group", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("low", sa.Double(), nullable=False),
        sa.Column("high", sa.Double(), nullable=False),
        sa.Column("ceiling", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("profile_id", "position", name="pk_windows"),
        *_owned_by("person", "profile_id", "windows"),
    )


def _upgrade_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("started_utc", sa.String(), nullable=False),
        sa.Column("started_ns", sa.BigInteger(), nullable=True),
        sa.Column("exercise_id", sa.String(), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_started_ns", "sessions", ["started_ns"])
    op.create_table(
        "totals",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("effective_s", sa.Double(), nullable=True),
        sa.Column("uncertain_s", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("session_id", name="pk_totals"),
        *_owned_by("sessions", "session_id", "totals"),
    )
    op.create_table(
        "rejections",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "position", name="pk_rejections"),
        *_owned_by("sessions", "session_id", "rejections"),
    )
    op.create_table(
        "claimed_ratios",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("coordinate", sa.String(), nullable=False),
        sa.Column("ratio", sa.Double(), nullable=False),
        sa.CheckConstraint("ratio >= 0 AND ratio <= 1", name=op.f("ck_claimed_ratios_ratio")),
        sa.PrimaryKeyConstraint("session_id", "position", name="pk_claimed_ratios"),
        *_owned_by("sessions", "session_id", "claimed_ratios"),
    )


def upgrade() -> None:
    _upgrade_person()
    _upgrade_sessions()
