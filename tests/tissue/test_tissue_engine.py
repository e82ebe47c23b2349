"""Laws of the tissue step, on a stand-in anatomy."""

from dataclasses import replace
from typing import cast

import msgspec
import numpy as np
import pytest
from fake_anatomy import MODEL, FakeAnatomy
from hypothesis import given, settings
from hypothesis import strategies as st
from postures_of_body import anatomical_rad, body, body_at, within_limits
from stand_in_tissue import (
    BOUNDS,
    HAMSTRINGS_R,
    LUNGE,
    PARAMS,
    PSOAS_L,
    read,
    signal,
)

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.codec import decode, encode, frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import PersonSignal, Posture, SignalKind
from lengthwise.contracts.states import BodyState, Estimate, TissueState, Unseen
from lengthwise.reference.constants import constant
from lengthwise.tissue import relaxation
from lengthwise.tissue.engine import Params, State, start, step
from lengthwise.tissue.groups import mirror
from lengthwise.tissue.lumbar_load import LoadParams, lumbar_load
from lengthwise.tissue.nerve import NerveParams
from lengthwise.tissue.passive_curve import GroupCurves
from lengthwise.tissue.passive_tension import population
from lengthwise.tissue.range import range_bounds
from lengthwise.tissue.range_doubt import ExtremesDoubt
from lengthwise.tissue.range_fraction import in_range

_CURVES, _REAL = GroupCurves.over(MODEL, MODEL), Anatomy.build()
WHOLE_LUNGE = replace(
    LUNGE,
    load=LoadParams.of(_REAL, body_mass_kg=Estimate(70.0, 3.5), posture=Posture.HALF_KNEELING),
    nerve=NerveParams.of(_REAL),
    relaxing=relaxation.Params(_CURVES, population(_CURVES)),
)
"""With everything that a session asks for."""


@given(posture=within_limits())
def test_range_fractions_stay_between_zero_and_one_and_finite(posture: np.ndarray) -> None:
    found = read(body_at(posture))
    assert np.all((found.range_fraction >= 0.0) & (found.range_fraction <= 1.0))
    for numbers in (found.length_m, found.length_sd_m, found.range_fraction_sd):
        assert np.all(np.isfinite(numbers))
        assert np.all(numbers > 0.0)


@given(posture=within_limits())
def test_the_mirrored_body_has_the_mirrored_muscles(posture: np.ndarray) -> None:
    here, there = read(body_at(posture)), read(body_at(mirror(posture)))
    swapped = [GROUP_INDEX[g, s.other] for g, s in GROUP_SIDES]
    assert here.length_m == pytest.approx(there.length_m[swapped], abs=1e-12)
    assert here.range_fraction_sd == pytest.approx(there.range_fraction_sd[swapped], abs=1e-9)


@given(posture=within_limits(), sd_deg=st.floats(0.0, 10.0), more_deg=st.floats(0.1, 20.0))
def test_sd_grows_with_the_covariance_of_the_joints(
    posture: np.ndarray, sd_deg: float, more_deg: float
) -> None:
    sure = read(body_at(posture, sd_deg=sd_deg)).length_sd_m
    unsure = read(body_at(posture, sd_deg=sd_deg + more_deg)).length_sd_m
    assert np.all(unsure > sure)


@given(posture=within_limits())
def test_a_posture_known_exactly_leaves_the_doubt_of_the_model(posture: np.ndarray) -> None:
    found = read(body_at(posture, sd_deg=0.0))
    lumbar_rad = np.linalg.norm(posture[:3])
    for i, (group, _) in enumerate(GROUP_SIDES):
        geometry_m = constant("tissue", f"geometry_sd_m_{group.value}")
        spine = group in (MuscleGroup.MULTIFIDUS, MuscleGroup.LONGISSIMUS)
        share_m = constant("tissue", f"lumbar_share_sd_m_per_rad_{group.value}") if spine else 0.0
        if spine or group is MuscleGroup.HAMSTRINGS:
            expected_m = np.hypot(geometry_m, share_m * lumbar_rad)
            assert found.length_sd_m[i] == pytest.approx(expected_m)


def test_correlated_joint_errors_cancel_where_the_moment_arms_oppose() -> None:
    """Hip +60 mm/rad and knee -30 mm/rad: errors that go together cost less than independent."""
    apart = body(sd_deg=6.0)
    covariance = np.array(apart.covariance_rad2)
    hip = COORDINATES.index(Coordinate.HIP_FLEXION_R)
    knee = COORDINATES.index(Coordinate.KNEE_FLEXION_R)
    covariance[hip, knee] = covariance[knee, hip] = 0.9 * covariance[hip, hip]
    together = msgspec.structs.replace(apart, covariance_rad2=frozen_array(covariance))
    row = GROUP_INDEX[HAMSTRINGS_R]
    assert read(together).length_sd_m[row] < 0.75 * read(apart).length_sd_m[row]


