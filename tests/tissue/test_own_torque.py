"""What a person's own marked muscles resist with: only theirs, only where it is known."""

from dataclasses import replace
from functools import cache

import msgspec
import numpy as np
import pytest
from postures_of_body import anatomical_rad, body_at
from tension_body import COUNT, tense_body

from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.person import MarkKind
from lengthwise.contracts.states import (
    TORQUE_COORDINATES,
    Estimate,
    PassiveTorque,
    TissueState,
    Unseen,
)
from lengthwise.tissue import relaxation
from lengthwise.tissue.engine import Params, start, step
from lengthwise.tissue.groups import mirror
from lengthwise.tissue.passive_tension import MarkedLength, calibrated, population
from lengthwise.tissue.range import range_bounds
from lengthwise.tissue.told import told_torques

BODY = tense_body()
HIP_R, KNEE_R = Coordinate.HIP_FLEXION_R, Coordinate.KNEE_FLEXION_R
HAMSTRINGS, GLUTEUS = MuscleGroup.HAMSTRINGS, MuscleGroup.GLUTEUS_MAXIMUS
RAISED = anatomical_rad(hip_flexion_r=70)


@cache
def params(*groups: MuscleGroup, side: Side = Side.RIGHT) -> Params:
    """Marks of the groups: first felt at 45 degrees of a straight leg, borne up to 80."""
    lengths = {
        kind: BODY.groups.lengths_m(anatomical_rad(**{f"hip_flexion_{side.value}": deg}))
        for kind, deg in ((MarkKind.FIRST_RESISTANCE, 45), (MarkKind.TOLERANCE, 80))
    }
    marks = [
        MarkedLength(g, side, kind, float(length_m[GROUP_INDEX[g, side]]), 0.003, 0.003)
        for g in groups
        for kind, length_m in lengths.items()
    ]
    personal = calibrated(BODY.curves, population(BODY.curves), marks)
    return Params(
        BODY.anatomy,
        range_bounds(BODY.anatomy),
        relaxing=relaxation.Params(BODY.curves, personal),
    )


def read(of: Params, posture: np.ndarray, *, hidden: Coordinate | None = None) -> TissueState:
    body = body_at(posture, sd_deg=1.5)
    if hidden is not None:
        unseen = list(body.unseen)
        unseen[INDEX[hidden]] = Unseen.OCCLUDED
        body = msgspec.structs.replace(body, unseen=tuple(unseen))
    found = step(of, start(of), body)[1]
    assert found is not None
    return found


def torque(of: Params, posture: np.ndarray) -> PassiveTorque:
    found = read(of, posture).torque
    assert found is not None
    return found


def test_without_marks_nothing_is_told_of_a_population() -> None:
    found = read(params(), RAISED)
    assert found.torque is None
    assert set(told_torques(found)) == {None}


def test_a_raised_leg_is_pulled_back_and_its_knee_bent_by_the_marked_hamstrings() -> None:
    found = torque(params(HAMSTRINGS), RAISED)
    hip, knee = found.of(HIP_R), found.of(KNEE_R)
    assert hip is not None and knee is not None
    assert hip.mean < -5.0 and knee.mean > 2.0
    counted = np.flatnonzero(found.counted.any(axis=0)).tolist()
    assert counted == [GROUP_INDEX[HAMSTRINGS, Side.RIGHT]]


def test_joints_that_no_marked_muscle_crosses_have_no_torque() -> None:
    found = torque(params(HAMSTRINGS), RAISED)
    assert found.of(Coordinate.HIP_FLEXION_L) is None
    assert found.of(Coordinate.ANKLE_DORSIFLEXION_R) is None


def test_the_resistance_grows_with_the_raise_and_falls_with_a_bent_knee() -> None:
    hips = [
        torque(params(HAMSTRINGS), anatomical_rad(hip_flexion_r=deg)).of(HIP_R)
        for deg in (50, 60, 70, 80)
    ]
    means = [e.mean for e in hips if e is not None]
    assert len(means) == 4 and means == sorted(means, reverse=True)
    bent = torque(params(HAMSTRINGS), anatomical_rad(hip_flexion_r=70, knee_flexion_r=60))
    straight = torque(params(HAMSTRINGS), RAISED)
    assert abs(bent.of(HIP_R).mean) < 0.5 * abs(straight.of(HIP_R).mean)  # type: ignore[union-attr]


def test_the_torque_is_what_the_energy_of_the_marked_muscle_loses() -> None:
    """Freshly stretched tissue: torque = - d (integral of tension d length) / d angle, by the
    tensions and lengths of two postures half a degree apart."""
    row = GROUP_INDEX[HAMSTRINGS, Side.RIGHT]
    low, high = (read(params(HAMSTRINGS), anatomical_rad(hip_flexion_r=d)) for d in (69.75, 70.25))
    assert low.tension is not None and high.tension is not None
    pull_n = 0.5 * (low.tension.tension_n[row] + high.tension.tension_n[row])
    work_j = pull_n * (high.length_m[row] - low.length_m[row])
    hip = torque(params(HAMSTRINGS), RAISED).of(HIP_R)
    assert hip is not None
    assert hip.mean == pytest.approx(-work_j / np.radians(0.5), rel=0.01)


