"""Breathing: seen where it is, silent where it is not, and a held breath told in its time."""

from collections.abc import Iterator
from math import pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lengthwise.body import breathing
from lengthwise.body.breath_turns import flat_blocks, quick_noise, turns
from lengthwise.body.breathing import Breath
from lengthwise.contracts.codec import decode, encode, frozen_array
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    ImuSample,
    LandmarkFrame,
    Observation,
    PersonSignal,
    Segment,
    SignalKind,
    Tick,
)
from lengthwise.reference.constants import Status, constants

LIMITS = breathing.published_limits()
RATE_HZ = 20.0
G_M_S2 = 9.81


def sine(rate_per_min: float, seconds: float, *, turn_rad: float = 0.01) -> np.ndarray:
    t_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return np.asarray(turn_rad * np.sin(2 * pi * rate_per_min / 60.0 * t_s))


def held(seconds: float, at: float = 0.0) -> np.ndarray:
    return np.full(round(seconds * RATE_HZ), at)


def rib(
    *parts: np.ndarray,
    noise_m_s2: float = 0.01,
    mount: np.ndarray | None = None,
    segment: Segment = Segment.T12,
    seed: int = 0,
) -> list[ImuSample]:
    """A sensor on the ribs that turns forwards and back; parts follow each other."""
    turn = np.concatenate(parts)
    noise = noise_m_s2 * np.random.default_rng(seed).standard_normal((len(turn), 3))
    acc = G_M_S2 * np.stack([np.sin(turn), 0.0 * turn, np.cos(turn)], axis=1)
    acc = acc @ (np.eye(3) if mount is None else mount).T + noise
    return [
        ImuSample(n / RATE_HZ, segment, (float(x), float(y), float(z)))
        for n, (x, y, z) in enumerate(acc)
    ]


def followed(observations: list[Observation] | list[ImuSample]) -> Iterator[tuple[float, Breath]]:
    state = breathing.start()
    for o in observations:
        state = breathing.step(LIMITS, state, o)
        yield o.t_s, breathing.told(LIMITS, state, o.t_s)


def last(observations: list[ImuSample]) -> Breath:
    return list(followed(observations))[-1][1]


@given(st.floats(5.5, 30.0), st.floats(0.005, 0.04))
@settings(max_examples=15)
def test_the_rate_of_a_steady_breath_lies_within_its_doubt(rate: float, turn_rad: float) -> None:
    seconds = max(45.0, 5.5 * 60.0 / rate)
    told = list(followed(rib(sine(rate, seconds, turn_rad=turn_rad))))
    settled = [breath for t_s, breath in told if t_s > seconds - 15.0]
    seen = [breath for breath in settled if breath.per_min is not None]
    assert len(seen) > 0.95 * len(settled), "a quick breath may end unseen, for a moment"
    for breath in seen:
        assert breath.per_min is not None
        assert abs(breath.per_min.mean - rate) < 3.0 * breath.per_min.sd
        assert breath.per_min.sd < 0.25 * rate
        assert breath.held_s == 0.0
        assert breath.phase_ratio is not None and 0.0 <= breath.phase_ratio <= 1.0


def test_how_the_sensor_is_worn_changes_nothing() -> None:
    mount, _ = np.linalg.qr(np.random.default_rng(3).standard_normal((3, 3)))
    plain = rib(sine(14.0, 40.0), noise_m_s2=0.0)
    turned = rib(sine(14.0, 40.0), noise_m_s2=0.0, mount=mount)
    for (_, a), (_, b) in zip(followed(plain), followed(turned), strict=True):
        assert (a.per_min is None) == (b.per_min is None)
        assert a.held_s == b.held_s
        if a.per_min is not None and b.per_min is not None:
            assert a.per_min.mean == pytest.approx(b.per_min.mean)


def test_saved_and_restored_at_every_reading_it_goes_on_with_the_same_bytes() -> None:
    samples = rib(sine(15.0, 25.0), held(8.0))
    plain = restored = breathing.start()
    for sample in samples:
        plain = breathing.step(LIMITS, plain, sample)
        restored = decode(encode(restored), breathing.State)
        restored = breathing.step(LIMITS, restored, sample)
        assert encode(plain) == encode(restored)