@pytest.mark.parametrize(
    ("coordinate", "group", "direction"),
    [
        ("hip_flexion_l", MuscleGroup.PSOAS, -1),
        ("hip_flexion_l", MuscleGroup.ILIACUS, -1),
        ("hip_flexion_l", MuscleGroup.HAMSTRINGS, 1),
        ("knee_flexion_l", MuscleGroup.RECTUS_FEMORIS, 1),
        ("lumbar_side_bend", MuscleGroup.QUADRATUS_LUMBORUM, 1),
        ("lumbar_flexion", MuscleGroup.LONGISSIMUS, 1),
    ],
)
def test_lengthening_is_monotone_in_the_obvious_direction(
    coordinate: str, group: MuscleGroup, direction: int
) -> None:
    angles = np.linspace(0.0, 20.0 * direction, 9)
    fractions = [read(body(**{coordinate: a})).fraction(group, Side.LEFT).mean for a in angles]
    assert np.all(np.diff(fractions) > 0.0)


@given(posture=within_limits(), hidden=st.sets(st.sampled_from(COORDINATES)))
def test_an_unseen_joint_never_gives_nan_and_takes_only_claims_it_matters_for(
    posture: np.ndarray, hidden: set[Coordinate]
) -> None:
    angles = {c.value: float(np.degrees(v)) for c, v in zip(ANATOMICAL, posture, strict=True)}
    found = read(body(unseen=hidden, prior_sd_deg=60.0, **angles), LUNGE)
    for numbers in (found.length_m, found.length_sd_m, found.range_fraction_sd):
        assert np.all(np.isfinite(numbers))
    knee_hidden = Coordinate.KNEE_FLEXION_R in hidden
    assert not (knee_hidden and found.claimed[GROUP_INDEX[HAMSTRINGS_R]])
    if not hidden & set(ANATOMICAL[3:6]):
        assert found.claimed[GROUP_INDEX[MuscleGroup.GLUTEUS_MEDIUS, Side.LEFT]]


def test_an_unseen_leg_takes_the_claims_of_its_muscles_and_of_no_others() -> None:
    leg = [c for c in ANATOMICAL if c.value.endswith("_r")]
    found = read(body(unseen=leg))
    for i, (group, side) in enumerate(GROUP_SIDES):
        spans_hip = group.value not in (
            "longissimus", "iliocostalis", "multifidus", "quadratus_lumborum", "rectus_abdominis",
        )  # fmt: skip
        assert found.claimed[i] == (not spans_hip or side is Side.LEFT), (group, side)


def test_an_unseen_joint_is_not_harmless_where_the_slope_vanishes() -> None:
    """With a strong curvature the iliacus has no slope in adduction at +20 deg."""
    model = FakeAnatomy(curvature_m=8.0 / np.radians(20.0) / 1000.0)
    params = Params(model, range_bounds(model))
    here = {"hip_adduction_l": 20.0}
    row = GROUP_INDEX[MuscleGroup.ILIACUS, Side.LEFT]
    seen = read(body(sd_deg=0.0, **here), params).length_sd_m[row]
    hidden = body(sd_deg=0.0, unseen=[Coordinate.HIP_ADDUCTION_L], prior_sd_deg=15.0, **here)
    assert read(hidden, params).length_sd_m[row] > seen + 0.001


@pytest.mark.parametrize("excess", [-0.2, -0.01, 0.03, 0.3])
def test_what_lies_outside_the_range_becomes_doubt(excess: float) -> None:
    fraction = np.full(32, 0.5)
    fraction[0] = excess if excess < 0 else 1.0 + excess
    none = frozen_array(np.zeros(32))
    sure = msgspec.structs.replace(BOUNDS, doubt=ExtremesDoubt(none, none, none))
    length_m = BOUNDS.shortest_m + fraction * BOUNDS.span_m
    found = in_range(sure, length_m, 0.04 * BOUNDS.span_m)
    assert found.fraction == pytest.approx(fraction)
    assert found.limited[:2] == pytest.approx([0.0 if excess < 0 else 1.0, 0.5])
    assert found.sd[:2] == pytest.approx([np.hypot(0.04, excess), 0.04])
    assert found.length_sd[:2] == pytest.approx(found.sd[:2])


def test_a_posture_far_beyond_the_norms_is_not_claimed() -> None:
    """Hip flexed to 118 deg, wide open, with a straight knee: more than most people's range."""
    found = read(body(hip_flexion_r=118.0, hip_adduction_r=-45.0, hip_rotation_r=45.0))
    row = GROUP_INDEX[HAMSTRINGS_R]
    assert found.range_fraction[row] == 1.0
    assert not found.claimed[row]


def test_beyond_the_end_of_the_model_the_length_stops_and_doubt_grows() -> None:
    row = GROUP_INDEX[MuscleGroup.RECTUS_FEMORIS, Side.RIGHT]
    at_end, beyond = read(body(knee_flexion_r=120.0)), read(body(knee_flexion_r=135.0))
    assert beyond.length_m[row] == at_end.length_m[row]
    assert beyond.length_sd_m[row] > at_end.length_sd_m[row] + 0.005


