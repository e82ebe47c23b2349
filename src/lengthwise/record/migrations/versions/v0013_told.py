"""How far muscles were into their range, pain before and after, and consent."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reached",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("muscle_group", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("ratio", sa.Double(), nullable=False),
        sa.Column("sd", sa.Double(), nullable=False),
        sa.Column("known_s", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "position", name="pk_reached"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.session_id"],
            name="fk_reached_session_id",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "pain_told",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("nrs", sa.Double(), nullable=False),
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "moment", name="pk_pain_told"),
        sa.CheckConstraint("nrs >= 0 AND nrs <= 10", name=op.f("ck_pain_told_nrs")),
    )
    op.create_table(
        "consents",
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("at_ns", name="pk_consents"),
    )
