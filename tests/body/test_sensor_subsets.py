"""One to six sensors in any subset: each of the 63 gives an estimate, which claims what these
segments show and nothing that is untrue."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest

from lengthwise.body import estimator
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.observation import Segment, Tick
from lengthwise.live.evaluation.track import track
from lengthwise.sim.motions import motions
from lengthwise.sim.scripted import Film, Script, film

SIX = (
    Segment.PELVIS, Segment.T12, Segment.THIGH_L, Segment.THIGH_R, Segment.SHANK_L, Segment.SHANK_R,
)  # fmt: skip
SHOWN_BY = {
    Coordinate.PELVIS_TILT: {Segment.PELVIS},
    Coordinate.LUMBAR_FLEXION: {Segment.PELVIS, Segment.T12},
    Coordinate.HIP_FLEXION_L: {Segment.PELVIS, Segment.THIGH_L},
    Coordinate.HIP_FLEXION_R: {Segment.PELVIS, Segment.THIGH_R},
    Coordinate.KNEE_FLEXION_L: {Segment.THIGH_L, Segment.SHANK_L},
    Coordinate.KNEE_FLEXION_R: {Segment.THIGH_R, Segment.SHANK_R},
}
_LAST_S = 1.0
TICKS = [Tick(n / 20.0) for n in range(141)]


MOTION = next(m for m in motions() if m.name == "squat")


@cache
def filmed() -> Film:
    """Four seconds of standing, then a squat that is held."""
    knots = ((4.0, 0.0), (5.5, 0.6), (7.0, 0.6))
    return film(Script(MOTION, 100, knots, views=(), segments=SIX, stand_s=0.0))


@pytest.mark.parametrize("count", range(1, 7))
def test_any_subset_claims_what_it_shows_and_nothing_untrue(count: int) -> None:
    whole, wrong, claims = filmed(), [], 0
    for worn in combinations(SIX, count):
        streams = tuple(whole.streams[s] for s in worn)
        params = estimator.Params(streams, MOTION.posture, MOTION.start_rad, zero_s=(0.5, 3.0))
        felt = [*whole.observations(worn), *TICKS]
        found = track(params, sorted(felt, key=lambda o: o.t_s))
        assert found.rejections == ()
        last = found.t_s >= found.t_s[-1] - _LAST_S
        claimed = found.claimed[last].all(axis=0)
        shown = {c for c, by in SHOWN_BY.items() if by <= set(worn)}
        missing = shown - {c for c in COORDINATES if claimed[INDEX[c]]}
        assert not missing, f"{[s.value for s in worn]}: {missing} not claimed"
        off = np.abs(found.mean_rad[last] - whole.truth_at(found.t_s[last]))
        beyond = off > 2.58 * found.sd_rad[last]
        claims += int(claimed.sum())
        wrong += [
            (worn, COORDINATES[i]) for i in np.flatnonzero(claimed & (beyond.mean(axis=0) > 0.5))
        ]
    assert len(wrong) <= 0.02 * claims, wrong