@pytest.mark.parametrize("rate", [6.0, 10.0, 15.0, 20.0])
def test_a_held_breath_is_told_to_the_second_and_ends_with_it(rate: float) -> None:
    breathes_s = 6.0 * 60.0 / rate
    samples = rib(
        sine(rate, breathes_s, turn_rad=0.015), held(15.0), sine(rate, breathes_s, turn_rad=0.015)
    )
    told = list(followed(samples))
    during = [(t, b.held_s) for t, b in told if breathes_s + 8.0 < t < breathes_s + 15.0]
    for t_s, held_s in during:
        assert held_s is not None
        assert held_s == pytest.approx(t_s - breathes_s, abs=1.5)
    after = [b.held_s for t, b in told if t > breathes_s + 18.0]
    assert all(s is None or s < LIMITS.held_from_s for s in after)
    before = [b.held_s or 0.0 for t, b in told if t < breathes_s + 4.0]
    assert max(before) == 0.0


def test_a_chest_that_was_never_seen_to_breathe_holds_no_breath() -> None:
    assert all(b == Breath() for _, b in followed(rib(held(60.0))))


def test_a_breath_held_in_a_posture_just_taken_is_told_and_long_after_nothing_is() -> None:
    tipped = rib(sine(15.0, 30.0, turn_rad=0.015), held(80.0, at=0.3), noise_m_s2=0.005)
    for t_s, told in followed(tipped):
        if 31.0 < t_s < 34.5:
            assert told == Breath()
        elif 41.0 < t_s < 85.0:
            assert told.held_s == pytest.approx(t_s - 30.0, abs=1.5)
        elif t_s > 92.0:
            assert told == Breath()


