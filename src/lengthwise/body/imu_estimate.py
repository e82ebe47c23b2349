"""Inertial sensors between emissions: samples taken in, orientations advanced, axes set."""

from math import acos, exp, hypot, isfinite, radians, sqrt

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import imu_waves
from lengthwise.body.gates import SampleMemory, imu_rejection, is_large, sample_values
from lengthwise.body.imu_felt import (
    curved_sd_rad,
    moved_sd_rad,
    steady_sd_rad,
    swung_sd_rad,
)
from lengthwise.body.imu_geometry import (
    FELT_AT_MOST_S,
    LARGEST_GAP_S,
    Orientation,
    SegmentAxes,
    advance,
    segment_axes,
    turned_to,
    up_in_segment,
    waves_up,
)
from lengthwise.body.imu_holes import Holes, Turned, heard_more
from lengthwise.body.segment_ups import level_axis
from lengthwise.body.zero_pose import Up
from lengthwise.contracts.observation import (
    ImuSample,
    ImuStream,
    Rejection,
    RejectionReason,
)
from lengthwise.reference.constants import constant

_MOST_WAITING = 32
_SETTLES_S = constant("body", "imu_settles_s")
_FELT_SD_RAD = constant("body", "imu_felt_sd_rad")
_FELT_OVER_S = constant("body", "imu_felt_over_s")
_MOVED_S = constant("body", "imu_felt_moved_s")
_MOVED_SD_RAD = radians(constant("body", "imu_felt_moved_sd_deg"))
_ROUGH_SD_RAD = radians(constant("body", "imu_rough_sd_deg"))
_WAVES_S = constant("body", "imu_waves_least_s")
_WAVES_MOST_S = constant("body", "imu_waves_lags_s")
_WHITE_SD_RAD = radians(constant("body", "imu_white_sd_deg"))
_ROUGH_TAU_S = constant("body", "imu_rough_tau_s")
_SAMPLES_MISSED = 3.0
_EARLY_KEPT, _EARLY_MOST = 0.9, 3.0
"""Forgotten slowly, as a clock that is a little fast would add up."""
_ASTRAY = (RejectionReason.SATURATED, RejectionReason.FROZEN)
"""How the sensor turned meanwhile is not known: its orientation begins anew."""


class ImuMemory(Struct, frozen=True):
    """One sensor. `waiting`: samples not yet in the orientation; `axes`: set by the zero pose;
    `early`: by how many periods samples have come too early of late; `sure_s`: since when the
    orientation lasts that is read without reserve; `late_s`: up to when what the sensor felt was
    told too late to be of now; `holes` in what was heard."""

    last: SampleMemory = SampleMemory()
    waiting: tuple[ImuSample, ...] = ()
    orientation: Orientation = Orientation()
    read_s: float | None = None
    axes: SegmentAxes | None = None
    early: float = 0.0
    sure_s: float | None = None
    late_s: float | None = None
    holes: Holes = Holes()

    @property
    def missed_rad2(self) -> float:
        """Variance of the orientation by samples that never came and were filled in."""
        return self.holes.rad2 + self.holes.open_rad2

    @property
    def heard_s(self) -> float | None:
        """Of when the orientation is; None where it is of a past that was told late."""
        now_s = self.orientation.t_s
        past = now_s is not None and self.late_s is not None and now_s <= self.late_s
        return None if past else now_s


def take(
    stream: ImuStream, memory: ImuMemory, sample: ImuSample, filter_s: float | None
) -> tuple[ImuMemory, Rejection | None]:
    """The memory after one sample, and what could not be used: it, or those lost before it.

    `filter_s`: time up to which the filter has been emitted.
    """
    last, reason = imu_rejection(memory.last, sample, filter_s)
    if reason is not None:
        kept = replace(memory, last=last)
        if reason is RejectionReason.FROZEN and _is_hiccup(last, sample):
            holes, made_up = _heard(memory.holes, sample, 0)
            kept = replace(kept, waiting=(*memory.waiting, made_up), holes=holes)
        elif reason in _ASTRAY:
            waves = imu_waves.begun_anew(memory.orientation.waves)
            anew = Orientation(waves=waves)
            kept = replace(kept, waiting=(), orientation=anew, holes=Holes())
        return kept, Rejection(sample.t_s, f"imu:{stream.segment.value}", reason)
    lost, early = _lost(stream, memory, sample)
    waiting = _filled_in(memory, sample, lost)
    holes, made_up = _heard(memory.holes, sample, lost)
    taken = ImuMemory(
        last,
        (*waiting, made_up),
        memory.orientation,
        memory.read_s,
        memory.axes,
        early,
        memory.sure_s,
        memory.late_s,
        holes,
    )
    if len(taken.waiting) >= _MOST_WAITING:
        taken = settle(stream, taken)
    if not lost:
        return taken, None
    source = f"imu:{stream.segment.value}"
    return taken, Rejection(sample.t_s, source, RejectionReason.LOST, f"{lost} samples before")


