"""Faults happen in their time and only then; cues are followed late and in part."""

import numpy as np
import pytest
from msgspec import structs

from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.decision import Guidance, Phase, Question, QuestionId
from lengthwise.contracts.observation import LandmarkFrame, SignalKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercise, exercises
from lengthwise.sim import person
from lengthwise.sim.faults import (
    LET_GO,
    OVERSHOOT,
    PELVIS_TIPS,
    SECOND_PERSON,
    STEP_AWAY,
    TREMOR,
    Fault,
    FaultKind,
)
from lengthwise.sim.motion import Traits
from lengthwise.sim.recording import Plan, SimulatedRecording

LUNGE = "half_kneeling_hip_flexor"
TILT = INDEX[Coordinate.PELVIS_TILT]
HOLD_S = 16.0
ALL_FAULTS = (PELVIS_TIPS, OVERSHOOT, TREMOR, STEP_AWAY, SECOND_PERSON)


def guidance(
    t_s: float, phase: Phase, *, cue: str | None = None, side: Side = Side.LEFT
) -> Guidance:
    gauge = Estimate(0.5, 0.1)
    return Guidance(t_s, phase, "", side, 1, 2, 0.0, 0.0, 0.0, 30.0, None, gauge, (), cue_id=cue)


def led(
    faults: tuple[Fault, ...] = (),
    *,
    exercise_id: str = LUNGE,
    seed: int = 5,
    cues: dict[str, tuple[float, float]] | None = None,
    restored: bool = False,
) -> list[person.Truth]:
    """Ready 2 s, ease in until 16 s, hold until 46 s, release; `cues` are said from .. until."""
    chosen = exercise(exercise_id)
    params = person.Params(chosen, (Side.LEFT,), seed, Traits.drawn(seed), faults)
    state, out = person.start(params), []
    for n in range(20 * 54):
        t_s = n / 20
        phase = Phase.RELEASE
        for name, end in ((Phase.GET_READY, 2.0), (Phase.EASE_IN, HOLD_S), (Phase.HOLD, 46.0)):
            if t_s < end:
                phase = name
                break
        said = [c for c, (a, b) in (cues or {}).items() if a <= t_s < b]
        heard = said[0] if said else None
        if restored:
            state = decode(encode(state), person.State)
        state, truth = person.step(params, state, t_s, guidance(t_s, phase, cue=heard))
        out.append(truth)
    return out


def position(truth: person.Truth, seed: int = 5) -> float:
    traits = Traits.drawn(seed)
    return (truth.share - traits.first_resistance) / (traits.tolerance - traits.first_resistance)


def between(truths: list[person.Truth], a_s: float, b_s: float) -> list[person.Truth]:
    return [t for t in truths if a_s <= t.t_s < b_s]


def test_a_person_saved_and_restored_goes_on_with_the_same_bytes() -> None:
    plain, saved = led(ALL_FAULTS), led(ALL_FAULTS, restored=True)
    assert [encode(t) for t in plain] == [encode(t) for t in saved]


@pytest.mark.parametrize("fault", [*ALL_FAULTS, LET_GO], ids=lambda f: f.kind.value)
def test_a_fault_changes_nothing_before_its_time(fault: Fault) -> None:
    begins = HOLD_S + fault.from_s
    for a, b in zip(between(led((fault,)), 0, begins), between(led(), 0, begins), strict=True):
        assert encode(a) == encode(b)


@pytest.mark.parametrize("exercise_id", list(exercises()))
def test_the_pelvis_tips_beyond_its_tolerance_the_way_the_exercise_warns_of(
    exercise_id: str,
) -> None:
    limits = [
        c for c in exercise(exercise_id).constraints if c.coordinate is Coordinate.PELVIS_TILT
    ]
    sign = -1.0 if limits and limits[0].direction < 0 else 1.0
    tolerance_deg = limits[0].tolerance_deg if limits else 8.0
    tipped, steady = led((PELVIS_TIPS,), exercise_id=exercise_id), led(exercise_id=exercise_id)
    middle_s = HOLD_S + (PELVIS_TIPS.from_s + PELVIS_TIPS.until_s) / 2
    n = round(20 * middle_s)
    change_deg = np.degrees(tipped[n].pose_rad[TILT] - steady[n].pose_rad[TILT])
    assert sign * change_deg > tolerance_deg
    after = round(20 * (HOLD_S + PELVIS_TIPS.until_s + 1))
    assert tipped[after].pose_rad[TILT] == pytest.approx(steady[after].pose_rad[TILT])


def test_when_the_pelvis_tips_thigh_and_chest_stay_where_they_are() -> None:
    n = round(20 * (HOLD_S + 13))
    a, b = led((PELVIS_TIPS,))[n].pose_rad, led()[n].pose_rad
    thigh = INDEX[Coordinate.HIP_FLEXION_L]
    assert a[TILT] - a[thigh] == pytest.approx(b[TILT] - b[thigh])
    chest = INDEX[Coordinate.TRUNK_FLEXION]
    assert a[chest] == pytest.approx(b[chest])


