"""Which session a mark was taken in, and whether pain relief was at work."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("length_marks", sa.Column("session_id", sa.String(), nullable=True))
    op.add_column("length_marks", sa.Column("pain_relief", sa.Boolean(), nullable=True))
