"""Whether a symptom, too much pain or a stop was told with a ramp; of older ones not known."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ramps", sa.Column("harmed", sa.Boolean(), nullable=True))
