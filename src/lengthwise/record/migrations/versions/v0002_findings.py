"""Findings of a calibration, kept with the person."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "findings",
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("sd", sa.Double(), nullable=False),
        sa.Column("setup", sa.String(), nullable=False),
        sa.Column("measured_utc", sa.String(), nullable=False),
        sa.Column("measured_ns", sa.BigInteger(), nullable=False),
        sa.Column("expires_utc", sa.String(), nullable=False),
        sa.Column("expires_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("profile_id", "position", name="pk_findings"),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["person.profile_id"],
            name="fk_findings_profile_id",
            ondelete="CASCADE",
        ),
    )
