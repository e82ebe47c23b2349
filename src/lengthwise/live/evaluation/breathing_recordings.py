"""What breathing tells of recordings, as far as there are any.

A belt played as a rib, worn sensors, sensors that nobody wears, landmarks of a person who moves.
"""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import numpy as np
from msgspec import Struct

from lengthwise.body import breathing
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import ImuSample, Observation, Segment
from lengthwise.live.evaluation.keraal_take import read_take
from lengthwise.live.evaluation.recordings import OPENSENSE, QMT
from lengthwise.reference.constants import constant
from lengthwise.sensing.driver import OpenOptions, open_recording
from lengthwise.sim.breath import RIB_TURN_RAD, worn

_ALARM_S = constant("coach", "breath_held_s")
LATE_S = 2.0
"""An alarm this long after a held breath has ended still belongs to it: the chest has to have gone
a quarter of its way before anything can tell that it goes."""
_BELT = Path("physiology/biosppy/resp.txt")
_BELT_HZ, BELT_PER_MIN = 1000, 16.0
_BELT_SPREAD_RAD = RIB_TURN_RAD
_SPLICES_S = (18.0, 22.0, 26.0, 31.0, 36.0, 40.0, 45.0, 50.0)
_SPLICED_S = 15.0
_NOBODY = (
    "imu/broad/01_undisturbed_slow_rotation_A.npz",
    "imu/broad/10_undisturbed_slow_translation_A.npz",
    "imu/vqf_example/imu_data.npz",
)
_SITTING_S, PART = (14.0, 38.0), "sits still"
"""Part of the recording that is heard whole, too."""
SEED = 9000
"""First seed of the simulated people; the limits were chosen on others."""
RATE_HZ = 20.0
_TOLD_S = 0.25


class Told(Struct, frozen=True):
    """What was told, every quarter of a second: rate, its sd and the seconds held (nan: not)."""

    t_s: list[float]
    per_min: list[float]
    sd: list[float]
    held_s: list[float]

    @property
    def known(self) -> float:
        told = np.isfinite(self.per_min) | np.isfinite(self.held_s)
        return float(told.mean()) if len(told) else 0.0

    def alarms_s(self) -> list[float]:
        """When a held breath was first told above the coach's limit."""
        above = np.nan_to_num(np.array(self.held_s)) > _ALARM_S
        return np.array(self.t_s)[above & ~np.r_[False, above[:-1]]].tolist() if len(above) else []

    def usual_per_min(self) -> float | None:
        rates = np.array(self.per_min)
        rates = rates[np.isfinite(rates)]
        return float(np.median(rates)) if len(rates) else None


def listen(observations: Iterable[Observation]) -> Told:
    """What breathing tells, all along."""
    limits, state = breathing.published_limits(), breathing.start()
    told, next_s = Told([], [], [], []), None
    for o in observations:
        state = breathing.step(limits, state, o)
        next_s = o.t_s if next_s is None else next_s
        if o.t_s < next_s:
            continue
        next_s += _TOLD_S
        breath = breathing.told(limits, state, o.t_s)
        told.t_s.append(o.t_s)
        told.per_min.append(breath.per_min.mean if breath.per_min else np.nan)
        told.sd.append(breath.per_min.sd if breath.per_min else np.nan)
        told.held_s.append(np.nan if breath.held_s is None else breath.held_s)
    return told


class Row(Struct, frozen=True):
    what: str
    sensor: str
    seconds: float
    told: Told
    reference: float | None = None
    held_from_s: float | None = None
    breathes: bool = True

    def false(self) -> int:
        return sum(not self._within(at) for at in self.told.alarms_s())

    def found(self) -> bool | None:
        if self.held_from_s is None:
            return None
        return any(self._within(at) for at in self.told.alarms_s())

    def _within(self, at_s: float) -> bool:
        if self.held_from_s is None:
            return False
        return self.held_from_s <= at_s <= self.held_from_s + _SPLICED_S + LATE_S


def recorded(data: Path) -> list[Row]:
    takes = sorted((data / "keraal/blazepose").glob("*.json"))
    needed = [data / QMT, data / OPENSENSE, data / _BELT, *(data / name for name in _NOBODY)]
    if not takes or not all(part.exists() for part in needed):
        raise InputError(
            "recordings to hear breathing in",
            value=data,
            allowed="a folder that holds imu, keraal and physiology",
            remedy="give it with --data",
        )
    rows = _belt(data / _BELT)
    rows += _worn(data / QMT, PART, _SITTING_S)
    rows += _worn(data / QMT, "stands, sits, walks", None)
    rows += _worn(data / OPENSENSE, "walks", None)
    for name in _NOBODY:
        with np.load(data / name) as file:
            acc = np.asarray(file["imu_acc" if "imu_acc" in file else "acc"], dtype=float)
            rate_hz = float(file["sampling_rate"])
        told = listen(samples(acc, rate_hz))
        rows.append(
            Row("worn by nobody", Path(name).stem, len(acc) / rate_hz, told, None, None, False)
        )
    seconds, together = 0.0, Told([], [], [], [])
    for take in takes:
        frames = read_take(take)
        seconds += frames[-1].t_s
        told = listen(frames)
        together.t_s.extend(told.t_s)
        together.per_min.extend(told.per_min)
        together.sd.extend(told.sd)
        together.held_s.extend(told.held_s)
    rows.append(Row(f"sits and moves, {len(takes)} takes", "camera", seconds, together))
    return rows


def _belt(path: Path) -> list[Row]:
    """A real waveform as the turn of a rib, and the same with its latest value held 15 s."""
    counts = np.loadtxt(path, comments="#")
    every = round(_BELT_HZ / RATE_HZ)
    belt = counts[: len(counts) // every * every].reshape(-1, every).mean(axis=1)
    spread = float(np.percentile(belt, 90) - np.percentile(belt, 10))
    chest = (belt - np.median(belt)) / spread
    rows = []
    for n, at_s in enumerate((None, *_SPLICES_S)):
        cut = len(chest) if at_s is None else round(at_s * RATE_HZ)
        held = np.full(0 if at_s is None else round(_SPLICED_S * RATE_HZ), chest[cut - 1])
        played = np.concatenate([chest[:cut], held, chest[cut:]])
        acc = worn(SEED + n, played, rate_hz=RATE_HZ, turn_rad=_BELT_SPREAD_RAD)
        what = (
            "a belt's waveform" if at_s is None else f"the same, stopped at {at_s:.0f} s for 15 s"
        )
        told = listen(samples(acc, RATE_HZ))
        rate = BELT_PER_MIN if at_s is None else None
        rows.append(Row(what, "played as a rib", len(played) / RATE_HZ, told, rate, at_s))
    return rows


def _worn(path: Path, what: str, span_s: tuple[float, float] | None) -> list[Row]:
    """A row for each worn sensor that may show a breath."""
    with closing(open_recording(path, OpenOptions())) as recording:
        samples = [o for o in recording.read() if isinstance(o, ImuSample)]
    rows = []
    for segment in (Segment.T12, Segment.THORAX):
        own = [
            s
            for s in samples
            if s.segment is segment and (span_s is None or span_s[0] <= s.t_s < span_s[1])
        ]
        if own:
            rows.append(Row(what, segment.value, own[-1].t_s - own[0].t_s, listen(own)))
    return rows


def samples(acc: np.ndarray, rate_hz: float) -> Iterable[ImuSample]:
    for n, (x, y, z) in enumerate(acc.tolist()):
        yield ImuSample(n / rate_hz, Segment.T12, (x, y, z))
