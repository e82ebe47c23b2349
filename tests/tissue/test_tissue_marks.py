"""Where a muscle is between its marks: of this session, of earlier days, and too unsure to show."""

import numpy as np
import pytest
from fake_anatomy import MODEL
from hypothesis import given
from hypothesis import strategies as st
from postures_of_body import body, within_limits
from stand_in_tissue import BOUNDS, HAMSTRINGS_R, PARAMS, PSOAS_L, old_mark, read, signal

from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES
from lengthwise.contracts.observation import SignalKind
from lengthwise.contracts.person import MarkKind
from lengthwise.tissue.engine import Params, start, step


def test_marks_of_this_session_span_the_window() -> None:
    state = start(PARAMS)
    for hip_deg, kind in ((50.0, SignalKind.FIRST_RESISTANCE), (80.0, SignalKind.TOLERANCE)):
        state, _ = step(PARAMS, state, body(hip_flexion_r=hip_deg))
        state, out = step(PARAMS, state, signal(kind, HAMSTRINGS_R))
        assert out is None
    for hip_deg, position in ((50.0, 0.0), (65.0, 0.5), (80.0, 1.0)):
        state, tissue = step(PARAMS, state, body(hip_flexion_r=hip_deg))
        assert tissue is not None
        found = tissue.window(*HAMSTRINGS_R)
        assert found is not None
        assert found.mean == pytest.approx(position, abs=0.01)
    others = [w for i, w in enumerate(tissue.window_position) if GROUP_SIDES[i] != HAMSTRINGS_R]
    assert others == [None] * 31


def test_a_mark_without_a_claim_or_before_any_reading_is_not_taken() -> None:
    nothing = start(PARAMS)
    assert step(PARAMS, nothing, signal(SignalKind.TOLERANCE, PSOAS_L))[0] == nothing
    hidden, _ = step(PARAMS, nothing, body(unseen=[Coordinate.HIP_FLEXION_L]))
    after, _ = step(PARAMS, hidden, signal(SignalKind.TOLERANCE, PSOAS_L, HAMSTRINGS_R))
    assert [(m.group, m.side) for m in after.marks] == [HAMSTRINGS_R]


def test_a_second_mark_of_the_same_kind_takes_the_place_of_the_first() -> None:
    state = start(PARAMS)
    for hip_deg in (40.0, 60.0):
        state, _ = step(PARAMS, state, body(hip_flexion_r=hip_deg))
        state, _ = step(PARAMS, state, signal(SignalKind.FIRST_RESISTANCE, HAMSTRINGS_R))
    reading_m = read(body(hip_flexion_r=60.0)).length_m[GROUP_INDEX[HAMSTRINGS_R]]
    assert [m.length_m for m in state.marks] == pytest.approx([reading_m])


@pytest.mark.parametrize("kind", [k for k in SignalKind if k.value not in set(MarkKind)])
def test_other_words_of_the_person_change_nothing(kind: SignalKind) -> None:
    state, _ = step(PARAMS, start(PARAMS), body())
    assert step(PARAMS, state, signal(kind, PSOAS_L)) == (state, None)


def test_marks_of_earlier_days_are_used_latest_first_and_give_way_to_this_session() -> None:
    marks = (
        old_mark(MarkKind.TOLERANCE, 0.9),
        old_mark(MarkKind.FIRST_RESISTANCE, 0.6, day="2025-02-01T00:00:00Z"),
        old_mark(MarkKind.FIRST_RESISTANCE, 0.3),
    )
    params = Params(MODEL, BOUNDS, marks=marks)
    here = body(hip_flexion_r=60.0)
    state, tissue = step(params, start(params), here)
    assert tissue is not None
    reading = tissue.fraction(*HAMSTRINGS_R).mean
    before = tissue.window(*HAMSTRINGS_R)
    assert before is not None
    assert before.mean == pytest.approx((reading - 0.6) / 0.3)
    state, _ = step(params, state, signal(SignalKind.FIRST_RESISTANCE, HAMSTRINGS_R))
    _, tissue = step(params, state, here)
    assert tissue is not None
    again = tissue.window(*HAMSTRINGS_R)
    assert again is not None
    assert again.mean == pytest.approx(0.0, abs=1e-12)
    assert again.sd < before.sd


