"""What a session's gauge or band measured, and which muscles it told of."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    measured = (
        "standard_nm", "extensible_rad", "extensible_sd_rad", "borne_rad", "borne_sd_rad",
        "borne_nm", "borne_sd_nm", "weight_nm", "weight_sd_nm", "furthest_rad", "furthest_nm",
        "furthest_sd_nm", "line_alignment", "line_alignment_sd",
    )  # fmt: skip
    op.create_table(
        "pulls",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("coordinate", sa.String(), nullable=False),
        sa.Column("stiff", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=True) for name in measured),
        sa.Column("why_not", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("session_id", name="pk_pulls"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.session_id"],
            name="fk_pulls_session_id",
            ondelete="CASCADE",
        ),
    )
    told = (
        "later_m", "later_sd_m", "before_sd_m", "slack_shift_m", "slack_shift_sd_m",
        "stiffness_ratio", "stiffness_log_sd",
    )  # fmt: skip
    op.create_table(
        "muscles_pulled",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("muscle", sa.String(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in told),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "position", name="pk_muscles_pulled"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["pulls.session_id"],
            name="fk_muscles_pulled_session_id",
            ondelete="CASCADE",
        ),
    )
