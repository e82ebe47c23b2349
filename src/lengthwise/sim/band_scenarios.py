"""Random sessions with a band in which one thing goes wrong, and what is asked of each.

The judge sees only what truly was: forces, the carriage, what was commanded and when things came.
It does not ask the controller or the device why they did something.
"""

from dataclasses import dataclass
from math import pi

import numpy as np

from lengthwise.band.signals import LOADED
from lengthwise.reference.constants import constant
from lengthwise.sim.band_moving import Happening, moving
from lengthwise.sim.band_run import DT_S, START_S, Amiss, Run, Setup, Trace
from lengthwise.sim.band_tissue import constant_range, some_tissue

DEVICE = ("grip", "crc_down", "cell_nan", "cell_stuck", "runs_away")
HOST = ("stop", "clock_back", "crc_up")
LINKS = ("link", "silent", "readings_stop", "slow_link")
EXTERNAL = ("jerk", "slip")
QUIET = ("nothing", "pose")
KINDS = (*DEVICE, *HOST, *LINKS, *EXTERNAL, *QUIET)
BEGUN_S, STALE_BEGUN_S = 0.2, 0.45
_UNLOAD_N_S, _LEAST_N_S = constant("band", "unload_n_s"), constant("band", "least_unload_n_s")
_JERK_N_S, _JERK_S = constant("band", "jerk_n_s"), constant("band", "jerk_over_s")
_STUCK_S, _STUCK_M = constant("band", "stuck_s"), constant("band", "stuck_m")
_SPEED_M_S = constant("band", "over_speed_m_s")
_FUSE = constant("band", "fuse_ratio")
_NOISE_N = 1.0
"""Room for the noise of the load cell in what the device can tell: 6 sd and more."""
_SECONDS = 60.0
_POSE_N_S = 5.0


@dataclass(frozen=True)
class Judged:
    """`late_s`: from when the cause could be told until the carriage paid out for good; None where
    none was asked for; `allowed_s`. `over_n`, `over_s`: how far and how long the true force stood
    above the cap. `paid_out`: the fastest, over the steady speed. `fell_n_s`: the fastest fall of
    the true force in the release, less what breathing does; `fell_mean_n_s`: its mean until half of
    it was gone. `resumed`: it pulled again. `false_release`: nothing was wrong. `host_s`: the
    controller's own command after its cause, None where the device alone could tell."""

    kind: str
    latency_s: float
    commanded_over_n: float
    over_n: float
    over_s: float
    external: bool
    late_s: float | None
    allowed_s: float
    paid_out: float
    fell_n_s: float | None
    fell_mean_n_s: float | None
    resumed: bool
    false_release: bool
    host_s: float | None

    @property
    def too_late(self) -> bool:
        """Times lie on the grid of the steps: what differs from the limit by rounding alone is not
        beyond it."""
        return self.late_s is not None and self.late_s > self.allowed_s + 1e-6


def draw(seed: int) -> tuple[Setup, Amiss, np.random.Generator]:
    chance = np.random.default_rng((65, seed))
    kind = KINDS[seed % len(KINDS)]
    target_n = float(chance.uniform(20.0, 110.0))
    latency_s = float(chance.uniform(0.02, 0.2))
    spring_n_m = float(chance.uniform(200.0, 800.0))
    ramp_s = target_n / constant("band", "ramp_n_s")
    at_s = START_S + float(chance.uniform(1.0, ramp_s + 4.0))
    happenings = _happenings(kind, at_s, spring_n_m, chance)
    breath_hz = float(chance.uniform(*constant_range("breath_hz")))
    setup = Setup(
        target_n,
        seconds=5.0 if kind in QUIET else 14.0,
        latency_s=latency_s,
        tissue=some_tissue(chance),
        moving=moving(
            chance,
            seconds=_SECONDS,
            dt_s=DT_S,
            breath_m=float(chance.uniform(*constant_range("breath_m"))),
            breath_hz=breath_hz,
            happenings=happenings,
        ),
        spring_n_m=spring_n_m,
        jitter_ratio=float(chance.uniform(0.0, 0.5)),
        loss_ratio=float(chance.uniform(0.0, 0.1)),
    )
    return setup, Amiss(kind, float("inf") if kind == "nothing" else at_s), chance


def _happenings(
    kind: str, at_s: float, spring_n_m: float, chance: np.random.Generator
) -> tuple[Happening, ...]:
    if kind == "jerk":
        way_m, over_s = chance.uniform(0.005, 0.04), chance.uniform(0.03, 0.15)
        return (Happening(at_s, float(way_m), float(over_s), back=bool(chance.random() < 0.7)),)
    if kind == "slip":
        way_m, over_s = chance.uniform(0.01, 0.06), chance.uniform(0.02, 0.1)
        return (Happening(at_s, -float(way_m), float(over_s), back=bool(chance.random() < 0.3)),)
    if kind == "pose":
        way_m = float(chance.uniform(-0.06, 0.06))
        # Half a cosine is fastest in its middle, by pi / 2.
        over_s = max(2.0, 0.5 * pi * abs(way_m) * spring_n_m / _POSE_N_S)
        return (Happening(at_s, way_m, over_s),)
    return ()


def judge(seed: int) -> Judged:
    setup, amiss, chance = draw(seed)
    run = Run(setup, chance, amiss)
    return judged(setup, amiss, run.run())


