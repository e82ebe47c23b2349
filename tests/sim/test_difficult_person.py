"""People who are difficult to lead: each does what it is named after, in its time and only then."""

import numpy as np
import pytest

from lengthwise.body import breathing
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.observation import LANDMARK_INDEX, ImuSample, LandmarkFrame, Posture
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercise
from lengthwise.sim import person
from lengthwise.sim.breath import RIB_TURN_RAD, SHOULDER_RISE_M, breathed, worn
from lengthwise.sim.faults import (
    BREATH_HELD,
    CAT,
    FATIGUE,
    SLOW_TO_REACT,
    USUAL,
    WRONG_SIDE,
    Fault,
    FaultKind,
)
from lengthwise.sim.motion import Traits
from lengthwise.sim.reaction import USUAL_S, reaction_s
from lengthwise.sim.recording import Plan, SimulatedRecording
from lengthwise.sim.ribs import breathing as with_breath
from lengthwise.sim.skeleton import figure

LUNGE, CAT_COW = "half_kneeling_hip_flexor", "cat_cow"
HOLD_S = 16.0
RATE_HZ = 20


def led(
    faults: tuple[Fault, ...] = (),
    *,
    exercise_id: str = LUNGE,
    cues: dict[str, tuple[float, float]] | None = None,
    words: str | None = None,
    restored: bool = False,
) -> list[person.Truth]:
    """Ready 2 s, ease in until 16 s, hold until 76 s; `cues` are said from .. until, as `words`."""
    params = person.Params(exercise(exercise_id), (Side.LEFT,), 5, Traits.drawn(5), faults)
    state, out = person.start(params), []
    for n in range(RATE_HZ * 80):
        t_s = n / RATE_HZ
        ends = ((Phase.GET_READY, 2.0), (Phase.EASE_IN, HOLD_S), (Phase.HOLD, 76.0))
        phase = next((name for name, end in ends if t_s < end), Phase.RELEASE)
        cue = next((c for c, (a, b) in (cues or {}).items() if a <= t_s < b), None)
        guidance = Guidance(
            t_s, phase, "", Side.LEFT, 1, 2, 0.0, 0.0, 0.0, 60.0, None, Estimate(0.5, 0.1),
            cue_id=cue, cue_text=words,
        )  # fmt: skip
        if restored:
            state = decode(encode(state), person.State)
        state, truth = person.step(params, state, t_s, guidance)
        out.append(truth)
    return out


def between(truths: list[person.Truth], a_s: float, b_s: float) -> list[person.Truth]:
    return [t for t in truths if a_s <= t.t_s < b_s]


def test_a_difficult_person_saved_and_restored_goes_on_with_the_same_bytes() -> None:
    faults = (BREATH_HELD, WRONG_SIDE, CAT, FATIGUE, SLOW_TO_REACT)
    plain, saved = led(faults), led(faults, restored=True)
    assert [encode(t) for t in plain] == [encode(t) for t in saved]


@pytest.mark.parametrize("fault", [BREATH_HELD, CAT, FATIGUE], ids=lambda f: f.kind.value)
def test_a_fault_changes_nothing_before_its_time(fault: Fault) -> None:
    begins = HOLD_S + fault.from_s
    for a, b in zip(between(led((fault,)), 0, begins), between(led(), 0, begins), strict=True):
        assert encode(a) == encode(b)


def test_every_kind_but_a_coordinate_that_leaves_has_a_usual_size() -> None:
    assert set(USUAL) == set(FaultKind) - {FaultKind.LEAVES}


def test_a_held_breath_stops_the_chest_and_nothing_else_of_the_time() -> None:
    truths = led((BREATH_HELD,))
    begin, end = HOLD_S + BREATH_HELD.from_s, HOLD_S + BREATH_HELD.until_s
    held = between(truths, begin + 0.2, end - 0.2)
    assert all(t.breath_held for t in held)
    assert len({t.chest for t in held}) == 1
    for a_s, b_s in ((HOLD_S, begin), (end + 1.0, end + 9.0)):
        chest = [t.chest for t in between(truths, a_s, b_s)]
        assert not any(t.breath_held for t in between(truths, a_s, b_s))
        assert max(chest) > 0.9 and min(chest) < -0.9
    assert truths[-1].share == led()[-1].share


