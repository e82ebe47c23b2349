"""Each fault does to a stream what its name says, in its period and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from lengthwise.contracts.codec import encode
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    ImuSample,
    LandmarkFrame,
    Rejection,
    Segment,
    Tick,
)
from lengthwise.contracts.states import Unseen
from lengthwise.live.evaluation.delivery import delivered
from lengthwise.live.evaluation.fault_injection import Period, Stream, inject
from lengthwise.live.evaluation.fault_names import KNOWN, Fault, FaultName, Staying
from lengthwise.live.evaluation.fault_tables import Outcome, is_named
from lengthwise.live.sequencer import LIVE_LAG_S

PERIOD = Period(0.5, 1.0)


def stream() -> Stream:
    """Two seconds of a camera at 30 Hz and a sensor at 60 Hz; all values differ."""
    rng = np.random.default_rng(2)
    out: Stream = []
    for n in range(120):
        acc = [float(v) for v in rng.normal(size=3)]
        out.append(ImuSample(n / 60, Segment.PELVIS, (acc[0], acc[1], acc[2]), (0.1, 0.0, 0.0)))
        if n % 2 == 0:
            out.append(
                LandmarkFrame(
                    n / 60,
                    rng.uniform(300, 700, (33, 2)),
                    rng.normal(0, 50, 33),
                    np.ones(33),
                    np.ones(33, dtype=bool),
                )
            )
    return out


def faulty(name: Fault, seed: int = 1) -> Stream:
    return inject(name, stream(), PERIOD, np.random.default_rng(seed))


def frames(of: Stream) -> list[LandmarkFrame]:
    return [o for o in of if isinstance(o, LandmarkFrame)]


def during(of: Stream) -> list[tuple[LandmarkFrame, LandmarkFrame]]:
    """Frames of the period as they were and as they became."""
    return [
        (was, now)
        for was, now in zip(frames(stream()), frames(of), strict=True)
        if PERIOD.holds(was)
    ]


@pytest.mark.parametrize("name", list(FaultName))
def test_nothing_changes_outside_the_period(name: FaultName) -> None:
    def outside(of: Stream) -> list[bytes]:
        """Without what is late beyond the period, and without what claims another time."""
        return [encode(o) for o in of if o.t_s < PERIOD.from_s or 1.0 <= o.t_s < 2.0]

    assert outside(faulty(name)) == outside(stream())


@pytest.mark.parametrize("name", list(FaultName))
def test_something_changes_within_it_and_always_the_same(name: FaultName) -> None:
    assert [encode(o) for o in faulty(name)] != [encode(o) for o in stream()]
    assert [encode(o) for o in faulty(name)] == [encode(o) for o in faulty(name)]


def test_exchanged_sides_keep_places_and_change_names() -> None:
    left, right = LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]
    for was, now in during(faulty(FaultName.SIDES_EXCHANGED)):
        assert (now.xy_px[left] == was.xy_px[right]).all()
        assert (now.xy_px[0] == was.xy_px[0]).all()


def test_a_mirrored_image_twice_is_the_image() -> None:
    once = faulty(FaultName.MIRRORED)
    twice = inject(FaultName.MIRRORED, once, PERIOD, np.random.default_rng(1))
    for was, now in during(twice):
        assert now.xy_px == pytest.approx(was.xy_px)


def test_one_landmark_is_an_outlier_in_each_frame() -> None:
    for was, now in during(faulty(FaultName.LANDMARK_OUTLIERS)):
        moved = np.linalg.norm(now.xy_px - was.xy_px, axis=1)
        assert (moved > 0).sum() == 1 and 59.0 < moved.max() < 181.0


def test_a_frozen_sensor_repeats_its_reading_under_new_times() -> None:
    samples = [o for o in faulty(FaultName.FROZEN_IMU) if isinstance(o, ImuSample)]
    frozen = [s for s in samples if PERIOD.holds(s)]
    assert len({s.acc_m_s2 for s in frozen}) == 1
    assert len({s.t_s for s in frozen}) == len(frozen) == 30


def test_late_frames_come_after_what_was_measured_later() -> None:
    arrived = faulty(FaultName.LATE_FRAMES)
    assert sorted(o.t_s for o in arrived) == sorted(o.t_s for o in stream())
    late = [i for i, o in enumerate(arrived) if isinstance(o, LandmarkFrame) and PERIOD.holds(o)]
    newest = np.maximum.accumulate([o.t_s for o in arrived])
    waits = [newest[i] - arrived[i].t_s for i in late]
    assert min(waits) == pytest.approx(0.3, abs=0.02)


def test_out_of_order_loses_nothing() -> None:
    arrived = [o.t_s for o in faulty(FaultName.OUT_OF_ORDER)]
    assert sorted(arrived) == [o.t_s for o in stream()] != arrived


def test_what_is_late_stays_late_when_the_order_is_lost_too() -> None:
    late = faulty(FaultName.LATE_FRAMES)
    both = inject(FaultName.OUT_OF_ORDER, late, PERIOD, np.random.default_rng(3))
    newest = np.maximum.accumulate([o.t_s for o in both])
    waits = [
        newest[i] - o.t_s
        for i, o in enumerate(both)
        if isinstance(o, LandmarkFrame) and PERIOD.holds(o)
    ]
    assert min(waits) > 0.1


def test_duplicates_come_twice_and_future_frames_too_early() -> None:
    assert len(faulty(FaultName.DUPLICATES)) == len(stream()) + 45
    ahead = [now.t_s - was.t_s for was, now in during(faulty(FaultName.FUTURE_FRAMES))]
    assert ahead == pytest.approx([ahead[0]] * 15) and 0.4 <= ahead[0] <= 60.0


def test_the_second_person_stands_still_beside_the_first() -> None:
    seen = [now for _, now in during(faulty(FaultName.SECOND_PERSON))]
    first = frames(stream())[0].xy_px.mean(axis=0)
    places = np.array([frame.xy_px.mean(axis=0) for frame in seen])
    assert np.abs(np.abs(places[:, 0] - first[0]) - 350.0).max() < 5.0
    assert places.std(axis=0).max() < 2.0


def test_a_longer_leg_leaves_the_hip_and_the_other_leg() -> None:
    hip, knee, other = (LANDMARK_INDEX[n] for n in ("left_hip", "left_knee", "right_knee"))
    for was, now in during(faulty(FaultName.SEGMENT_LENGTH)):
        assert (now.xy_px[[hip, other]] == was.xy_px[[hip, other]]).all()
        longer = (now.xy_px[knee] - now.xy_px[hip]) / (was.xy_px[knee] - was.xy_px[hip])
        assert longer[0] == pytest.approx(longer[1]) and 1.2 <= longer[0] <= 1.5


def test_exchanged_legs_leave_the_trunk() -> None:
    for was, now in during(faulty(FaultName.LEGS_EXCHANGED)):
        assert (now.xy_px[:25] == was.xy_px[:25]).all()
        assert (now.xy_px[25] == was.xy_px[26]).all()


def test_an_astray_landmark_stays_where_it_is() -> None:
    pairs = during(faulty(FaultName.LANDMARK_ASTRAY))
    at = {
        int(i) for was, now in pairs for i in np.flatnonzero((was.xy_px != now.xy_px).any(axis=1))
    }
    assert len(at) == 1
    assert len({tuple(now.xy_px[at.copy().pop()]) for _, now in pairs}) == 1


def test_a_slipped_sensor_reads_the_same_force_turned() -> None:
    was = [o for o in stream() if isinstance(o, ImuSample)]
    rng = np.random.default_rng(1)
    slipped = inject(Staying.IMU_SLIPPED, stream(), Period(0.5, 9.0), rng)
    now = [o for o in slipped if isinstance(o, ImuSample)]
    for before, after in zip(was[95:], now[95:], strict=True):
        assert np.linalg.norm(after.acc_m_s2) == pytest.approx(np.linalg.norm(before.acc_m_s2))
        assert after.acc_m_s2 != before.acc_m_s2


def test_every_fault_is_told_in_a_line() -> None:
    assert set(KNOWN) == {*FaultName, *Staying}
    assert all(known.what and "\n" not in known.what for known in KNOWN.values())


def test_slow_inference_costs_a_live_session_nothing() -> None:
    arrived = inject(FaultName.SLOW_INFERENCE, stream(), Period(0.0, 9.0), np.random.default_rng(1))
    assert [o.t_s for o in arrived] != [o.t_s for o in stream()]
    out = list(delivered(arrived, lag_s=LIVE_LAG_S))
    assert not any(isinstance(o, Rejection) for o in out)
    assert sum(not isinstance(o, Tick) for o in out) == len(stream())


def test_a_knocked_camera_keeps_distances() -> None:
    for was, now in during(faulty(FaultName.CAMERA_KNOCKED)):
        before, after = (np.linalg.norm(f.xy_px - f.xy_px[0], axis=1) for f in (was, now))
        np.testing.assert_allclose(after, before)
        assert not np.allclose(now.xy_px, was.xy_px, atol=10.0)


@pytest.mark.parametrize("name", [FaultName.NO_NUMBERS, FaultName.SAMPLES_NO_NUMBERS])
def test_what_is_no_number_comes_all_the_same(name: FaultName) -> None:
    assert [o.t_s for o in faulty(name)] == [o.t_s for o in stream()]


@pytest.mark.parametrize(
    ("name", "kind", "all_of_it"),
    [
        (FaultName.FRAMES_LOST, LandmarkFrame, False),
        (FaultName.CAMERA_SILENT, LandmarkFrame, True),
        (FaultName.SAMPLES_LOST, ImuSample, False),
        (FaultName.IMU_SILENT, ImuSample, True),
    ],
)
def test_what_is_lost_is_of_one_kind(name: FaultName, kind: type, all_of_it: bool) -> None:
    left = faulty(name)
    others = [o.t_s for o in left if not isinstance(o, kind)]
    assert others == [o.t_s for o in stream() if not isinstance(o, kind)]
    in_period = sum(isinstance(o, kind) and PERIOD.holds(o) for o in left)
    whole = sum(isinstance(o, kind) and PERIOD.holds(o) for o in stream())
    assert in_period == 0 if all_of_it else 0 < in_period < whole


def test_a_sliding_sensor_feels_how_far_it_turns() -> None:
    """The gyroscope's share of the slide sums up to the whole turn, 20 degrees."""
    was = [o for o in stream() if isinstance(o, ImuSample)]
    slid = inject(Staying.IMU_SLIDES, stream(), Period(0.5, 9.0), np.random.default_rng(1))
    now = [o for o in slid if isinstance(o, ImuSample)]
    last_turn = Rotation.align_vectors(
        np.array([o.acc_m_s2 for o in now[90:]]), np.array([o.acc_m_s2 for o in was[90:]])
    )[0]
    assert np.degrees(last_turn.magnitude()) == pytest.approx(20.0, abs=0.1)
    own = np.zeros(3)
    for k in range(30, 60):
        share = (now[k].t_s - 0.5) / 0.5
        turn = Rotation.from_rotvec(share * last_turn.as_rotvec())
        own += (np.array(now[k].gyr_rad_s) - turn.apply(was[k].gyr_rad_s)) / 60
    np.testing.assert_allclose(own, -last_turn.as_rotvec(), atol=0.01)


def test_a_fault_by_which_nothing_arrives_is_named_by_what_is_withheld() -> None:
    none = np.empty(0)
    silent = Outcome(none, none, none, none, none, none, 0, 0, 0.0, {}, True)
    told = replace(silent, withheld=frozenset({Unseen.STALE}))
    assert not is_named((FaultName.CAMERA_SILENT,), silent)
    assert is_named((FaultName.CAMERA_SILENT,), told)
    assert not is_named((FaultName.LATE_FRAMES,), told)