def judged(setup: Setup, amiss: Amiss, trace: Trace) -> Judged:
    force_n = np.asarray(trace.force_n)
    over = force_n > trace.cap_n
    detected_s, allowed_s = _detectable(amiss, trace)
    released_i = _released(trace)
    begun_i = None if detected_s is None else _begun(trace, detected_s)
    late_s = None
    if detected_s is not None:
        late_s = float("inf") if begun_i is None else max(begun_i * DT_S - detected_s, 0.0)
    falls: tuple[float | None, float | None] = (None, None)
    if released_i is not None and amiss.kind not in EXTERNAL:
        falls = _falls(setup, trace, released_i)
    return Judged(
        amiss.kind,
        setup.latency_s,
        commanded_over_n=max(c.force_n for _, c, _ in trace.ticks) - trace.cap_n,
        over_n=float(np.max(force_n - trace.cap_n, initial=0.0)),
        over_s=float(np.count_nonzero(over) * DT_S),
        external=amiss.kind in EXTERNAL,
        late_s=late_s,
        allowed_s=allowed_s,
        paid_out=max(trace.paying_out),
        fell_n_s=falls[0],
        fell_mean_n_s=falls[1],
        resumed=_resumed(trace),
        false_release=detected_s is None and released_i is not None and amiss.kind in QUIET,
        host_s=_host(amiss, trace),
    )


def _detectable(amiss: Amiss, trace: Trace) -> tuple[float | None, float]:
    """When it could first be told that something is wrong, and how long a release may take."""
    kind, at_s = amiss.kind, amiss.at_s
    found: list[tuple[float, float]] = []
    if kind in ("grip", "cell_nan", "stop", "clock_back"):
        found.append((at_s, BEGUN_S))
    if kind == "crc_up" and trace.broken_readings_s:
        found.append((trace.broken_readings_s[0], BEGUN_S))
    if kind == "crc_down" and trace.broken_set_points_s:
        found.append((trace.broken_set_points_s[0], BEGUN_S))
    if kind in ("link", "silent") and trace.set_points_s:
        found.append((trace.set_points_s[-1], BEGUN_S))
    if kind in ("readings_stop", "slow_link"):
        found.append((max(s for s in trace.readings_s if s < at_s), STALE_BEGUN_S))
    told = _told_by_numbers(amiss, trace)
    if told is not None:
        found.append((told, BEGUN_S))
    return min(found, key=sum) if found else (None, BEGUN_S)


def _told_by_numbers(amiss: Amiss, trace: Trace) -> float | None:
    """Force above the fuse, a jerk, a carriage that runs, a load cell that stays the same."""
    force_n, stroke_m = np.asarray(trace.force_n), np.asarray(trace.stroke_m)
    t_s = np.asarray(trace.t_s)
    back = round(_JERK_S / DT_S)
    wrong = force_n > _FUSE * trace.cap_n + _NOISE_N
    wrong[back:] |= np.abs(force_n[back:] - force_n[:-back]) > _JERK_N_S * _JERK_S + _NOISE_N
    wrong[1:] |= np.diff(stroke_m) / DT_S > _SPEED_M_S
    if amiss.kind == "cell_stuck":
        here = min(int(amiss.at_s / DT_S), len(t_s) - 1)
        after = t_s > amiss.at_s + _STUCK_S + 2 * DT_S
        wrong |= after & (np.abs(stroke_m - stroke_m[here]) > _STUCK_M)
    first = np.flatnonzero(wrong)
    return float(t_s[first[0]]) if len(first) else None


def _released(trace: Trace) -> int | None:
    """The first step at which the band was on its way to slack for good."""
    if trace.phase[-1] in LOADED and trace.unloads[-1] is None:
        return None
    return _begun(trace, START_S + 0.5)


def _begun(trace: Trace, from_s: float) -> int | None:
    """The first step since when the carriage pays out until it is slack, or to the end."""
    out = np.asarray(trace.paying_out) >= 0.1
    slack = np.asarray(trace.stroke_m) <= 1e-6
    goes = np.flatnonzero(~(out | slack))
    first = int(goes[-1]) + 1 if len(goes) else 0
    if first >= len(out) or len(out) - first < 0.2 / DT_S:
        return None
    start = int(np.ceil(from_s / DT_S - 1e-9))
    return max(first, start)


def _falls(setup: Setup, trace: Trace, begun: int) -> tuple[float | None, float | None]:
    force_n = np.asarray(trace.force_n)[begun:]
    quarter = round(0.25 / DT_S)
    if len(force_n) <= 2 * quarter or force_n[0] < 5.0:
        return None, None
    breath_n_s = 2.0 * pi * setup.moving.breath_hz * setup.moving.breath_m * setup.spring_n_m
    falls = (force_n[:-quarter] - force_n[quarter:]) / (quarter * DT_S)
    half = np.flatnonzero(force_n <= 0.5 * force_n[0])
    mean = None
    if len(half) and half[0] * DT_S >= 0.5:
        mean = float((force_n[0] - force_n[half[0]]) / (half[0] * DT_S))
    return float(falls.max() - breath_n_s), mean


def _resumed(trace: Trace) -> bool:
    """Whether anything was commanded again after the first release."""
    pulling = [i for i, phase in enumerate(trace.phase) if phase in LOADED]
    return bool(pulling) and len(pulling) != pulling[-1] - pulling[0] + 1


def _host(amiss: Amiss, trace: Trace) -> float | None:
    """From when it happened until the controller commanded a release, by itself."""
    if amiss.kind not in ("grip", "crc_up", "cell_nan", "stop", "clock_back", "readings_stop"):
        return None
    after = [t_s for t_s, c, _ in trace.ticks if t_s >= amiss.at_s and c.force_n == 0.0]
    return after[0] - amiss.at_s if after else None
