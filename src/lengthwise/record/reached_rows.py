"""What was reached in a session, to rows of the store and back."""

from collections.abc import Iterable

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.session import MuscleReached
from lengthwise.record.told_tables import ReachedRow


def reached_rows(reached: Iterable[MuscleReached]) -> list[ReachedRow]:
    return [
        ReachedRow(
            position=i,
            muscle_group=r.group.value,
            side=r.side.value,
            ratio=r.ratio,
            sd=r.sd,
            known_s=r.known_s,
        )
        for i, r in enumerate(reached)
    ]


def reached_of(rows: Iterable[ReachedRow]) -> tuple[MuscleReached, ...]:
    return tuple(
        MuscleReached(MuscleGroup(r.muscle_group), Side(r.side), r.ratio, r.sd, r.known_s)
        for r in rows
    )