def test_left_is_the_mirror_of_right() -> None:
    right = torque(params(HAMSTRINGS), RAISED).of(HIP_R)
    left = torque(params(HAMSTRINGS, side=Side.LEFT), mirror(RAISED)).of(Coordinate.HIP_FLEXION_L)
    assert right is not None and left is not None
    assert left.mean == pytest.approx(right.mean, rel=0.02)


def test_two_muscles_marked_in_one_ramp_may_err_together() -> None:
    """The sd of two is that of both added, not its root of squares: one feeling set both."""
    alone = [torque(params(g), RAISED).of(HIP_R) for g in (HAMSTRINGS, GLUTEUS)]
    both = torque(params(HAMSTRINGS, GLUTEUS), RAISED).of(HIP_R)
    assert both is not None and alone[0] is not None and alone[1] is not None
    assert both.mean == pytest.approx(alone[0].mean + alone[1].mean)
    assert both.sd > 1.1 * np.hypot(alone[0].sd, alone[1].sd)
    assert both.sd <= 1.001 * (alone[0].sd + alone[1].sd)


def test_an_angle_that_is_not_claimed_has_no_torque() -> None:
    found = read(params(HAMSTRINGS), RAISED, hidden=HIP_R)
    assert found.torque is not None
    assert found.torque.of(HIP_R) is None


def test_a_torque_too_unsure_is_not_told() -> None:
    found = read(params(HAMSTRINGS), RAISED)
    assert found.torque is not None
    size_nm = np.abs(found.torque.torque_nm)
    hip = TORQUE_COORDINATES.index(HIP_R)
    for share in (0.5, 2.5):
        held = msgspec.structs.replace(found.torque, sd_nm=share * size_nm)
        told = told_torques(msgspec.structs.replace(found, torque=held))[hip]
        assert (told is not None) == (share < 1.0)


def test_the_output_survives_the_codec_and_older_ones_have_none() -> None:
    found = read(params(HAMSTRINGS), RAISED)
    again = decode(encode(found), TissueState)
    assert encode(again) == encode(found)
    assert again.torque is not None and again.torque.counted.shape == (8, COUNT)
    assert read(replace(params(HAMSTRINGS), relaxing=None), RAISED).torque is None


def at_position(position: float, sd: float, *, length_sd_m: float = 0.02) -> Estimate:
    """Tension of the marked hamstrings where their position is known so surely."""
    relaxing, row = params(HAMSTRINGS).relaxing, GROUP_INDEX[HAMSTRINGS, Side.RIGHT]
    assert relaxing is not None
    placed: list[Estimate | None] = [None] * COUNT
    placed[row] = Estimate(position, sd)
    _, found = relaxation.step(
        relaxing,
        relaxation.start(),
        relaxing.personal.anchor_m,
        length_sd_m=np.full(COUNT, length_sd_m),
        known=np.ones(COUNT, dtype=bool),
        dt_s=0.0,
        position=tuple(placed),
    )
    return Estimate(float(found.tension_n[row]), float(found.sd_n[row]))


def test_at_the_marks_the_tension_is_that_of_the_marks() -> None:
    row = GROUP_INDEX[HAMSTRINGS, Side.RIGHT]
    most_n = float(BODY.curves.max_isometric_n[row])
    assert at_position(0.0, 0.05).mean == pytest.approx(0.02 * most_n, rel=0.01)
    assert at_position(1.0, 0.05).mean == pytest.approx(0.15 * most_n, rel=0.01)


def test_a_position_known_well_makes_the_tension_surer_than_its_length_does() -> None:
    sure, unsure = at_position(0.7, 0.05), at_position(0.7, 0.3)
    assert sure.sd < unsure.sd
    assert at_position(0.7, 0.05, length_sd_m=0.08).sd == pytest.approx(sure.sd)
    relaxing, row = params(HAMSTRINGS).relaxing, GROUP_INDEX[HAMSTRINGS, Side.RIGHT]
    assert relaxing is not None
    by_length = relaxation.step(
        relaxing,
        relaxation.start(),
        relaxing.marked.first_m + 0.7 * relaxing.marked.way_m,
        length_sd_m=np.full(COUNT, 0.02),
        known=np.ones(COUNT, dtype=bool),
        dt_s=0.0,
    )[1]
    assert by_length.tension_n[row] == pytest.approx(sure.mean, rel=1e-6)
    assert by_length.sd_n[row] > 1.5 * sure.sd


def test_the_factor_of_both_levels_is_never_lost() -> None:
    """A position known exactly still leaves the sd of a factor whose logarithm has sd 0.5: the root
    mean square about 1 of such a factor is 0.62."""
    exact = at_position(0.2, 0.0)
    assert exact.sd > 0.62 * exact.mean
