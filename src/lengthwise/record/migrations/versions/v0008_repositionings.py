"""How near a place was found again with eyes closed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
