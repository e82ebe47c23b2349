"""Taps on the worn phone: what they say, and that moving about says nothing."""

from math import nan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lengthwise.coach import taps
from lengthwise.coach.settings import published_settings
from lengthwise.contracts.observation import ImuSample, Segment, SignalKind
from lengthwise.sensing import qmt_mat, xsens_folder
from lengthwise.sensing.driver import OpenOptions

S = published_settings()
MARK, STOP = SignalKind.FIRST_RESISTANCE, SignalKind.STOP
Heard = list[tuple[float, SignalKind]]
WORN = (Segment.PELVIS, Segment.T12, Segment.THORAX, Segment.THIGH_L, Segment.THIGH_R)
"""Where a phone is worn: waistband, chest, trouser pocket."""


def heard(t_s: np.ndarray, acc_m_s2: np.ndarray) -> Heard:
    state, said = taps.Taps(), []
    for t, acc in zip(t_s.tolist(), acc_m_s2.tolist(), strict=True):
        state, kind = taps.step(state, (acc[0], acc[1], acc[2]), t, S)
        if kind is not None:
            said.append((t, kind))
    return said


def tapped(
    t_s: np.ndarray, acc_m_s2: np.ndarray, at_s: list[float], *, size_m_s2: float
) -> np.ndarray:
    """Taps laid over a recording: a half sine of 8 ms that rings out at 40 Hz, as the mean over the
    time of each sample. An assumption about taps; no recording of real ones was to be had."""
    fine_s = np.arange(0.0, 0.15, 1 / 4000)
    ring = -0.4 * np.exp(-(fine_s - 0.008) / 0.015) * np.sin(80 * np.pi * (fine_s - 0.008))
    pulse = size_m_s2 * np.where(fine_s < 0.008, np.sin(np.pi * fine_s / 0.008), ring)
    area = np.concatenate([[0.0], np.cumsum(pulse)[:-1]]) / 4000
    step_s = float(np.median(np.diff(t_s)))
    out = acc_m_s2.copy()
    for tap_s in at_s:
        upto = np.interp(t_s - tap_s, fine_s, area, left=0.0)
        before = np.interp(t_s - step_s - tap_s, fine_s, area, left=0.0)
        out[:, 2] += (upto - before) / step_s
    return out