def test_who_is_told_to_ease_breathes_again() -> None:
    begin = HOLD_S + BREATH_HELD.from_s
    truths = led((BREATH_HELD,), cues={"ease": (begin + 9.0, begin + 12.0)})
    assert all(t.breath_held for t in between(truths, begin + 0.2, begin + 9.0))
    assert not any(t.breath_held for t in between(truths, begin + 9.0 + USUAL_S + 0.1, 76.0))


def test_ribs_turn_and_shoulders_rise_by_the_published_amounts() -> None:
    pose = np.zeros(len(INDEX))
    usual = figure(pose, height_m=1.7, posture=Posture.STANDING, arms=True)
    out, back = with_breath(usual, 1.0), with_breath(usual, -1.0)
    for segment, rotation in usual.rotation.items():
        turn = back.rotation[segment].T @ out.rotation[segment]
        angle = np.arccos(np.clip(0.5 * (np.trace(turn) - 1.0), -1.0, 1.0))
        on_ribs = segment.value in ("t12", "thorax")
        assert angle == pytest.approx(RIB_TURN_RAD if on_ribs else 0.0, abs=1e-6)
        assert (rotation == with_breath(usual, 0.0).rotation[segment]).all()
    rise = (out.landmarks_m - back.landmarks_m)[:, 2]
    assert rise[LANDMARK_INDEX["left_shoulder"]] == pytest.approx(SHOULDER_RISE_M)
    assert rise[LANDMARK_INDEX["left_hip"]] == 0.0


def plan(**changes: object) -> Plan:
    usual: dict[str, object] = {
        "exercise_id": LUNGE, "side": Side.LEFT, "seed": 3, "duration_s": 12.0, "stand_s": 2.0,
    }  # fmt: skip
    return Plan(**(usual | changes))  # type: ignore[arg-type]


def test_without_a_held_breath_no_sensor_changes() -> None:
    usual = [encode(o) for o in SimulatedRecording(plan()).read()]
    assert usual == [encode(o) for o in SimulatedRecording(plan(breathing=False)).read()]
    assert usual != [encode(o) for o in SimulatedRecording(plan(breathing=True)).read()]


def test_a_sensor_on_the_lowest_rib_shows_when_the_breath_is_held_and_only_then() -> None:
    hold = Fault(FaultKind.BREATH_HELD, 14.0, 29.0)
    recording = SimulatedRecording(
        plan(
            exercise_id="chair_figure_four", sensors="t12", duration_s=72.0, faults=(hold,),
            sway_ratio=0.1,
        )
    )  # fmt: skip
    assert recording.header.simulated
    limits, state, told = breathing.published_limits(), breathing.start(), []
    for sample in recording.read():
        if isinstance(sample, ImuSample):
            state = breathing.step(limits, state, sample)
            told.append(breathing.told(limits, state, sample.t_s))
    held = recording.breath_held()
    since = np.flatnonzero(held)[0]
    long = np.array([(b.held_s or 0.0) > 8.0 for b in told])
    assert not long[: since + 600].any()
    assert long[since + 1000 : since + 1450].all()
    assert not long[np.flatnonzero(held)[-1] + 200 :].any()


def test_a_camera_with_usual_landmarks_never_tells_of_a_held_breath() -> None:
    recording = SimulatedRecording(
        plan(
            exercise_id="chair_figure_four", sensors="front", duration_s=50.0,
            faults=(Fault(FaultKind.BREATH_HELD, 8.0, 26.0),), sway_ratio=0.1,
        )
    )  # fmt: skip
    limits, state = breathing.published_limits(), breathing.start()
    for frame in recording.read():
        state = breathing.step(limits, state, frame)
        assert not breathing.told(limits, state, frame.t_s).held_s


def test_who_takes_the_wrong_side_works_the_other_one_all_along() -> None:
    truths = led((WRONG_SIDE,))
    assert {t.side for t in truths} == {Side.RIGHT}
    held = between(truths, 40.0, 70.0)
    right = led()
    hip = INDEX[Coordinate.HIP_FLEXION_L], INDEX[Coordinate.HIP_FLEXION_R]
    for mistaken, asked in zip(held, between(right, 40.0, 70.0), strict=True):
        assert mistaken.pose_rad[hip[1]] == pytest.approx(asked.pose_rad[hip[0]], abs=0.05)


def test_there_is_no_wrong_side_of_what_has_none() -> None:
    mistaken, right = led((WRONG_SIDE,), exercise_id=CAT_COW), led(exercise_id=CAT_COW)
    assert [encode(t) for t in mistaken] == [encode(t) for t in right]


