"""Answers to the safety questions and stops in the order in which they were kept.

Clocks are set, also backwards; which of the two came first decides whether somebody may be led.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

_KEPT = ("screenings", "safety_stops")


def upgrade() -> None:
    connection = op.get_bind()
    for table in _KEPT:
        op.add_column(table, sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
    # All that is known of the old ones is their time; at the same time the stop counts as later.
    rows = connection.execute(
        sa.text(
            "SELECT at_ns, 0 AS later FROM screenings"
            " UNION ALL SELECT at_ns, 1 AS later FROM safety_stops ORDER BY at_ns, later"
        )
    ).fetchall()
    for place, (at_ns, later) in enumerate(rows, start=1):
        connection.execute(
            sa.text(f"UPDATE {_KEPT[later]} SET place = :place WHERE at_ns = :at_ns"),
            {"place": place, "at_ns": at_ns},
        )
