"""How far a muscle was in the holds: of the side that works, of the time in which it was known."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.session import FrameLogged
from lengthwise.record.reached import ReachedCount

LEFT = GROUP_INDEX[MuscleGroup.HAMSTRINGS, Side.LEFT]
RIGHT = GROUP_INDEX[MuscleGroup.HAMSTRINGS, Side.RIGHT]


def frame(
    t_s: float, phase: Phase, side: Side | None, ratio: float, known: tuple[int, ...]
) -> FrameLogged:
    claimed = [i in known for i in range(len(GROUP_SIDES))]
    tissue = SimpleNamespace(
        claimed=tuple(claimed),
        range_fraction=np.where(claimed, ratio, np.nan),
        range_fraction_sd=np.where(claimed, 0.05, np.nan),
    )
    guidance = SimpleNamespace(phase=phase, side=side)
    made = SimpleNamespace(body=SimpleNamespace(t_s=t_s), tissue=tissue, guidance=guidance)
    return cast(FrameLogged, made)


def counted(frames: list[FrameLogged]) -> dict[tuple[MuscleGroup, Side], float]:
    count = ReachedCount()
    for one in frames:
        count.take(one)
    return {(r.group, r.side): r.ratio for r in count.found()}


def held(
    begin_s: float, side: Side, ratio: float, known: tuple[int, ...], *, frames: int = 100
) -> list[FrameLogged]:
    return [frame(begin_s + 0.1 * i, Phase.HOLD, side, ratio, known) for i in range(frames)]


def test_a_muscle_is_told_at_the_mean_of_its_own_side() -> None:
    frames = held(0.0, Side.LEFT, 0.6, (LEFT, RIGHT)) + held(10.0, Side.LEFT, 0.8, (LEFT, RIGHT))
    found = counted(frames)
    assert found.keys() == {(MuscleGroup.HAMSTRINGS, Side.LEFT)}
    assert found[MuscleGroup.HAMSTRINGS, Side.LEFT] == pytest.approx(0.7, abs=0.005)


def test_what_is_not_held_does_not_count() -> None:
    assert counted([frame(0.1 * i, Phase.EASE_IN, None, 0.9, (LEFT,)) for i in range(200)]) == {}


def test_a_muscle_known_for_the_smaller_part_is_not_told() -> None:
    seen = held(0.0, Side.LEFT, 0.6, (LEFT,))
    assert counted(seen + held(10.0, Side.LEFT, 0.6, (), frames=90)) != {}
    assert counted(seen + held(10.0, Side.LEFT, 0.6, (), frames=110)) == {}


def test_a_gap_is_no_time() -> None:
    frames = [frame(10.0 * i, Phase.HOLD, Side.LEFT, 0.6, (LEFT,)) for i in range(6)]
    assert counted(frames) == {}