def take_late(
    stream: ImuStream, memory: ImuMemory, sample: ImuSample
) -> tuple[ImuMemory, Rejection | None]:
    """The memory after one sample that tells of the past: its sensor kept it while it was not
    heard. The orientation goes through it as through any other, and is not read before a sample
    that came in time follows."""
    taken, rejection = take(stream, memory, sample, None)
    if taken.last is memory.last:
        return memory, rejection
    return replace(taken, late_s=sample.t_s), rejection


def _is_hiccup(last: SampleMemory, sample: ImuSample) -> bool:
    """Whether readings repeat for so short a time that a body turns little meanwhile.

    A radio that fills in what it lost repeats itself, quick sensors more often in the same time. It
    waits like a gap: should other readings follow soon, it was one; should none, it was a sensor
    that froze. Large ones are left to be the end of a scale.
    """
    begun_s = last.certain_s
    soon = begun_s is not None and sample.t_s - begun_s <= LARGEST_GAP_S
    return soon and not is_large(sample_values(sample))


def _lost(stream: ImuStream, memory: ImuMemory, sample: ImuSample) -> tuple[int, float]:
    """How many samples were lost before this one, and how early samples come of late (`early`).

    Times of arrival jitter: a sample that follows too late on one that came too early is no loss.
    """
    last_s = memory.last.t_s
    if last_s is None or not _has_rate(stream):
        return 0, 0.0
    periods = (sample.t_s - last_s) * stream.rate_hz
    lost = max(round(periods - 1.0 - memory.early), 0)
    early = memory.early * _EARLY_KEPT + 1.0 + lost - periods
    return lost, min(max(early, 0.0), _EARLY_MOST)


def _filled_in(memory: ImuMemory, sample: ImuSample, lost: int) -> tuple[ImuSample, ...]:
    """What waits before a sample, with those that were lost before it filled in.

    The orientation filter counts samples, so each one lost would be a turn that is never made up
    for but by gravity, slowly. Over a gap in which a body turns little they lie on a straight line
    between their neighbours, and what that leaves out is made up for with the next one (`_heard`);
    after a longer one the orientation begins anew, and what waited is of no use.
    """
    last = memory.last
    if last.t_s is None:
        return memory.waiting
    gap_s = sample.t_s - last.t_s
    if gap_s > LARGEST_GAP_S:
        return ()
    if not lost or sample.gyr_rad_s is None:
        return memory.waiting
    if memory.orientation.filter is None and not memory.waiting:
        return ()
    before, after = np.array(last.values[:6]), np.array(sample_values(sample)[:6])
    filled = []
    for k in range(1, lost + 1):
        share = k / (lost + 1)
        ax, ay, az, gx, gy, gz = (before + share * (after - before)).tolist()
        filled.append(
            ImuSample(last.t_s + share * gap_s, sample.segment, (ax, ay, az), (gx, gy, gz))
        )
    return (*memory.waiting, *filled)


def _heard(holes: Holes, sample: ImuSample, lost: int) -> tuple[Holes, ImuSample]:
    """The holes after a sample, and the sample with what the line over the one before left out."""
    if sample.gyr_rad_s is None:
        return Holes(), sample
    holes, more = heard_more(holes, Turned(sample.t_s, sample.gyr_rad_s, lost))
    if more is None:
        return holes, sample
    (x, y, z), (p, q, r) = sample.gyr_rad_s, more
    return holes, replace(sample, gyr_rad_s=(x + p, y + q, z + r))


def _has_rate(stream: ImuStream) -> bool:
    return isfinite(stream.rate_hz) and stream.rate_hz > 0.0


def settle(stream: ImuStream, memory: ImuMemory) -> ImuMemory:
    """The waiting samples worked into the orientation, but for those still in doubt.

    Two samples at the end of a scale of 500 deg/s turn the orientation by 17 degrees before the
    third gives them away.
    """
    certain, until_s = len(memory.waiting), memory.last.certain_s
    if until_s is not None:
        certain = sum(sample.t_s <= until_s for sample in memory.waiting)
    if not certain:
        return memory
    return ImuMemory(
        memory.last,
        memory.waiting[certain:],
        advance(stream, memory.orientation, memory.waiting[:certain]),
        memory.read_s,
        memory.axes,
        memory.early,
        memory.sure_s,
        memory.late_s,
        memory.holes,
    )


def fresh_up(memory: ImuMemory) -> Up | None:
    """Up in sensor axes if it has not been read before.

    After an interruption it is read once the orientation has had a moment to settle: the first
    sample alone says where up is only as far as the body is not accelerated.
    """
    now = memory.orientation
    sure = _is_sure(memory) and not _by_missed_rad(memory)
    return now.up if sure and _is_fresh(memory) else None


