"""How the constraints of an exercise were kept and how near a place was found again."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _practices()
    _repositionings()


def _practices() -> None:
    op.create_table(
        "practices",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("cue_share", sa.Double(), nullable=False),
        sa.Column("uncued_check", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_practices"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.session_id"],
            name="fk_practices_session_id",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "cue_share >= 0 AND cue_share <= 1", name=op.f("ck_practices_cue_share")
        ),
    )
    op.create_table(
        "constraints_kept",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(), nullable=True),
        sa.Column("coordinate", sa.String(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("kept_s", sa.Double(), nullable=False),
        sa.Column("beyond_s", sa.Double(), nullable=False),
        sa.Column("unsure_s", sa.Double(), nullable=False),
        sa.Column("said", sa.Integer(), nullable=False),
        sa.Column("faded", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "position", name="pk_constraints_kept"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["practices.session_id"],
            name="fk_constraints_kept_session_id",
            ondelete="CASCADE",
        ),
    )


def _repositionings() -> None:
    op.create_table(
        "repositionings",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("coordinate", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=True),
        sa.Column("place_rad", sa.Double(), nullable=True),
        sa.Column("place_sd_rad", sa.Double(), nullable=True),
        sa.Column("trials", sa.Integer(), nullable=False),
        sa.Column("called_back", sa.Integer(), nullable=False),
        sa.Column("untold", sa.String(), nullable=True),
        sa.Column("told", sa.Integer(), nullable=True),
        sa.Column("constant_rad", sa.Double(), nullable=True),
        sa.Column("constant_sd_rad", sa.Double(), nullable=True),
        sa.Column("absolute_rad", sa.Double(), nullable=True),
        sa.Column("absolute_sd_rad", sa.Double(), nullable=True),
        sa.Column("variable_rad", sa.Double(), nullable=True),
        sa.Column("variable_sd_rad", sa.Double(), nullable=True),
        sa.Column("sensors_rad", sa.Double(), nullable=True),
        sa.Column("detectable_rad", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("session_id", name="pk_repositionings"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.session_id"],
            name="fk_repositionings_session_id",
            ondelete="CASCADE",
        ),
    )
