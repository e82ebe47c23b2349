"""What a profile's store keeps of the plan: every event whole and in order, none taken back.

The form of an event is that of its contract, as JSON: a decision that is to be made again has to
come back exactly as it was, with everything that it was decided by.
"""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
from sqlalchemy import BigInteger, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.own_plan import PlanEvent, PlanKept
from lengthwise.record.table_base import Base
from lengthwise.record.tables import SafetyStopRow


class PlanEventRow(Base):
    """One event of the plan. `place` in the order of keeping: clocks are set, also backwards."""

    __tablename__ = "plan_events"

    place: Mapped[int] = mapped_column(primary_key=True)
    at_ns: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    content: Mapped[str]


class KeepsPlan(ABC):
    """The part of a store that is about the plan."""

    path: Path

    @abstractmethod
    def _transaction(self, *, writes: bool = False) -> AbstractContextManager[Session]:
        """One transaction, whole or not at all."""

    def add_plan_events(self, events: tuple[PlanEvent, ...], *, at_s: float) -> None:
        """Keep them behind all earlier ones; all of them or, cut off, none."""
        if not events:
            return
        with self._transaction(writes=True) as session:
            place = session.scalar(select(func.max(PlanEventRow.place))) or 0
            for n, event in enumerate(events, start=1):
                content = msgspec.json.encode(event).decode()
                kind = str(type(event).__struct_config__.tag)
                row = PlanEventRow(place=place + n, at_ns=round(at_s * 1e9), kind=kind)
                row.content = content
                session.add(row)

    def plan_events(self) -> list[PlanKept]:
        """All of them, the oldest first. Raises InputError for one of a newer version."""
        with self._transaction() as session:
            rows = list(session.scalars(select(PlanEventRow).order_by(PlanEventRow.place)))
        try:
            return [
                PlanKept(r.place, r.at_ns / 1e9, msgspec.json.decode(r.content, type=PlanEvent))
                for r in rows
            ]
        except (msgspec.MsgspecError, ValueError) as cause:
            raise InputError(
                f"store {self.path}",
                value=" ".join(str(cause).split()),
                allowed="a plan that this version knows",
                remedy="use the newer lengthwise that wrote it",
            ) from cause

    def safety_stops(self) -> list[tuple[str, float]]:
        """Session and time (s since 1970) of every stop by a symptom or pain, as kept."""
        with self._transaction() as session:
            rows = session.scalars(select(SafetyStopRow).order_by(SafetyStopRow.place))
            return [(row.session_id, row.at_ns / 1e9) for row in rows]
