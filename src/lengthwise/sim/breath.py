"""Breathing of simulated people at rest, breath by breath, with the variation of real ones.

Each breath has its own duration and depth; a breath out ends in a pause; now and then comes a sigh.
Held breaths stop the chest where it is. What comes out is how far the chest is out, 0 at rest and 1
at the usual end of a breath in, and when the breath was held: the truth that an estimate is judged
by. Figures stand in `constants_data/sim.toml`.
"""

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np

from lengthwise.reference.constants import constant
from lengthwise.sim.draws import Stream, generator

_RATE_HZ, _RATE_SD_HZ = constant("sim", "breathing_hz"), constant("sim", "breathing_people_sd_hz")
_DURATION_CV = constant("sim", "breath_duration_cv")
_DEPTH_CV = constant("sim", "breath_depth_cv")
_SIGHS_HZ, _SIGH_DEPTH = constant("sim", "sighs_hz"), constant("sim", "sigh_depth_ratio")
_IN, _OUT = 0.4, 0.45
"""Shares of a breath in which the chest goes out and comes back; the rest is a pause."""
RIB_TURN_RAD = constant("sim", "rib_turn_rad")
SHOULDER_RISE_M = constant("sim", "shoulder_rise_m")


@dataclass(frozen=True)
class Breathed:
    """`chest` (n,) 0..1 and more, `held` (n,) bool at times (n,) `t_s`; `begins_s` (k,) when each
    breath began."""

    t_s: np.ndarray
    chest: np.ndarray
    held: np.ndarray
    begins_s: np.ndarray


def breathed(
    seed: int,
    *,
    duration_s: float,
    rate_hz: float,
    every_s: float | None = None,
    held_s: tuple[float, float] = (12.0, 25.0),
    paced_hz: float | None = None,
) -> Breathed:
    """A person of this seed. `every_s`: a breath is held about so often, for `held_s` from .. to;
    None: never. `paced_hz`: follows a pacer, with a tenth of the variation."""
    rng = generator(seed, Stream.BREATH)
    usual_s = 1.0 / (paced_hz or max(_RATE_HZ + _RATE_SD_HZ * rng.standard_normal(), 0.12))
    vary = 0.1 if paced_hz else 1.0
    t_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    chest, held = np.zeros(len(t_s)), np.zeros(len(t_s), dtype=bool)
    now_s, next_hold_s = 0.0, _next(rng, every_s, 0.0)
    begins_s: list[float] = []
    while now_s < duration_s:
        begins_s.append(now_s)
        long_s = usual_s * _about_one(rng, vary * _DURATION_CV)
        deep = _about_one(rng, vary * _DEPTH_CV)
        if not paced_hz and rng.random() < _SIGHS_HZ * long_s:
            deep *= _SIGH_DEPTH
        holds_at = rng.uniform(0.0, 1.0) if now_s >= next_hold_s else None
        stays_s = float(rng.uniform(*held_s)) if holds_at is not None else 0.0
        at = (t_s >= now_s) & (t_s < now_s + long_s + stays_s)
        within_s = t_s[at] - now_s
        stopped_s = long_s * (1.0 if holds_at is None else holds_at)
        held[at] = (within_s >= stopped_s) & (within_s < stopped_s + stays_s)
        done = np.where(within_s < stopped_s, within_s, np.maximum(within_s - stays_s, stopped_s))
        chest[at] = deep * _shape(done / long_s)
        now_s += long_s + stays_s
        if holds_at is not None:
            next_hold_s = _next(rng, every_s, now_s)
    return Breathed(t_s, chest, held, np.array(begins_s))


def _shape(done: np.ndarray) -> np.ndarray:
    """Out and back of one breath, smooth; 0 during the pause."""
    out = np.clip(done / _IN, 0.0, 1.0)
    back = np.clip((done - _IN) / _OUT, 0.0, 1.0)
    return np.asarray(0.5 * (np.cos(np.pi * back) - np.cos(np.pi * out)))


def _about_one(rng: np.random.Generator, cv: float) -> float:
    """Log-normal with mean 1 and this coefficient of variation."""
    sigma = sqrt(log(1.0 + cv**2))
    return exp(sigma * float(rng.standard_normal()) - 0.5 * sigma**2)


def _next(rng: np.random.Generator, every_s: float | None, now_s: float) -> float:
    if every_s is None:
        return float("inf")
    return now_s + every_s * float(rng.uniform(0.6, 1.4))


def worn(
    seed: int,
    chest: np.ndarray,
    *,
    rate_hz: float,
    turn_rad: float = RIB_TURN_RAD,
    sway_rad: float = 0.0,
    moves_every_s: float | None = None,
) -> np.ndarray:
    """(n, 3) what an accelerometer on the ribs reads, in m/s2, worn any way round.

    `turn_rad` of the rib for `chest` 1; `sway_rad` sd of a slow sway of the trunk about two axes;
    `moves_every_s`: the person takes another posture so often, up to 20 degrees away, in which
    ribs turn by 0.4 to 1.2 times as much, about an axis up to 45 degrees away; None: never.
    """
    rng = generator(seed, Stream.BREATH, part=1)
    t_s = np.arange(len(chest)) / rate_hz
    turn = np.zeros((len(chest), 2))
    for axis in range(2):
        for _ in range(12):
            wave = 2 * np.pi * rng.uniform(0.02, 0.3) * t_s + rng.uniform(0.0, 2 * np.pi)
            turn[:, axis] += sway_rad * sqrt(2 / 12) * np.sin(wave)
    way, share = np.full(len(chest), rng.uniform(0.0, 2 * np.pi)), np.ones(len(chest))
    lean = np.zeros((len(chest), 2))
    if moves_every_s is not None:
        way, share, lean = _postures(rng, way, t_s, moves_every_s)
    turn += (turn_rad * share * chest)[:, None] * np.stack([np.cos(way), np.sin(way)], axis=1)
    turn += lean
    up = np.stack([np.sin(turn[:, 0]), np.sin(turn[:, 1]), np.ones(len(chest))], axis=1)
    up[:, 2] = np.sqrt(np.maximum(1.0 - (up[:, :2] ** 2).sum(axis=1), 0.0))
    mount, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    noise = constant("sim", "imu_acc_noise_m_s2") * rng.standard_normal((len(chest), 3))
    return np.asarray(9.81 * up @ mount.T + noise)


_MOVING_S = 2.0
_LEANS_RAD, _AXIS_TURNS_RAD = 0.35, 0.785


def _postures(
    rng: np.random.Generator, way: np.ndarray, t_s: np.ndarray, every_s: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Axis of the ribs (n,), their share (n,) and lean (n, 2) of one posture after another."""
    at = np.arange(0.0, float(t_s[-1]) + every_s, every_s)
    between = np.repeat(at, 2)[1:]
    between[1::2] += _MOVING_S

    def one_after_another(values: np.ndarray) -> np.ndarray:
        return np.asarray(np.interp(t_s, between, np.repeat(values, 2)[:-1]))

    turned = rng.uniform(-_AXIS_TURNS_RAD, _AXIS_TURNS_RAD, len(at))
    leans = rng.uniform(-_LEANS_RAD, _LEANS_RAD, (2, len(at)))
    lean = np.stack([one_after_another(values) for values in leans], axis=1)
    share = one_after_another(rng.uniform(0.4, 1.2, len(at)))
    return way + one_after_another(turned), share, lean
