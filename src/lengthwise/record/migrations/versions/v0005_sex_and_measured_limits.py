"""Sex of a person, and how far their joints go as measured."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("sex", sa.String(), nullable=True))
    op.create_table(
        "limits",
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("movement", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=True),
        sa.Column("value_rad", sa.Double(), nullable=False),
        sa.Column("sd_rad", sa.Double(), nullable=False),
        sa.Column("measured_utc", sa.String(), nullable=False),
        sa.Column("measured_ns", sa.BigInteger(), nullable=False),
        sa.Column("expires_utc", sa.String(), nullable=False),
        sa.Column("expires_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("profile_id", "position", name="pk_limits"),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["person.profile_id"],
            name="fk_limits_profile_id",
            ondelete="CASCADE",
        ),
    )
