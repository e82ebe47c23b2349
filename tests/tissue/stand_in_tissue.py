"""The tissue step on the stand-in anatomy: what it reads, and marks at a share of a range."""

from fake_anatomy import MODEL, usual_bounds

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.contracts.states import BodyState, TissueState
from lengthwise.reference.exercises import exercise
from lengthwise.tissue.engine import Params, start, step

BOUNDS = usual_bounds()
PARAMS = Params(MODEL, BOUNDS)
LUNGE = Params(MODEL, BOUNDS, exercise=exercise("half_kneeling_hip_flexor"))
PSOAS_L = (MuscleGroup.PSOAS, Side.LEFT)
HAMSTRINGS_R = (MuscleGroup.HAMSTRINGS, Side.RIGHT)
UPRIGHT_M = 0.3
"""Of every group of the stand-in."""


def read(body_state: BodyState, params: Params = PARAMS) -> TissueState:
    found = step(params, start(params), body_state)[1]
    assert found is not None
    return found


def signal(kind: SignalKind, *targets: tuple[MuscleGroup, Side]) -> PersonSignal:
    return PersonSignal(1.0, kind, targets)


def old_mark(
    kind: MarkKind,
    fraction: float,
    *,
    day: str = "2025-01-01T00:00:00Z",
    sd: float = 0.02,
    setup: str = "camera",
) -> Mark:
    """At a share of the range, which is easier to think in, as the length it is."""
    row = GROUP_INDEX[HAMSTRINGS_R]
    span_m = float(BOUNDS.span_m[row])
    length_m = float(BOUNDS.shortest_m[row]) + fraction * span_m
    return Mark(*HAMSTRINGS_R, kind, length_m, sd * span_m, UPRIGHT_M, day, setup)
