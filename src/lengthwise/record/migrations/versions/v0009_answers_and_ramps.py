"""What a person answered of themselves, and the ramps to tolerance that were led."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        "answers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("told_utc", sa.String(), nullable=False),
        sa.Column("told_ns", sa.BigInteger(), nullable=False),
        sa.Column("expires_utc", sa.String(), nullable=True),
        sa.Column("expires_ns", sa.BigInteger(), nullable=True),
    )
    _table(
        "ramps",
        sa.Column("muscle_group", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("at_utc", sa.String(), nullable=False),
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=True),
    )


def _table(name: str, *columns: "sa.Column[object]") -> None:
    op.create_table(
        name,
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("profile_id", "position", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["person.profile_id"],
            name=f"fk_{name}_profile_id",
            ondelete="CASCADE",
        ),
    )
