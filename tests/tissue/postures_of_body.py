"""Body states for tests, from angles in degrees by coordinate name."""

from collections.abc import Iterable, Sequence

import numpy as np
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import SignalKind
from lengthwise.contracts.states import BodyState, MarkedPose, Unseen
from lengthwise.reference.joint_limits import feasible_limits_rad


def anatomical_rad(**angles_deg: float) -> np.ndarray:
    """(13,) of the named angles, the others zero."""
    out = np.zeros(len(ANATOMICAL))
    for name, angle_deg in angles_deg.items():
        out[ANATOMICAL.index(Coordinate(name))] = np.radians(angle_deg)
    return out


def body(
    *,
    t_s: float = 0.0,
    sd_deg: float = 1.0,
    unseen: Iterable[Coordinate] = (),
    prior_sd_deg: float = 25.0,
    **angles_deg: float,
) -> BodyState:
    """Independent angles with `sd_deg`; `unseen` ones with the wide sd of a prior."""
    mean_rad = np.zeros(len(COORDINATES))
    for name, angle_deg in angles_deg.items():
        mean_rad[INDEX[Coordinate(name)]] = np.radians(angle_deg)
    hidden = set(unseen)
    sd_rad = np.radians([prior_sd_deg if c in hidden else sd_deg for c in COORDINATES])
    return BodyState(
        t_s=t_s,
        mean_rad=frozen_array(mean_rad),
        covariance_rad2=frozen_array(np.diag(sd_rad**2)),
        unseen=tuple(Unseen.VIEW if c in hidden else Unseen.CLAIMED for c in COORDINATES),
        quality=1.0,
    )


def body_at(anatomical: np.ndarray, *, sd_deg: float = 1.0, t_s: float = 0.0) -> BodyState:
    """A body state at an anatomical posture (13,) in radians."""
    angles = {c.value: float(np.degrees(v)) for c, v in zip(ANATOMICAL, anatomical, strict=True)}
    return body(t_s=t_s, sd_deg=sd_deg, **angles)


Said = tuple[float, SignalKind, tuple[tuple[MuscleGroup, Side], ...], np.ndarray]
"""Time, kind, targets and anatomical posture (13,) of a mark."""


def with_marks(now: BodyState, said: Sequence[Said], joint_rad2: np.ndarray) -> BodyState:
    """A body state with marked poses; `joint_rad2` (n, n, 13, 13) over now and the marks."""
    covariance = np.array(now.covariance_rad2)
    covariance[3:16, 3:16] = joint_rad2[0, 0]
    marks = tuple(
        MarkedPose(
            t_s,
            kind,
            targets,
            frozen_array(mean_rad),
            frozen_array(joint_rad2[i, i]),
            frozen_array(joint_rad2[0, i]),
            frozen_array(joint_rad2[i, 1:i]),
        )
        for i, (t_s, kind, targets, mean_rad) in enumerate(said, start=1)
    )
    return replace(now, covariance_rad2=frozen_array(covariance), marks=marks)


@st.composite
def within_limits(draw: st.DrawFn) -> np.ndarray:
    """(13,) any posture inside the single joints' limits."""
    return np.array([draw(st.floats(*feasible_limits_rad()[c])) for c in ANATOMICAL])
