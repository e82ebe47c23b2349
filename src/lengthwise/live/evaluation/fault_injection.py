"""What goes wrong with sensors, put into a clean stream of observations.

Every fault is a pure function of the observations in the order of their arrival and of a period; it
gives the observations as they would arrive with the fault. Randomness comes in as a generator.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace
from scipy.spatial.transform import Rotation

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    LANDMARKS,
    ImuSample,
    LandmarkFrame,
    Observation,
    Segment,
)
from lengthwise.live.evaluation.fault_names import Fault, FaultName, Staying

IMAGE_WIDTH_PX = 1280
_JUMP_PX, _ASIDE_PX = 150.0, 350.0
_OUTLIER_PX = (60.0, 180.0)
_OTHER_SIZE = 0.9
_LONGER = (1.2, 1.5)
_LATE_S = 0.15
_FUTURE_S, _CLOCK_AHEAD_S = (0.4, 60.0), (0.3, 20.0)
_SMALL_SCALE_M_S2, _SMALL_SCALE_RAD_S = 4 * 9.81, np.radians(500.0)
_SLIPPED_RAD, _FROZEN_BEFORE_S = np.radians(20.0), 1.0
_WRONG_CLOCK_S = 0.25
"""What is stamped so far ahead says nothing about when it arrives."""
_FULL_SCALE_M_S2, _FULL_SCALE_RAD_S = 16 * 9.81, 2000.0 * np.pi / 180.0
_TORSO_AND_LEGS = tuple(
    LANDMARK_INDEX[f"{word}_{name}"]
    for name in ("shoulder", "hip", "knee", "ankle")
    for word in ("left", "right")
)
_LEG_L = {
    part: [LANDMARK_INDEX[f"left_{name}"] for name in names]
    for part, names in (("hip", ("hip",)), ("below", ("knee", "ankle", "heel", "foot_index")))
}


@dataclass(frozen=True)
class Period:
    from_s: float
    until_s: float

    def holds(self, observation: Observation) -> bool:
        return self.from_s <= observation.t_s < self.until_s


Stream = list[Observation]
Injector = Callable[[Stream, Period, np.random.Generator], Stream]


def inject(name: Fault, stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The stream as it arrives with this fault in this period."""
    return _INJECTORS[name](stream, period, rng)


def _frames(
    stream: Stream, period: Period, change: Callable[[LandmarkFrame], LandmarkFrame]
) -> Stream:
    return [change(o) if isinstance(o, LandmarkFrame) and period.holds(o) else o for o in stream]