def test_a_cat_hides_some_landmarks_for_a_while_and_is_gone() -> None:
    recording = SimulatedRecording(plan(sensors="front", duration_s=36.0, faults=(CAT,), noise=0.0))
    frames = [f for f in recording.read() if isinstance(f, LandmarkFrame)]
    clean = [
        f
        for f in SimulatedRecording(plan(sensors="front", duration_s=36.0, noise=0.0)).read()
        if isinstance(f, LandmarkFrame)
    ]
    # stand 2 s, down 4 s, ready 5 s, ease in: the hold begins after that
    hidden = [
        int(((f.visibility < 0.3) & (c.visibility > 0.5)).sum())
        for f, c in zip(frames, clean, strict=True)
    ]
    times = [f.t_s for f, n in zip(frames, hidden, strict=True) if n]
    begins = 11.0 + exercise(LUNGE).dose.ease_in_s
    assert begins + CAT.from_s <= min(times) and max(times) <= begins + CAT.until_s
    assert max(times) - min(times) > 1.0
    assert 3 <= max(hidden) < 33
    assert all(f.person_count == 1 for f in frames)
    for f, c, n in zip(frames, clean, hidden, strict=True):
        apart = np.abs(f.xy_px - c.xy_px).max()
        assert (apart > 1.0) == (n > 0)


def test_who_tires_sags_slowly_and_trembles_more_and_more() -> None:
    tired, fresh = led((FATIGUE,)), led()
    shares = [t.share for t in between(tired, HOLD_S + 8.0, HOLD_S + 58.0)]
    assert (np.diff(shares) <= 1e-6).all()
    lost = 1.0 - shares[-1] / fresh[RATE_HZ * 70].share
    assert lost == pytest.approx(FATIGUE.size, abs=0.05)
    moved = exercise(LUNGE).path[0].coordinate
    x = np.array([t.pose_rad[INDEX[moved]] for t in tired])
    quick = np.abs(np.diff(x, 2))
    early, late = (
        quick[int(RATE_HZ * a) : int(RATE_HZ * b)].mean() for a, b in ((24, 34), (64, 74))
    )
    assert late > 2.0 * early


def test_who_is_slow_follows_in_the_drawn_time_and_by_as_much() -> None:
    cues = {"deeper": (24.0, 34.0)}
    slow, usual = led((SLOW_TO_REACT,), cues=cues), led(cues=cues)
    begun = {}
    for name, truths in (("slow", slow), ("usual", usual)):
        before = truths[RATE_HZ * 24].share
        begun[name] = next(t.t_s for t in truths if t.t_s > 24.0 and t.share > before + 0.01)
    later_s = reaction_s(5, 1, slower=SLOW_TO_REACT.size) - USUAL_S
    assert begun["slow"] - begun["usual"] == pytest.approx(later_s, abs=0.1)
    assert slow[RATE_HZ * 60].share == pytest.approx(usual[RATE_HZ * 60].share, abs=1e-3)


def test_reactions_are_never_quicker_than_to_a_plain_signal_and_slow_at_times() -> None:
    drawn = np.array([reaction_s(seed, count) for seed in range(40) for count in range(10)])
    assert drawn.min() > 0.213
    assert np.median(drawn) == pytest.approx(USUAL_S, rel=0.1)
    assert np.percentile(drawn, 97.5) > 1.5 * USUAL_S
    assert reaction_s(1, 1, slower=3.0) > reaction_s(1, 1) + 0.1


def test_a_cue_is_heard_whatever_the_language_it_is_said_in() -> None:
    cues = {"deeper": (24.0, 27.0), "ease": (40.0, 43.0)}
    english, german = (
        [encode(t) for t in led(cues=cues, words=words)]
        for words in ("A little deeper.", "Ein wenig weiter.")
    )
    assert english == german
    assert german != [encode(t) for t in led()]


def test_simulated_breathing_varies_as_published_and_is_held_when_asked() -> None:
    free = breathed(1, duration_s=600.0, rate_hz=20.0)
    assert not free.held.any()
    assert 60 < len(free.begins_s) < 250
    held = breathed(1, duration_s=600.0, rate_hz=20.0, every_s=60.0)
    assert 0.1 < held.held.mean() < 0.5
    inside = held.held[1:] & held.held[:-1]
    assert np.abs(np.diff(held.chest)[inside]).max() == 0.0
    read = worn(1, free.chest, rate_hz=20.0)
    assert np.linalg.norm(read, axis=1).mean() == pytest.approx(9.81, abs=0.02)
