"""How well the distance between two marks of one session is known."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("marks", sa.Column("distance_sd", sa.Double(), nullable=True))