def _torso_jump(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The pose model finds the body somewhere else in the image."""
    way = _JUMP_PX * (1.0 if rng.random() < 0.5 else -1.0)
    return _frames(
        stream,
        period,
        lambda f: replace(f, xy_px=frozen_array(f.xy_px + np.array([way, 0.5 * way]))),
    )


def _other_name(name: str) -> str:
    return name.replace("left", "right") if "left" in name else name.replace("right", "left")


_OTHER_SIDE = np.array([LANDMARK_INDEX[_other_name(name)] for name in LANDMARKS])


_FIRST_OF_LEGS = LANDMARK_INDEX["left_knee"]
_OTHER_LEG = np.where(np.arange(len(LANDMARKS)) < _FIRST_OF_LEGS, np.arange(33), _OTHER_SIDE)


def _exchanged(frame: LandmarkFrame, order: np.ndarray = _OTHER_SIDE) -> LandmarkFrame:
    return replace(
        frame,
        xy_px=frozen_array(frame.xy_px[order]),
        image_z_px=frozen_array(frame.image_z_px[order]),
        visibility=frozen_array(frame.visibility[order]),
        present=frozen_array(frame.present[order], dtype="bool"),
    )


def _sides_exchanged(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The pose model calls left what is right."""
    return _frames(stream, period, _exchanged)


def _legs_exchanged(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The same from the knees down only, as happens where one leg hides the other."""
    return _frames(stream, period, lambda f: _exchanged(f, _OTHER_LEG))


def _landmark_outliers(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """In every frame one landmark of torso or legs lies far off."""

    def change(frame: LandmarkFrame) -> LandmarkFrame:
        xy = frame.xy_px.copy()
        angle, far = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(*_OUTLIER_PX)
        xy[rng.choice(_TORSO_AND_LEGS)] += far * np.array([np.cos(angle), np.sin(angle)])
        return replace(frame, xy_px=frozen_array(xy))

    return _frames(stream, period, change)


def _landmark_astray(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One landmark sits on something that does not move, until the model finds it again."""
    angle, far = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(*_OUTLIER_PX)
    at, way = rng.choice(_TORSO_AND_LEGS), far * np.array([np.cos(angle), np.sin(angle)])
    held: list[np.ndarray] = []

    def change(frame: LandmarkFrame) -> LandmarkFrame:
        xy = frame.xy_px.copy()
        if not held:
            held.append(xy[at] + way)
        xy[at] = held[0]
        return replace(frame, xy_px=frozen_array(xy))

    return _frames(stream, period, change)


def _one_segment(stream: Stream, rng: np.random.Generator) -> Segment | None:
    worn = sorted({o.segment for o in stream if isinstance(o, ImuSample)})
    return worn[int(rng.integers(len(worn)))] if worn else None


def _frozen_imu(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One sensor repeats its last reading under new times."""
    segment, last = _one_segment(stream, rng), None
    out: Stream = []
    for o in stream:
        if isinstance(o, ImuSample) and o.segment is segment:
            if last is not None and period.holds(o):
                out.append(replace(last, t_s=o.t_s))
                continue
            last = o
        out.append(o)
    return out


def _samples(
    stream: Stream,
    period: Period,
    segment: Segment | None,
    change: Callable[[ImuSample], ImuSample],
) -> Stream:
    return [
        change(o) if isinstance(o, ImuSample) and o.segment is segment and period.holds(o) else o
        for o in stream
    ]


def _triple(v: np.ndarray) -> tuple[float, float, float]:
    return float(v[0]), float(v[1]), float(v[2])


def _saturated_imu(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One sensor is struck: its readings stand at the ends of its range, sign by sign."""

    def struck(o: ImuSample) -> ImuSample:
        acc = _FULL_SCALE_M_S2 * rng.choice([-1.0, 1.0], 3)
        gyr = _FULL_SCALE_RAD_S * rng.choice([-1.0, 1.0], 3)
        return replace(o, acc_m_s2=_triple(acc), gyr_rad_s=_triple(gyr))

    return _samples(stream, period, _one_segment(stream, rng), struck)


def _clipped_imu(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One axis of a sensor with a small range stands at its end while the others go on."""
    axis = int(rng.integers(3))

    def clipped(o: ImuSample) -> ImuSample:
        acc, gyr = np.array(o.acc_m_s2), np.array(o.gyr_rad_s)
        acc[axis], gyr[axis] = _SMALL_SCALE_M_S2, _SMALL_SCALE_RAD_S
        return replace(o, acc_m_s2=_triple(acc), gyr_rad_s=_triple(gyr))

    return _samples(stream, period, _one_segment(stream, rng), clipped)


def _imu_clock_ahead(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One sensor's clock jumps ahead, then is right again."""
    ahead_s = float(np.exp(rng.uniform(*np.log(_CLOCK_AHEAD_S))))
    return _samples(
        stream, period, _one_segment(stream, rng), lambda o: replace(o, t_s=o.t_s + ahead_s)
    )


def _imu_slipped(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One sensor falls silent, repeating itself, and is turned when it comes back."""
    segment, axis = _one_segment(stream, rng), rng.normal(size=3)
    turn = Rotation.from_rotvec(_SLIPPED_RAD * axis / np.linalg.norm(axis)).as_matrix()
    last: ImuSample | None = None
    out: Stream = []
    for o in stream:
        if isinstance(o, ImuSample) and o.segment is segment:
            if last is not None and period.from_s <= o.t_s < period.from_s + _FROZEN_BEFORE_S:
                out.append(replace(last, t_s=o.t_s))
                continue
            last = o
            if period.holds(o):
                acc, gyr = turn @ np.array(o.acc_m_s2), turn @ np.array(o.gyr_rad_s)
                o = replace(o, acc_m_s2=_triple(acc), gyr_rad_s=_triple(gyr))
        out.append(o)
    return out


def _arriving(stream: Stream, delay_s: Callable[[Observation], float]) -> Stream:
    """The stream in the order of arrival, each observation so much later than it came before."""
    arrives_s, newest_s = [], 0.0
    for o in stream:
        if o.t_s < newest_s + _WRONG_CLOCK_S:
            newest_s = max(newest_s, o.t_s)
        arrives_s.append(newest_s + delay_s(o))
    return [stream[i] for i in sorted(range(len(stream)), key=lambda i: (arrives_s[i], i))]


def _late_frames(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """Camera frames arrive 150 ms after what the other sensors saw at their time."""
    return _arriving(
        stream,
        lambda o: _LATE_S if isinstance(o, LandmarkFrame) and period.holds(o) else 0.0,
    )


def _duplicates(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """Everything arrives twice."""
    out: Stream = []
    for o in stream:
        out += [o, o] if period.holds(o) else [o]
    return out


def _out_of_order(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """Everything arrives up to 80 ms late, each by its own delay."""
    return _arriving(stream, lambda o: float(rng.uniform(0.0, 0.08)) if period.holds(o) else 0.0)


def _future_frames(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """A clock jumps: frames are stamped ahead, then are right again."""
    ahead_s = float(np.exp(rng.uniform(*np.log(_FUTURE_S))))
    return _frames(stream, period, lambda f: replace(f, t_s=f.t_s + ahead_s))


def _second_person(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The pose model follows someone who stands beside, and says that it sees one person."""
    first = next((o for o in stream if isinstance(o, LandmarkFrame)), None)
    if first is None:
        return stream
    middle = first.xy_px.mean(axis=0)
    way = _ASIDE_PX * (1.0 if rng.random() < 0.5 else -1.0)
    stands = middle + [way, 0.0] + _OTHER_SIZE * (first.xy_px - middle)
    return _frames(
        stream,
        period,
        lambda f: replace(
            f,
            xy_px=frozen_array(stands + rng.normal(0.0, 2.0, stands.shape)),
            image_z_px=frozen_array(_OTHER_SIZE * first.image_z_px),
            visibility=first.visibility,
        ),
    )


def _mirrored(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The camera's software mirrors the image: left becomes right in place and in name."""

    def change(frame: LandmarkFrame) -> LandmarkFrame:
        xy = frame.xy_px * [-1.0, 1.0] + [IMAGE_WIDTH_PX, 0.0]
        return _exchanged(replace(frame, xy_px=frozen_array(xy)))

    return _frames(stream, period, change)


def _segment_length(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The left leg is seen longer than it is."""
    longer = float(rng.uniform(*_LONGER))

    def change(frame: LandmarkFrame) -> LandmarkFrame:
        xy = frame.xy_px.copy()
        hip = xy[_LEG_L["hip"]].mean(axis=0)
        xy[_LEG_L["below"]] = hip + longer * (xy[_LEG_L["below"]] - hip)
        return replace(frame, xy_px=frozen_array(xy))

    return _frames(stream, period, change)


_INJECTORS: dict[Fault, Injector] = {
    FaultName.TORSO_JUMP: _torso_jump,
    FaultName.SIDES_EXCHANGED: _sides_exchanged,
    FaultName.LEGS_EXCHANGED: _legs_exchanged,
    FaultName.LANDMARK_OUTLIERS: _landmark_outliers,
    FaultName.LANDMARK_ASTRAY: _landmark_astray,
    FaultName.FROZEN_IMU: _frozen_imu,
    FaultName.SATURATED_IMU: _saturated_imu,
    FaultName.CLIPPED_IMU: _clipped_imu,
    FaultName.LATE_FRAMES: _late_frames,
    FaultName.DUPLICATES: _duplicates,
    FaultName.OUT_OF_ORDER: _out_of_order,
    FaultName.FUTURE_FRAMES: _future_frames,
    FaultName.IMU_CLOCK_AHEAD: _imu_clock_ahead,
    FaultName.SECOND_PERSON: _second_person,
    FaultName.MIRRORED: _mirrored,
    FaultName.SEGMENT_LENGTH: _segment_length,
    Staying.MIRRORED_ON: _mirrored,
    Staying.SIDES_STAY_EXCHANGED: _sides_exchanged,
    Staying.SECOND_PERSON_STAYS: _second_person,
    Staying.IMU_SLIPPED: _imu_slipped,
}
