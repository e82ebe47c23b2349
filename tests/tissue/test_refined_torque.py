"""A slow pull with a force sensor: the person's figures from it, and the torque with its doubt."""

from collections.abc import Sequence
from math import exp, sqrt

import numpy as np
import pytest
from msgspec.structs import replace
from postures_of_body import anatomical_rad
from tension_body import HAMSTRINGS, tense_body

from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.person import MarkKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant
from lengthwise.reference.passive_torque import usual_rest
from lengthwise.tissue import relaxation
from lengthwise.tissue.groups import mirror
from lengthwise.tissue.passive_tension import (
    MarkedLength,
    PersonalTension,
    TensionSource,
    calibrated,
    first_resistance_n,
    population,
    tolerance_n,
    with_level_in_figures,
)
from lengthwise.tissue.refined_torque import (
    RefinedTorque,
    RefiningAbsent,
    SharedError,
    TorqueReading,
    refined_torque,
)
from lengthwise.tissue.torque_fit import TorqueSamples, modelled_nm, rest_nm

BODY = tense_body()
USUAL = population(BODY.curves)
HIP, ANKLE = Coordinate.HIP_FLEXION_R, Coordinate.ANKLE_DORSIFLEXION_R
CALF = GROUP_INDEX[MuscleGroup.CALF, Side.RIGHT]
SURE = np.zeros((len(ANATOMICAL), len(ANATOMICAL)))
REST_NM, REST_RATIO = (constant("tension", f"rest_sd_{of}") for of in ("nm", "ratio"))


def raise_at(hip_deg: float) -> np.ndarray:
    return anatomical_rad(hip_flexion_r=hip_deg, knee_flexion_r=10)


def foot_at(ankle_deg: float) -> np.ndarray:
    return anatomical_rad(ankle_dorsiflexion_r=ankle_deg)


def true_nm(
    person: PersonalTension,
    coordinate: Coordinate,
    postures: Sequence[np.ndarray],
    rest_error: tuple[float, float] = (0.0, 0.0),
) -> np.ndarray:
    place = ANATOMICAL.index(coordinate)
    found = [BODY.groups.lengths_and_slopes(p) for p in postures]
    at = TorqueSamples(
        np.array([p[place] for p in postures]),
        np.array([length for length, _ in found]),
        np.array([arms[:, place] for _, arms in found]),
        np.zeros(len(postures)),
        np.ones(len(postures)),
    )
    rest = usual_rest(coordinate)
    assert rest is not None
    own = modelled_nm(BODY.curves, person, rest, at)
    return own + rest_error[0] + rest_error[1] * rest_nm(rest, at.angle_rad)


def readings(
    postures: Sequence[np.ndarray], torque_nm: np.ndarray, sd_nm: float = 0.5
) -> list[TorqueReading]:
    return [
        TorqueReading(p, Estimate(float(nm), sd_nm))
        for p, nm in zip(postures, torque_nm, strict=True)
    ]


def refined(
    coordinate: Coordinate,
    given: Sequence[TorqueReading],
    before: PersonalTension = USUAL,
    shared: SharedError | None = None,
) -> RefinedTorque:
    found = refined_torque(BODY.groups, BODY.curves, before, coordinate, given, shared=shared)
    assert isinstance(found, RefinedTorque), found
    return found


def person_of(row: int, later_m: float, stiffer: float) -> PersonalTension:
    a, c = USUAL.anchor_stretch_m.copy(), USUAL.stiffness_ratio.copy()
    c[row] *= stiffer
    a[row] -= later_m * c[row]
    return replace(USUAL, anchor_stretch_m=a, stiffness_ratio=c)


PULL = [raise_at(h) for h in range(20, 71, 3)]
FOOT = [foot_at(a) for a in range(-20, 16, 2)]


def test_a_leg_raise_tells_of_the_hamstrings_and_foretells_what_was_not_pulled() -> None:
    person = person_of(HAMSTRINGS, 0.008, 1.2)
    found = refined(HIP, readings(PULL, true_nm(person, HIP, PULL)))
    assert found.rows == (HAMSTRINGS,)
    assert found.personal.source[HAMSTRINGS] is TensionSource.MEASURED_TORQUE
    assert found.fit.misfit_ratio < 0.5
    for hip_deg in (35.0, 80.0):
        told = found.passive_nm(BODY.groups, BODY.curves, raise_at(hip_deg), SURE)
        there_nm = true_nm(person, HIP, [raise_at(hip_deg)])[0]
        usual_nm = true_nm(USUAL, HIP, [raise_at(hip_deg)])[0]
        assert abs(told.mean - there_nm) < min(2.0 * told.sd, 0.3 * abs(usual_nm - there_nm) + 0.5)


