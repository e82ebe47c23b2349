"""Marks as muscle lengths. What was kept as a share of a range stays where it is and is not used:
the ends of that range depend on measures and joint limits that were not kept with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "length_marks",
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("muscle_group", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("length_m", sa.Double(), nullable=False),
        sa.Column("sd_m", sa.Double(), nullable=False),
        sa.Column("upright_m", sa.Double(), nullable=False),
        sa.Column("distance_sd_m", sa.Double(), nullable=True),
        sa.Column("setup", sa.String(), nullable=False),
        sa.Column("measured_utc", sa.String(), nullable=False),
        sa.Column("measured_ns", sa.BigInteger(), nullable=False),
        sa.Column("expires_utc", sa.String(), nullable=True),
        sa.Column("expires_ns", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("profile_id", "position", name="pk_length_marks"),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["person.profile_id"],
            name="fk_length_marks_profile_id",
            ondelete="CASCADE",
        ),
    )