def rough_up(memory: ImuMemory) -> tuple[Up, float] | None:
    """Up in sensor axes if it has not been read before and is not sure, with the sd of its
    direction (rad, both ways that it can be off together); None where that is too large."""
    now = memory.orientation
    if now.up is None or not _is_fresh(memory):
        return None
    if _is_sure(memory):
        sd_rad = _by_missed_rad(memory)
        return (now.up, sd_rad) if 0.0 < sd_rad <= _ROUGH_SD_RAD else None
    up, sd_rad = now.up, moved_sd_rad(now.felt)
    by_waves = waves_up(now) if _in_waves(now) else None
    if by_waves is not None:
        # Never surer than what the velocity since then shows by itself.
        swung_rad = max(by_waves[1], swung_sd_rad(now.felt))
        up, sd_rad = by_waves[0], hypot(swung_rad, curved_sd_rad(now.felt))
    return (up, sd_rad) if sd_rad <= _ROUGH_SD_RAD else None


def _by_missed_rad(memory: ImuMemory) -> float:
    """Sd of up by samples that never came; 0 where that is less than what up is doubted by
    anyway."""
    sd_rad = sqrt(memory.missed_rad2)
    return sd_rad if sd_rad > _WHITE_SD_RAD else 0.0


def _in_waves(now: Orientation) -> bool:
    """Whether most of a stride was felt since the orientation was begun anew, and not yet so much
    that the filter tells by itself, whose memory is longer."""
    return _WAVES_S <= (now.t_s or 0.0) - (now.since_s or 0.0) <= _WAVES_MOST_S


def rough_variance(memory: ImuMemory, sd_rad: float) -> float:
    """Of the error about each of two axes by which what is read now differs from what was read
    before: all of it at the first time, then as much as makes it another one in some time."""
    now = memory.orientation
    whole = 0.5 * sd_rad**2
    if now.t_s is None or now.since_s is None:
        return whole
    if memory.read_s is None or memory.read_s < now.since_s:
        return whole
    return whole * (1.0 - exp(-2.0 * (now.t_s - memory.read_s) / _ROUGH_TAU_S))


def _is_fresh(memory: ImuMemory) -> bool:
    now_s = memory.heard_s
    return now_s is not None and now_s != memory.read_s


def _is_sure(memory: ImuMemory) -> bool:
    now = memory.orientation
    if memory.read_s is None or now.since_s is None:
        return True
    return now.since_s == memory.sure_s or _settled(now)


def _settled(now: Orientation) -> bool:
    """Whether what a sensor felt since it was begun anew is gravity: long enough and steady."""
    since_s = (now.t_s or 0.0) - (now.since_s or 0.0)
    if since_s < _SETTLES_S:
        return False
    allowed_rad = _FELT_SD_RAD * min(since_s / _FELT_OVER_S, 1.0)
    if since_s >= FELT_AT_MOST_S or steady_sd_rad(now.felt) <= allowed_rad:
        return True
    return since_s >= _MOVED_S and moved_sd_rad(now.felt) <= _MOVED_SD_RAD


def interrupted(stream: ImuStream, memory: ImuMemory) -> bool:
    """Whether the sensor was lost between the last time that up was read and now."""
    now_s, read_s = memory.orientation.t_s, memory.read_s
    if now_s is None or read_s is None:
        return False
    usual_s = _SAMPLES_MISSED / stream.rate_hz if _has_rate(stream) else 0.0
    return now_s - read_s > max(LARGEST_GAP_S, usual_s)


def turned_axes(memory: ImuMemory, up: Up, expected_up: np.ndarray) -> ImuMemory:
    """The memory with axes in which the sensor's up reads as `expected_up` (3,) of the segment."""
    assert memory.axes is not None
    return replace(memory, axes=turned_to(memory.axes, up, expected_up))


def mark_read(memory: ImuMemory) -> ImuMemory:
    now = memory.orientation
    sure_s = now.since_s if _is_sure(memory) else memory.sure_s
    return ImuMemory(
        memory.last,
        memory.waiting,
        now,
        now.t_s,
        memory.axes,
        memory.early,
        sure_s,
        memory.late_s,
        memory.holes,
    )


def set_axes(
    stream: ImuStream, memory: ImuMemory, up: Up | None, up_segment: np.ndarray
) -> ImuMemory:
    """The memory with the segment's axes found from the zero pose, where they can be.

    `up_segment` (3,) up in the axes of the segment there.
    """
    level = level_axis(stream, up_segment)
    if up is None or level is None:
        return memory
    return replace(memory, axes=segment_axes(up, *level, up_segment))


def seen_up(memory: ImuMemory, up: Up) -> np.ndarray | None:
    """(3,) up in the axes of the segment, None before the zero pose."""
    return None if memory.axes is None else up_in_segment(memory.axes, up)


def hang_rad(memory: ImuMemory, t_s: float) -> float | None:
    """Angle of a leg's segment against down at `t_s`; None where up in it is not surely known."""
    up_now, heard_s = memory.orientation.up, memory.heard_s
    if up_now is None or heard_s is None or not _is_sure(memory):
        return None
    up = seen_up(memory, up_now) if abs(t_s - heard_s) <= LARGEST_GAP_S else None
    return None if up is None else acos(max(-1.0, min(1.0, float(up[2]))))