def test_a_muscle_that_the_torques_tell_nothing_of_keeps_figures_and_source() -> None:
    found = refined(HIP, readings(PULL, true_nm(person_of(HAMSTRINGS, 0.008, 1.2), HIP, PULL)))
    for row in range(len(GROUP_SIDES)):
        if row in found.rows:
            continue
        assert found.personal.source[row] is TensionSource.POPULATION
        assert found.personal.anchor_stretch_m[row] == USUAL.anchor_stretch_m[row]
        assert found.personal.covariance[row].tobytes() == USUAL.covariance[row].tobytes()
    engine = relaxation.Params(BODY.curves, found.personal)
    assert np.flatnonzero(engine.from_person).tolist() == list(found.rows)


def test_the_population_measured_stays_where_it_was_and_is_surer() -> None:
    found = refined(ANKLE, readings(FOOT, true_nm(USUAL, ANKLE, FOOT)))
    assert found.crossing == found.rows == (CALF,)
    assert found.personal.anchor_stretch_m[CALF] == pytest.approx(0.0, abs=1e-5)
    assert found.personal.covariance[CALF, 0, 0] < 0.25 * USUAL.covariance[CALF, 0, 0]


def test_the_two_sides_change_places_with_the_pull() -> None:
    torque_nm = true_nm(person_of(CALF, 0.005, 1.1), ANKLE, FOOT)
    right = refined(ANKLE, readings(FOOT, torque_nm))
    left = refined(Coordinate.ANKLE_DORSIFLEXION_L, readings([mirror(p) for p in FOOT], torque_nm))
    other = GROUP_INDEX[MuscleGroup.CALF, Side.LEFT]
    assert left.rows == (other,)
    assert left.personal.anchor_stretch_m[other] == pytest.approx(
        right.personal.anchor_stretch_m[CALF], abs=1e-4
    )


def test_stated_doubt_is_that_of_drawn_people_and_sensors() -> None:
    """40 people of the prior, each with a rest, a lever and a tare of their own; told within the
    pull and beyond it. Sampling alone leaves .11 of a root mean square; the model's own error is
    stated and not drawn, so a little less than 1 is right."""
    rng, off = np.random.default_rng(3), []
    for _ in range(40):
        a, c = USUAL.anchor_stretch_m.copy(), USUAL.stiffness_ratio.copy()
        by_a, by_c = rng.multivariate_normal(np.zeros(2), USUAL.covariance[CALF])
        a[CALF], c[CALF] = a[CALF] + by_a, c[CALF] * exp(by_c)
        person = replace(USUAL, anchor_stretch_m=a, stiffness_ratio=c)
        rest_error = (REST_NM * rng.normal(), REST_RATIO * rng.normal())
        torque_nm = true_nm(person, ANKLE, FOOT, rest_error)
        seen_nm = torque_nm * (1.0 + 0.05 * rng.normal()) + rng.normal()
        seen_nm += 0.5 * rng.normal(size=len(FOOT))
        found = refined(ANKLE, readings(FOOT, seen_nm), shared=SharedError(0.05, 1.0))
        for ankle_deg in (-5.0, 10.0, 20.0):
            told = found.passive_nm(BODY.groups, BODY.curves, foot_at(ankle_deg), SURE)
            there_nm = true_nm(person, ANKLE, [foot_at(ankle_deg)], rest_error)[0]
            off.append((told.mean - there_nm) / told.sd)
    assert 0.7 < sqrt(np.mean(np.square(off))) < 1.25


def test_many_readings_do_not_make_a_wrong_lever_sure() -> None:
    """The fault first: told as errors of each reading, a hundred of them hide a tenth of torque."""
    often = [foot_at(a) for a in np.linspace(-20, 15, 100)]
    torque_nm = true_nm(person_of(CALF, -0.004, 1.0), ANKLE, often)
    at = often[-1]
    alone = refined(ANKLE, readings(often, torque_nm))
    alike = refined(ANKLE, readings(often, torque_nm), shared=SharedError(ratio=0.1))
    sds = [f.passive_nm(BODY.groups, BODY.curves, at, SURE).sd for f in (alone, alike)]
    tenth_nm = 0.1 * abs(torque_nm[-1])
    assert sds[0] < 0.5 * tenth_nm
    assert 0.8 * tenth_nm < sds[1] < 1.3 * tenth_nm


def test_an_angle_that_is_off_throughout_the_pull_is_doubt_and_not_knowledge() -> None:
    covariance = SURE.copy()
    at = ANATOMICAL.index(ANKLE)
    covariance[at, at] = np.radians(4.0) ** 2
    torque_nm = true_nm(USUAL, ANKLE, FOOT)
    sure, unsure = (
        refined(ANKLE, readings(FOOT, torque_nm), shared=SharedError(covariance_rad2=of))
        for of in (None, covariance)
    )
    assert unsure.personal.covariance[CALF, 0, 0] > 2.0 * sure.personal.covariance[CALF, 0, 0]