@settings(max_examples=25)
@given(
    postures=st.lists(within_limits(), min_size=2, max_size=6),
    marked=st.sets(st.integers(0, 5)),
    cut=st.integers(0, 5),
)
def test_a_run_saved_and_restored_midway_gives_the_same_bytes(
    postures: list[np.ndarray], marked: set[int], cut: int
) -> None:
    inputs: list[BodyState | PersonSignal] = []
    for i, posture in enumerate(postures):
        inputs.append(body_at(posture, t_s=i / 30))
        if i in marked:
            inputs.append(signal(SignalKind.FIRST_RESISTANCE, PSOAS_L, HAMSTRINGS_R))

    def run(restore_at: int | None) -> bytes:
        state, outputs = start(WHOLE_LUNGE), []
        for i, item in enumerate(inputs):
            if i == restore_at:
                state = decode(encode(state), State)
            state, out = step(WHOLE_LUNGE, state, item)
            outputs.append(out)
        return encode((state, outputs))

    assert run(None) == run(cut)


def test_the_output_survives_the_codec() -> None:
    found = read(body(hip_flexion_l=-10.0), LUNGE)
    again = decode(encode(found), TissueState)
    assert encode(again) == encode(found)
    assert cast(np.ndarray, found.length_m).flags.writeable is False
    assert np.array_equal(again.range_fraction, found.range_fraction)


def test_a_body_state_with_every_coordinate_unseen_claims_nothing_about_the_legs() -> None:
    blind = body(unseen=COORDINATES)
    assert all(u is Unseen.VIEW for u in blind.unseen)
    found = read(blind, LUNGE)
    assert not any(found.claimed)
    assert all(w is None for w in found.window_position)
    assert all(p.line_alignment is None and p.selectivity is None for p in found.precision)


def test_upright_standing_is_the_zero_of_the_stand_in() -> None:
    found = read(body_at(anatomical_rad()))
    assert found.length_m == pytest.approx(np.full(32, 0.3))


def test_load_and_nerve_are_told_where_they_are_asked_for() -> None:
    anatomy = Anatomy.build()
    standing = LoadParams.of(anatomy, body_mass_kg=Estimate(70.0, 3.5), posture=Posture.STANDING)
    params = replace(PARAMS, load=standing, nerve=NerveParams.of(anatomy))
    bent = body(sd_deg=2.0, pelvis_tilt=20.0, lumbar_flexion=30.0, hip_flexion_l=60.0)
    tissue = step(params, start(params), bent)[1]
    plain = step(PARAMS, start(PARAMS), bent)[1]
    assert tissue is not None and plain is not None
    assert plain.lumbar is None and plain.nerve is None
    assert tissue.lumbar == lumbar_load(standing, bent.mean_rad, bent.covariance_rad2)
    assert tissue.nerve is not None
    assert tissue.nerve.left.sciatic.mean > tissue.nerve.right.sciatic.mean
    assert not tissue.nerve.left.ankle_assumed
    lean = (Coordinate.PELVIS_TILT, Coordinate.TRUNK_FLEXION)
    not_seen = step(params, start(params), body(unseen=lean))[1]
    assert not_seen is not None and not_seen.lumbar is None
    unseen = body(unseen=(Coordinate.ANKLE_DORSIFLEXION_L,), hip_flexion_l=60.0)
    careful = step(params, start(params), unseen)[1]
    assert careful is not None and careful.nerve is not None
    assert careful.nerve.left.ankle_assumed and not careful.nerve.right.ankle_assumed


def test_the_same_stretch_pulls_less_after_a_while_and_the_memory_is_part_of_the_state() -> None:
    curves = GroupCurves.over(MODEL, MODEL)
    params = replace(PARAMS, relaxing=relaxation.Params(curves, population(curves)))
    raised = body(hip_flexion_l=80.0)
    state, first = step(params, start(params), raised)
    state = decode(encode(state), State)
    for t_s in range(1, 31):
        state, later = step(params, state, msgspec.structs.replace(raised, t_s=float(t_s)))
    assert first is not None and later is not None
    assert first.tension is not None and later.tension is not None
    hamstrings = (MuscleGroup.HAMSTRINGS, Side.LEFT)
    fresh, held = first.tension.of(*hamstrings), later.tension.of(*hamstrings)
    assert fresh is not None and held is not None
    assert held.mean == pytest.approx(0.75 * fresh.mean, rel=0.02), "Peixoto 2015: -25 % in 30 s"
    row = GROUP_INDEX[hamstrings]
    assert first.tension.relaxed_ratio[row] == 0.0
    assert later.tension.relaxed_ratio[row] == pytest.approx(0.25, abs=0.02)
    hidden = read(body(unseen=(Coordinate.HIP_FLEXION_L,), hip_flexion_l=80.0), params)
    assert hidden.tension is not None and hidden.tension.of(*hamstrings) is None
    assert read(raised).tension is None