def test_who_breathes_on_in_another_posture_and_axis_holds_no_breath() -> None:
    breath = sine(15.0, 60.0)
    forwards = rib(breath[: len(breath) // 2])
    turn = 0.6 * breath[len(breath) // 2 :]
    noise = 0.01 * np.random.default_rng(1).standard_normal((len(turn), 3))
    lean = 0.4
    acc = noise + G_M_S2 * np.stack(
        [np.sin(lean) + 0.0 * turn, np.cos(lean) * np.sin(turn), np.cos(lean) * np.cos(turn)],
        axis=1,
    )
    sideways = [
        ImuSample(30.0 + n / RATE_HZ, Segment.T12, (float(x), float(y), float(z)))
        for n, (x, y, z) in enumerate(acc)
    ]
    assert all((b.held_s or 0.0) < 8.0 for _, b in followed([*forwards, *sideways]))


def test_noise_alone_is_no_breathing() -> None:
    for seed in range(5):
        assert all(b == Breath() for _, b in followed(rib(held(60.0), noise_m_s2=0.05, seed=seed)))


def test_a_body_that_sways_in_two_axes_is_not_taken_for_breathing() -> None:
    known = total = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        t_s = np.arange(round(90 * RATE_HZ)) / RATE_HZ
        sway = np.zeros((len(t_s), 2))
        for axis in range(2):
            for _ in range(12):
                wave = 2 * pi * rng.uniform(0.02, 0.3) * t_s + rng.uniform(0, 2 * pi)
                sway[:, axis] += 0.0016 * np.sin(wave)
        acc = G_M_S2 * np.column_stack([np.sin(sway), np.cos(sway).prod(axis=1)])
        samples = [
            ImuSample(float(t), Segment.T12, (float(x), float(y), float(z)))
            for t, (x, y, z) in zip(t_s, acc, strict=True)
        ]
        told = [b for _, b in followed(samples)]
        known += sum(b != Breath() for b in told)
        total += len(told)
    assert known < 0.05 * total


def test_a_breath_smaller_than_the_noise_is_not_claimed() -> None:
    assert last(rib(sine(15.0, 45.0, turn_rad=0.0008), noise_m_s2=0.05)) == Breath()


def test_a_gap_forgets_what_was_seen_and_a_silent_sensor_tells_nothing() -> None:
    samples = rib(sine(15.0, 30.0))
    state = breathing.start()
    for sample in samples:
        state = breathing.step(LIMITS, state, sample)
    end_s = samples[-1].t_s
    assert breathing.told(LIMITS, state, end_s).per_min is not None
    assert breathing.told(LIMITS, state, end_s + 2.0) == Breath()
    late = ImuSample(end_s + 2.0, Segment.T12, (0.0, 0.0, G_M_S2))
    state = breathing.step(LIMITS, state, late)
    assert breathing.told(LIMITS, state, late.t_s) == Breath()


def test_what_shows_no_breath_and_what_is_no_number_change_nothing() -> None:
    state = breathing.step(LIMITS, breathing.start(), rib(held(1.0))[0])
    for o in (
        Tick(1.0),
        PersonSignal(1.0, SignalKind.PAUSE),
        ImuSample(1.0, Segment.SHANK_L, (0.0, 0.0, G_M_S2)),
        ImuSample(1.0, Segment.PELVIS, (0.0, 0.0, G_M_S2)),
        ImuSample(1.0, Segment.T12, (float("nan"), 0.0, G_M_S2)),
        ImuSample(0.0, Segment.T12, (0.0, 0.0, G_M_S2)),
    ):
        assert breathing.step(LIMITS, state, o) is state


def test_where_one_sensor_sees_breathing_go_on_nothing_is_held() -> None:
    ribs = rib(sine(15.0, 45.0), segment=Segment.T12)
    chest = rib(sine(15.0, 30.0, turn_rad=0.02), held(15.0), segment=Segment.THORAX)
    state = breathing.start()
    for a, b in zip(ribs, chest, strict=True):
        state = breathing.step(LIMITS, breathing.step(LIMITS, state, a), b)
    assert breathing.told(LIMITS, state, ribs[-1].t_s).held_s == 0.0
    alone = breathing.State({"thorax": state.channels["thorax"]})
    assert (breathing.told(LIMITS, alone, ribs[-1].t_s).held_s or 0.0) > 10.0


def seen(*parts: np.ndarray, white_px: float, seed: int = 0) -> list[LandmarkFrame]:
    """A seated person of 300 px from hips to shoulders, which rise by the parts, in pixels."""
    rise = np.concatenate(parts)
    rng = np.random.default_rng(seed)
    frames = []
    for n, up in enumerate(rise):
        xy = np.full((33, 2), 400.0) + white_px * rng.standard_normal((33, 2))
        for side, x in (("left", 100.0), ("right", -100.0)):
            xy[LANDMARK_INDEX[f"{side}_shoulder"]] += (x, -300.0 - up)
            xy[LANDMARK_INDEX[f"{side}_hip"]] += (0.6 * x, 0.0)
        ones = np.ones(33)
        frames.append(
            LandmarkFrame(
                n / RATE_HZ,
                frozen_array(xy),
                frozen_array(0 * ones),
                frozen_array(ones),
                frozen_array(ones, dtype="bool"),
            )
        )
    return frames


def test_a_camera_shows_deep_breaths_in_quiet_landmarks_and_none_in_usual_ones() -> None:
    # 300 px of trunk are about 0.5 m, so 6 px are 1 cm.
    deep = sine(8.0, 45.0, turn_rad=6.0)
    *_, (_, quiet) = followed(list(seen(deep, white_px=0.5)))
    assert quiet.per_min is not None and quiet.sensor == "camera"
    assert quiet.per_min.mean == pytest.approx(8.0, abs=1.0)
    usual = sine(15.0, 45.0, turn_rad=1.2)
    assert all(b == Breath() for _, b in followed(list(seen(usual, white_px=6.0))))


def test_turns_come_in_turn_and_a_smaller_threshold_finds_no_fewer() -> None:
    signal = np.cumsum(np.random.default_rng(1).standard_normal(400))
    for by in (1.0, 2.0, 4.0):
        places = turns(signal, by)
        assert places == sorted(places)
        ways = np.sign(np.diff(signal[places]))
        assert (ways[1:] == -ways[:-1]).all()
        assert (np.abs(np.diff(signal[places])) > by).all()
        assert len(turns(signal, 0.5 * by)) >= len(places)


def test_noise_is_measured_and_slow_movement_is_not_noise() -> None:
    white = np.random.default_rng(2).standard_normal(4000)
    slow = 30.0 * np.sin(2 * pi * np.arange(4000) / 400)
    assert quick_noise(white) == pytest.approx(1.0 / np.sqrt(3.0), rel=0.1)
    assert quick_noise(white + slow) == pytest.approx(1.0 / np.sqrt(3.0), rel=0.1)


def test_flat_counts_back_to_the_last_value_out_of_range() -> None:
    assert flat_blocks(np.array([0.0, 5.0, 1.0, 1.2, 0.9]), 0.5) == 3
    assert flat_blocks(np.array([1.0, 1.1]), 0.5) == 2


def test_limits_lie_in_their_own_range_and_published_ones_cite() -> None:
    for name, entry in constants("breathing").items():
        assert entry.low <= entry.value <= entry.high, name
        assert entry.status is Status.EXPERT_DEFAULT or any(c.isdigit() for c in entry.source), name