def lying(seconds: float, rate_hz: float, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A phone on someone who lies and breathes, with the noise of a phone."""
    t_s = np.arange(int(seconds * rate_hz)) / rate_hz
    breath = 0.15 * np.sin(2 * np.pi * 0.25 * t_s)
    acc = np.stack([breath, 0.0 * t_s, 9.81 + 0.1 * breath], axis=1)
    return t_s, acc + np.random.default_rng(seed).normal(0.0, 0.05, acc.shape)


@pytest.mark.parametrize("rate_hz", [50.0, 60.0, 100.0])
def test_one_marks_and_two_or_more_stop_at_the_second(rate_hz: float) -> None:
    t_s, acc = lying(6.0, rate_hz)
    for count in (1, 2, 3, 5):
        at_s = [2.0 + 0.25 * k for k in range(count)]
        said = heard(t_s, tapped(t_s, acc, at_s, size_m_s2=40.0))
        assert [kind for _, kind in said] == [MARK if count == 1 else STOP], count
        if count > 1:
            assert said[0][0] <= at_s[1] + 0.2, "a stop does not wait for what else may follow"
        else:
            assert 0.0 < said[0][0] - at_s[0] <= S.tap_apart_s + 0.2


@settings(max_examples=60, deadline=None)
@given(st.floats(15.0, 45.0), st.floats(0.15, 0.5), st.floats(0.0, 0.05), st.sampled_from((1, 2)))
def test_too_few_samples_a_second_never_make_a_mark(
    rate_hz: float, apart_s: float, phase_s: float, count: int
) -> None:
    """Of two taps that stop, one may lie between two samples."""
    t_s, acc = lying(6.0, rate_hz)
    at_s = [2.0 + phase_s + apart_s * k for k in range(count)]
    assert MARK not in [kind for _, kind in heard(t_s, tapped(t_s, acc, at_s, size_m_s2=40.0))]


def test_fifty_a_second_that_come_unevenly_are_enough() -> None:
    t_s, acc = lying(6.0, 50.0)
    uneven_s = t_s + np.random.default_rng(5).uniform(-0.004, 0.004, len(t_s))
    said = heard(uneven_s, tapped(t_s, acc, [2.0], size_m_s2=40.0))
    assert [kind for _, kind in said] == [MARK]


@pytest.mark.parametrize("gone_s", [(2.15, 2.26), (2.12, 2.28), (2.28, 2.4)])
def test_a_short_gap_between_two_taps_leaves_a_stop_or_nothing(
    gone_s: tuple[float, float],
) -> None:
    """The last one hides the second tap."""
    t_s, acc = lying(6.0, 100.0)
    keep = (t_s < gone_s[0]) | (t_s > gone_s[1])
    two = tapped(t_s, acc, [2.0, 2.3], size_m_s2=40.0)[keep]
    hidden = gone_s[1] > 2.3
    assert [kind for _, kind in heard(t_s[keep], two)] == ([] if hidden else [STOP])
    one = tapped(t_s, acc, [2.0], size_m_s2=40.0)[keep]
    assert heard(t_s[keep], one) == []


@pytest.mark.parametrize(("size_m_s2", "lasts_s"), [(6.0, 0.3), (6.0, 0.1), (2.5, 0.01)])
def test_after_a_tap_what_lasts_too_long_or_is_seen_in_part_is_the_second(
    size_m_s2: float, lasts_s: float
) -> None:
    t_s, acc = lying(6.0, 100.0)
    acc[:, 2] += np.where((t_s >= 2.4) & (t_s < 2.4 + lasts_s - 1e-9), size_m_s2, 0.0)
    assert heard(t_s, acc) == [], "alone it is no tap"
    said = heard(t_s, tapped(t_s, acc, [2.0], size_m_s2=40.0))
    assert [kind for _, kind in said] == [STOP]
    assert said[0][0] == pytest.approx(2.4, abs=0.02)


def test_a_tap_is_not_the_first_where_a_part_of_one_was_seen_before_it() -> None:
    """Between two samples most of a light tap is lost."""
    t_s, acc = lying(6.0, 100.0)
    acc[200, 2] += 2.5
    said = heard(t_s, tapped(t_s, acc, [2.3], size_m_s2=40.0))
    assert [kind for _, kind in said] == [STOP]
    assert [k for _, k in heard(t_s, tapped(t_s, acc, [3.0], size_m_s2=40.0))] == [MARK]


def test_two_that_lie_far_apart_are_two_marks() -> None:
    t_s, acc = lying(8.0, 100.0)
    said = heard(t_s, tapped(t_s, acc, [2.0, 4.0], size_m_s2=40.0))
    assert [kind for _, kind in said] == [MARK, MARK]


@pytest.mark.parametrize("rate_hz", [60.0, 100.0])
def test_standing_up_setting_down_and_a_push_that_lasts_are_no_taps(rate_hz: float) -> None:
    t_s, acc = lying(8.0, rate_hz)
    up = np.clip((t_s - 2.0) / 1.0, 0.0, 1.0) * np.pi / 2
    rising = np.stack([9.81 * np.sin(up), 0.0 * t_s, 9.81 * np.cos(up)], axis=1)
    thud = rising + np.where((t_s > 3.0) & (t_s < 3.04), 12.0, 0.0)[:, None]
    push = acc + np.where((t_s > 3.0) & (t_s < 3.3), 6.0, 0.0)[:, None]
    for moved in (rising, thud, push):
        assert heard(t_s, moved) == []


@settings(max_examples=30, deadline=None)
@given(st.floats(0.5, 3.0), st.floats(1.0, 12.0), st.floats(0.0, 6.28))
def test_nothing_that_goes_to_and_fro_is_a_tap(hz: float, size: float, begins: float) -> None:
    """As walking, shaking and rocking do."""
    t_s, acc = lying(8.0, 100.0)
    acc[:, 0] += size * np.sin(2 * np.pi * hz * t_s + begins) ** 3
    assert heard(t_s, acc) == []


def test_what_is_no_number_or_comes_twice_changes_nothing() -> None:
    state, _ = taps.step(taps.Taps(), (0.0, 0.0, 9.81), 1.0, S)
    for acc, t in (((nan, 0.0, 9.81), 1.01), ((0.0, 0.0, 9.81), nan), ((0.0, 90.0, 0.0), 1.0)):
        assert taps.step(state, acc, t, S) == (state, None)


def test_a_gap_in_the_recording_is_no_jolt() -> None:
    t_s, acc = lying(6.0, 100.0)
    keep = (t_s < 2.0) | (t_s > 2.5)
    acc[t_s > 2.5] += 8.0
    assert heard(t_s[keep], acc[keep]) == []


def worn(shared_data: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Real recordings, all sensors that are worn where a phone can be: two people."""
    sources = {
        "sitting, walking, turning": (
            qmt_mat.DRIVER,
            shared_data / "imu/qmt_full_body/full_body_example_data.mat",
        ),
        "walking": (xsens_folder.DRIVER, shared_data / "imu/opensense_xsens"),
    }
    found = {}
    for name, (driver, path) in sources.items():
        samples: dict[Segment, list[ImuSample]] = {}
        for item in driver.open(path, OpenOptions()).read():
            if isinstance(item, ImuSample) and item.segment in WORN:
                samples.setdefault(item.segment, []).append(item)
        for segment, of_one in samples.items():
            times = np.array([s.t_s for s in of_one])
            found[f"{name}: {segment}"] = (times, np.array([s.acc_m_s2 for s in of_one]))
    return found


def resampled(t_s: np.ndarray, acc: np.ndarray, rate_hz: float) -> tuple[np.ndarray, np.ndarray]:
    at_s = np.arange(t_s[0], t_s[-1], 1.0 / rate_hz)
    return at_s, np.stack([np.interp(at_s, t_s, acc[:, i]) for i in range(3)], axis=1)


@pytest.mark.shared_data
@pytest.mark.parametrize("rate_hz", [50.0, 60.0, 100.0])
def test_no_false_tap_of_people_who_sit_down_get_up_walk_and_turn(
    shared_data: Path, rate_hz: float
) -> None:
    minutes, said = 0.0, []
    for name, (t_s, acc) in worn(shared_data).items():
        at_s, sampled = resampled(t_s, acc, rate_hz)
        minutes += (at_s[-1] - at_s[0]) / 60.0
        said += [(name, *each) for each in heard(at_s, sampled)]
    print(f"{rate_hz:.0f} Hz: {len(said) / minutes:.2f} false words a minute of {minutes:.1f} min")
    assert minutes > 8.0
    assert said == []


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("rate_hz", "size_m_s2", "least"),
    [(50.0, 30.0, 0.95), (60.0, 15.0, 0.85), (60.0, 30.0, 0.95), (100.0, 15.0, 0.95)],
)
def test_taps_laid_over_a_real_person_who_sits_are_heard_and_no_two_are_a_mark(
    shared_data: Path, rate_hz: float, size_m_s2: float, least: float
) -> None:
    """Two at a time; fewer samples a second see a little less of each."""
    chance = np.random.default_rng(3)
    t_s, acc = worn(shared_data)["sitting, walking, turning: pelvis"]
    at_s, sampled = resampled(t_s, acc, rate_hz)
    found = 0
    for _ in range(40):
        begin_s = float(chance.uniform(14.0, 36.0))
        inside = (at_s > begin_s - 2.0) & (at_s < begin_s + 3.0)
        two = [begin_s, begin_s + float(chance.uniform(0.15, 0.4))]
        tapped_m_s2 = tapped(at_s[inside], sampled[inside], two, size_m_s2=size_m_s2)
        kinds = [kind for _, kind in heard(at_s[inside], tapped_m_s2)]
        assert MARK not in kinds
        found += kinds == [STOP]
    print(f"{rate_hz:.0f} Hz, {size_m_s2:.0f} m/s2: {found} of 40 double taps heard")
    assert found >= least * 40
