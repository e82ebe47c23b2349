"""Which edition of the anatomical model a mark is a length of."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "length_marks", sa.Column("edition", sa.Integer(), nullable=False, server_default="1")
    )
