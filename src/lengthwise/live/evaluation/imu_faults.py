"""What goes wrong with inertial sensors: always with one of those that are worn."""

import numpy as np
from msgspec.structs import replace
from scipy.spatial.transform import Rotation

from lengthwise.contracts.observation import ImuSample, Observation
from lengthwise.live.evaluation.fault_stream import Period, Stream, one_segment, samples, without

_FULL_SCALE_M_S2, _FULL_SCALE_RAD_S = 16 * 9.81, 2000.0 * np.pi / 180.0
_SMALL_SCALE_M_S2, _SMALL_SCALE_RAD_S = 4 * 9.81, np.radians(500.0)
_SLIPPED_RAD, _FROZEN_BEFORE_S, _SLIDES_S = np.radians(20.0), 1.0, 0.5
_CLOCK_AHEAD_S = (0.3, 20.0)
_LOST = 0.5


def _triple(v: np.ndarray) -> tuple[float, float, float]:
    return float(v[0]), float(v[1]), float(v[2])


def frozen_imu(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One sensor repeats its last reading under new times."""
    segment, last = one_segment(stream, rng), None
    out: Stream = []
    for o in stream:
        if isinstance(o, ImuSample) and o.segment is segment:
            if last is not None and period.holds(o):
                out.append(replace(last, t_s=o.t_s))
                continue
            last = o
        out.append(o)
    return out


def saturated_imu(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One sensor is struck: its readings stand at the ends of its range, sign by sign."""

    def struck(o: ImuSample) -> ImuSample:
        acc = _FULL_SCALE_M_S2 * rng.choice([-1.0, 1.0], 3)
        gyr = _FULL_SCALE_RAD_S * rng.choice([-1.0, 1.0], 3)
        return replace(o, acc_m_s2=_triple(acc), gyr_rad_s=_triple(gyr))

    return samples(stream, period, one_segment(stream, rng), struck)


def clipped_imu(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One axis of a sensor with a small range stands at its end while the others go on."""
    axis = int(rng.integers(3))

    def clipped(o: ImuSample) -> ImuSample:
        acc, gyr = np.array(o.acc_m_s2), np.array(o.gyr_rad_s)
        acc[axis], gyr[axis] = _SMALL_SCALE_M_S2, _SMALL_SCALE_RAD_S
        return replace(o, acc_m_s2=_triple(acc), gyr_rad_s=_triple(gyr))

    return samples(stream, period, one_segment(stream, rng), clipped)


def imu_clock_ahead(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One sensor's clock jumps ahead, then is right again."""
    ahead_s = float(np.exp(rng.uniform(*np.log(_CLOCK_AHEAD_S))))
    return samples(
        stream, period, one_segment(stream, rng), lambda o: replace(o, t_s=o.t_s + ahead_s)
    )


def imu_slipped(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One sensor falls silent, repeating itself, and is turned when it comes back."""
    segment, axis = one_segment(stream, rng), rng.normal(size=3)
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


def imu_slides(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One sensor turns on the body within half a second, and its gyroscope feels it."""
    segment, axis = one_segment(stream, rng), rng.normal(size=3)
    axis = axis / np.linalg.norm(axis)

    def slid(o: ImuSample) -> ImuSample:
        share = min((o.t_s - period.from_s) / _SLIDES_S, 1.0)
        turn = Rotation.from_rotvec(share * _SLIPPED_RAD * axis).as_matrix()
        # v in the turned sensor is turn v: the sensor itself turns the other way.
        own = -axis * _SLIPPED_RAD / _SLIDES_S if share < 1.0 else np.zeros(3)
        acc, gyr = turn @ np.array(o.acc_m_s2), turn @ np.array(o.gyr_rad_s) + own
        return replace(o, acc_m_s2=_triple(acc), gyr_rad_s=_triple(gyr))

    return samples(stream, period, segment, slid)


def samples_no_numbers(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One sensor reports what is no number every other time."""

    def none(o: ImuSample) -> ImuSample:
        return replace(o, acc_m_s2=(np.nan, 0.0, 0.0)) if rng.random() < _LOST else o

    return samples(stream, period, one_segment(stream, rng), none)


def samples_lost(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """Every other sample of one sensor never arrives, at random."""
    segment = one_segment(stream, rng)

    def lost(o: Observation) -> bool:
        return isinstance(o, ImuSample) and o.segment is segment and bool(rng.random() < _LOST)

    return without(stream, period, lost)


def imu_silent(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """No sample of one sensor arrives."""
    segment = one_segment(stream, rng)
    return without(stream, period, lambda o: isinstance(o, ImuSample) and o.segment is segment)