def test_a_fault_that_is_unlikely_happens_in_some_holds_only() -> None:
    rare = Fault(FaultKind.PELVIS_TIPS, 8.0, 18.0, 0.26, probability=0.3)
    happened = [rare.happens(seed=seed, hold=1, place=0) for seed in range(300)]
    assert 60 < sum(happened) < 120
    assert happened == [rare.happens(seed=seed, hold=1, place=0) for seed in range(300)]


def test_a_little_more_and_a_little_less_are_followed_after_a_moment() -> None:
    more = led(cues={"deeper": (24.0, 27.0)})
    usual = led()
    assert position(more[round(20 * 24.5)]) == pytest.approx(position(usual[round(20 * 24.5)]))
    assert position(more[-20 * 9]) - position(usual[-20 * 9]) == pytest.approx(0.10, abs=0.02)
    less = led(cues={"ease": (24.0, 27.0)})
    assert position(less[-20 * 9]) - position(usual[-20 * 9]) == pytest.approx(-0.10, abs=0.02)


def test_nobody_is_led_beyond_tolerance_by_cues() -> None:
    often = {"deeper": (20.0, 22.0), "ease": (22.0, 22.0)}
    truths = led(cues=often | {"hold": (22.0, 23.0)})
    assert max(position(t) for t in truths) < 0.96


def test_ease_ends_an_overshoot() -> None:
    truths = led((OVERSHOOT,), cues={"ease": (27.0, 30.0)})
    assert max(position(t) for t in between(truths, 24, 28.5)) > 0.8
    assert max(position(t) for t in between(truths, 31, 40)) < 0.85


def test_who_steps_away_is_lost_to_the_camera_and_comes_back() -> None:
    fault = Fault(FaultKind.STEP_AWAY, 1.0, 9.0, 5.0)
    plan = Plan(
        "standing_side_bend", Side.LEFT, 1, sensors="front", duration_s=36.0, stand_s=2.0,
        faults=(fault,),
    )  # fmt: skip
    frames = [f for f in SimulatedRecording(plan).read() if isinstance(f, LandmarkFrame)]
    gone = [f.t_s for f in frames if f.person_count == 0]
    # stand 2 s, down 4 s, ready 5 s, ease in 8 s: the hold begins at 19 s
    assert min(gone) > 20.0
    assert max(gone) < 28.0
    assert all(not f.present.any() for f in frames if f.person_count == 0)
    assert frames[-1].present.all()


def test_a_second_person_is_counted_and_sometimes_followed() -> None:
    plan = Plan(
        LUNGE, Side.LEFT, 1, sensors="front", duration_s=40.0, stand_s=2.0, noise=0.0,
        faults=(SECOND_PERSON,),
    )  # fmt: skip
    frames = [f for f in SimulatedRecording(plan).read() if isinstance(f, LandmarkFrame)]
    two = [f for f in frames if f.person_count == 2]
    assert 19.0 + SECOND_PERSON.from_s <= two[0].t_s
    assert two[-1].t_s <= 19.0 + SECOND_PERSON.until_s
    jumps_px = np.abs(np.diff([f.xy_px[0, 0] for f in two]))
    assert (jumps_px > 100).sum() >= 3


def test_an_exercise_to_and_fro_reaches_both_ends_and_an_isometric_one_its_end() -> None:
    shares = [t.share for t in led(exercise_id="cat_cow")]
    assert min(shares) < -0.7 and max(shares) > 0.7
    held = [t.share for t in between(led(exercise_id="bird_dog"), 25, 45)]
    assert min(held) > 0.97


def test_a_question_is_answered_once_with_a_number_and_a_next_one_again() -> None:
    params = person.Params(exercise(LUNGE), (Side.LEFT,), 5, Traits.drawn(5), ())
    state, heard = person.start(params), []
    for n in range(20 * 12):
        t_s = n / 20
        asked = (QuestionId.SENSATION, 1.0) if t_s < 6.0 else (QuestionId.PAIN, 6.0)
        question = Question(asked[0], "How strong?", None, "en", asked[1]) if t_s >= 1.0 else None
        shown = structs.replace(guidance(t_s, Phase.RELEASE), question=question)
        state, truth = person.step(params, state, t_s, shown)
        heard += [(t_s, truth.signal.kind)] if truth.signal is not None else []
        assert truth.signal is None or truth.signal.value is not None
    assert [kind for _, kind in heard] == [SignalKind.SENSATION, SignalKind.PAIN]
    assert [t_s for t_s, _ in heard] == pytest.approx([3.0, 8.0], abs=0.06)