def test_who_feels_a_stretch_at_more_tension_is_found_by_a_torque() -> None:
    """Marks know newtons to a factor. Here both were felt at 1.6 times the stated tension: marks
    alone have half the torque, and a fit that took their slack for as sure as the mark was has
    other muscles pull instead, with slack of the hamstrings 7 sds off."""
    true_c = 1.1 * float(USUAL.stiffness_ratio[HAMSTRINGS])
    stretches = [
        BODY.curves.stretch_at(HAMSTRINGS, 1.6 * of(BODY.curves, HAMSTRINGS))
        for of in (first_resistance_n, tolerance_n)
    ]
    first_m = float(BODY.groups.lengths_m(raise_at(50.0))[HAMSTRINGS])
    last_m = first_m + (stretches[1] - stretches[0]) / true_c
    a, c, anchor = (
        getattr(USUAL, n).copy() for n in ("anchor_stretch_m", "stiffness_ratio", "anchor_m")
    )
    a[HAMSTRINGS], c[HAMSTRINGS], anchor[HAMSTRINGS] = stretches[0], true_c, first_m
    person = replace(USUAL, anchor_stretch_m=a, stiffness_ratio=c, anchor_m=anchor)
    group, side = GROUP_SIDES[HAMSTRINGS]
    marks = [
        MarkedLength(group, side, kind, length_m, 0.001, 0.0005)
        for kind, length_m in zip(MarkKind, (first_m, last_m), strict=True)
    ]
    marked = calibrated(BODY.curves, USUAL, marks)
    assert marked.source[HAMSTRINGS] is TensionSource.BOTH_MARKS
    pull = [raise_at(h) for h in range(20, 61, 3)]
    found = refined(HIP, readings(pull, true_nm(person, HIP, pull)), before=marked)
    at = raise_at(65.0)
    there_nm = true_nm(person, HIP, [at])[0]
    by_marks_nm = true_nm(marked, HIP, [at])[0]
    told = found.passive_nm(BODY.groups, BODY.curves, at, SURE)
    assert by_marks_nm > 0.75 * there_nm
    assert abs(told.mean - there_nm) < min(2.0 * told.sd, 0.1 * abs(by_marks_nm - there_nm))
    slack_m = float(found.personal.anchor_stretch_m[HAMSTRINGS])
    assert abs(slack_m - stretches[0]) < 2.0 * sqrt(found.personal.covariance[HAMSTRINGS, 0, 0])
    assert found.personal.level_log_sd[HAMSTRINGS] == 0.0


def test_the_doubt_of_the_level_as_slack_is_that_of_people_who_feel_it_otherwise() -> None:
    """Half way between one sd up and down, against 2,000 drawn factors."""
    group, side = GROUP_SIDES[HAMSTRINGS]
    first_m = float(BODY.curves.neutral_m[HAMSTRINGS]) + 0.02
    mark = MarkedLength(group, side, MarkKind.FIRST_RESISTANCE, first_m, 0.0)
    marked = calibrated(BODY.curves, USUAL, [mark])
    as_slack = with_level_in_figures(BODY.curves, marked, [HAMSTRINGS])
    rng = np.random.default_rng(4)
    factors = np.exp(marked.level_log_sd[HAMSTRINGS] * rng.normal(size=2000))
    at_n = first_resistance_n(BODY.curves, HAMSTRINGS)
    drawn_m = [BODY.curves.stretch_at(HAMSTRINGS, float(f) * at_n) for f in factors]
    assert sqrt(as_slack.covariance[HAMSTRINGS, 0, 0]) == pytest.approx(np.std(drawn_m), rel=0.08)
    assert as_slack.level_log_sd[HAMSTRINGS] == 0.0
    assert marked.level_log_sd[HAMSTRINGS] > 0.0


def test_torques_of_the_wrong_sign_refine_nothing() -> None:
    """A pull that was taken for what resists: every leg raise would be drawn up by its tissue."""
    torque_nm = true_nm(person_of(HAMSTRINGS, -0.005, 1.2), HIP, PULL)
    found = refined_torque(BODY.groups, BODY.curves, USUAL, HIP, readings(PULL, -torque_nm))
    assert found is RefiningAbsent.TORQUES_CONTRADICT


def test_too_few_torques_refine_nothing() -> None:
    few = readings(PULL[:4], true_nm(USUAL, HIP, PULL[:4]))
    found = refined_torque(BODY.groups, BODY.curves, USUAL, HIP, few)
    assert found is RefiningAbsent.TOO_FEW_READINGS


@pytest.mark.parametrize("bad", [Estimate(float("nan"), 1.0), Estimate(3.0, 0.0)])
def test_a_torque_that_is_no_number_or_has_no_doubt_is_refused(bad: Estimate) -> None:
    given = [*readings(FOOT, true_nm(USUAL, ANKLE, FOOT)), TorqueReading(FOOT[-1], bad)]
    with pytest.raises(ValueError, match="finite"):
        refined_torque(BODY.groups, BODY.curves, USUAL, ANKLE, given)
