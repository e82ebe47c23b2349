"""Tables of a profile's store: what was told beside a session, and what was reached in it.

As in `tables`: a change here needs a new migration.
"""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lengthwise.record.table_base import Base


class ReachedRow(Base):
    """How far into its range a muscle group was in the holds of a session, 0..1 with sd."""

    __tablename__ = "reached"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("sessions.session_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    muscle_group: Mapped[str]
    side: Mapped[str]
    ratio: Mapped[float]
    sd: Mapped[float]
    known_s: Mapped[float]


class PainRow(Base):
    """Pain of the back as it was told, 0 to 10, before or after a session; the last word counts."""

    __tablename__ = "pain_told"
    __table_args__ = (CheckConstraint("nrs >= 0 AND nrs <= 10", name="nrs"),)

    session_id: Mapped[str] = mapped_column(primary_key=True)
    moment: Mapped[str] = mapped_column(primary_key=True)
    nrs: Mapped[float]
    at_ns: Mapped[int] = mapped_column(BigInteger)


class ConsentRow(Base):
    """That what the program does with camera and record was read and agreed to."""

    __tablename__ = "consents"

    at_ns: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    version: Mapped[int]
