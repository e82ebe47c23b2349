"""By which share the pull fell in each hold of a session that a gauge or band measured."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    told = (
        "begun_s", "held_s", "loss_ratio", "loss_sd_ratio", "angle_rad", "angle_sd_rad", "begun_n",
    )  # fmt: skip
    op.create_table(
        "holds_relaxed",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in told),
        sa.PrimaryKeyConstraint("session_id", "position", name="pk_holds_relaxed"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["pulls.session_id"],
            name="fk_holds_relaxed_session_id",
            ondelete="CASCADE",
        ),
    )