def test_a_muscle_that_is_not_claimed_has_no_window_position() -> None:
    marks = (old_mark(MarkKind.FIRST_RESISTANCE, 0.4), old_mark(MarkKind.TOLERANCE, 0.9))
    params = Params(MODEL, BOUNDS, marks=marks)
    hidden = body(hip_flexion_r=60.0, unseen=[Coordinate.HIP_FLEXION_R])
    assert read(body(hip_flexion_r=60.0), params).window(*HAMSTRINGS_R) is not None
    assert read(hidden, params).window(*HAMSTRINGS_R) is None


def test_a_stretch_far_beyond_tolerance_is_not_lost_where_it_is_too_unsure_to_show() -> None:
    """Marks at 0.4 and 0.5 with a wide sd, the leg near its longest; seen, hidden, and past the
    bounds, where the claim goes.
    """
    marks = (
        old_mark(MarkKind.FIRST_RESISTANCE, 0.4, sd=0.03),
        old_mark(MarkKind.TOLERANCE, 0.5, sd=0.03),
    )
    params = Params(MODEL, BOUNDS, marks=marks)
    past = {"hip_adduction_r": -45.0, "hip_rotation_r": 45.0}
    for here in (
        body(hip_flexion_r=85.0),
        body(hip_flexion_r=85.0, unseen=[Coordinate.HIP_FLEXION_R]),
        body(hip_flexion_r=118.0, **past),
    ):
        found = read(here, params)
        raw = found.raw_window(*HAMSTRINGS_R)
        assert found.window(*HAMSTRINGS_R) is None
        assert raw is not None
        assert raw.mean > 3.0
        assert raw.sd > 0.15
    others = [p for i, p in enumerate(found.raw_position) if GROUP_SIDES[i] != HAMSTRINGS_R]
    assert others == [None] * 31


@given(posture=within_limits(), sd_deg=st.floats(0.5, 8.0), hidden=st.booleans())
def test_a_shown_position_is_the_raw_one_claimed_and_sure_enough(
    posture: np.ndarray, sd_deg: float, hidden: bool
) -> None:
    marks = (old_mark(MarkKind.FIRST_RESISTANCE, 0.3), old_mark(MarkKind.TOLERANCE, 0.9))
    angles = {c.value: float(np.degrees(v)) for c, v in zip(ANATOMICAL, posture, strict=True)}
    unseen = [Coordinate.HIP_FLEXION_R] if hidden else []
    found = read(body(sd_deg=sd_deg, unseen=unseen, **angles), Params(MODEL, BOUNDS, marks=marks))
    raw = found.raw_window(*HAMSTRINGS_R)
    assert raw is not None
    shown = found.claimed[GROUP_INDEX[HAMSTRINGS_R]] and raw.sd <= 0.15
    assert found.window(*HAMSTRINGS_R) == (raw if shown else None)


@pytest.mark.parametrize(
    ("today", "first", "tolerance", "carried"),
    [
        ("camera", "camera", "camera", True),
        ("imu4", "camera", "camera", False),
        (None, "camera", "camera", False),
        ("camera", "imu4", "camera", False),
        ("camera", "camera", "imu4", False),
    ],
)
def test_old_marks_are_carried_over_only_in_their_own_setup(
    today: str | None, first: str, tolerance: str, carried: bool
) -> None:
    """Carried, only the unshared tenth of the variance of old marks is left in the position."""
    marks = (
        old_mark(MarkKind.FIRST_RESISTANCE, 0.6, sd=0.15, setup=first),
        old_mark(MarkKind.TOLERANCE, 0.9, sd=0.15, setup=tolerance),
    )
    params = Params(MODEL, BOUNDS, marks=marks, setup=today)
    state, _ = step(params, start(params), body(hip_flexion_r=25.0))
    state, _ = step(params, state, signal(SignalKind.FIRST_RESISTANCE, HAMSTRINGS_R))
    _, tissue = step(params, state, body(hip_flexion_r=50.0))
    assert tissue is not None
    raw = tissue.raw_window(*HAMSTRINGS_R)
    assert raw is not None
    assert 0.3 < raw.mean < 0.6
    assert (raw.sd < 0.12) is carried
    assert (tissue.window(*HAMSTRINGS_R) is not None) is carried
