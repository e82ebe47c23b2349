"""How the filter's variables drift between observations, and what each channel should read.

Every variable follows an Ornstein-Uhlenbeck process about the declared start posture,

    x(t + dt) = f x(t) + w,   f = exp(-dt / tau),   var w = s^2 (1 - f^2),

so that an angle no sensor informs returns to that posture with the sd s of its prior instead of
growing without bound. Two sds depend on the state: those of the sagittal trunk widen with the
deviation from the start (a large measured change must not be drawn back), and the fast error of a
channel grows with the change that it reports (landmarks and skin do not follow bones exactly).
"""

from functools import lru_cache
from math import inf, radians

import numpy as np
from msgspec import Struct

from lengthwise.body.channels import Layout, layout
from lengthwise.body.kinematic_chain import (
    BASE,
    BEND,
    BODY_SIZE,
    COORDINATE_MAP,
    PITCH_WEIGHTS,
    RESIDUAL_FLEXION,
    RESIDUAL_ROTATION,
    RESIDUAL_SIDE_BEND,
    ROLL_WEIGHTS,
    VARIABLE,
    Plane,
)
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.observation import Posture, Stream, View
from lengthwise.reference.constants import constant

_FLOOR = frozenset({Posture.FOUR_POINT, Posture.SUPINE, Posture.PRONE, Posture.SIDE_LYING})
_LOOSE = frozenset({Posture.SITTING, Posture.FOUR_POINT, Posture.SIDE_LYING, Posture.UNKNOWN})
_WIDENING = constant("body", "widening_with_deviation_ratio")
_TAU_S = constant("body", "process_tau_s")
_FAR_RATIO = constant("body", "far_side_noise_ratio")
_HEADING_SD_RAD = radians(constant("body", "imu_heading_sd_deg"))
_SLIP_RAD2_PER_S = radians(constant("body", "imu_slip_deg_per_sqrt_min")) ** 2 / 60.0


SLOW_ERRORS = slice(BODY_SIZE + 1, None, 2)
"""Places of the channels' slow errors among the filter's variables."""


class Model(Struct, frozen=True, eq=False):
    """Everything about a session's filter that stays: arrays over n variables and m channels.

    `coordinates_rad` (21,) of the start posture; `tau_s` (n,), inf for a constant; `variance` (n,)
    stationary or, for a constant, at the start; `walk` (n,) variance a constant gains per second;
    `pitch` (m, 21) weights of the pitch of a channel's link; `level`, `bend`, `turn` (m, 21) of its
    reading; `gain` (m,); `growth2`, `leak2` (m,) squared shares of the reported change and of
    sin(pitch) that add to the fast error; `start_reading` (m,); `grows_from` (m,) the reading from
    which a change is counted: an inertial sensor's offset was learnt at the zero pose.
    """

    layout: Layout
    coordinates_rad: np.ndarray
    tau_s: np.ndarray
    variance: np.ndarray
    walk: np.ndarray
    pitch: np.ndarray
    level: np.ndarray
    bend: np.ndarray
    turn: np.ndarray
    gain: np.ndarray
    growth2: np.ndarray
    leak2: np.ndarray
    start_reading: np.ndarray
    grows_from: np.ndarray


def body_sds_rad(posture: Posture) -> np.ndarray:
    """(20,) stationary sds of the body's variables in one start posture."""

    def sd(name: str) -> float:
        return radians(constant("body", f"{name}_sd_deg"))

    loose = "_loose" if posture in _LOOSE else ""
    sds = np.zeros(BODY_SIZE)
    sds[BEND] = sd("trunk_bend_lying" if posture in _FLOOR else "trunk_bend")
    for coordinate in BASE:
        name = coordinate.value.removesuffix("_l").removesuffix("_r")
        widened = coordinate in (Coordinate.PELVIS_TILT, Coordinate.LUMBAR_FLEXION)
        sds[VARIABLE[coordinate]] = sd(name + loose if widened else name)
    sds[RESIDUAL_FLEXION] = sd("residual_flexion" + loose)
    sds[RESIDUAL_SIDE_BEND] = sd("residual_side_bend")
    sds[RESIDUAL_ROTATION] = sd("residual_rotation")
    return sds


def session_model(
    streams: tuple[Stream, ...],
    posture: Posture,
    coordinates_rad: np.ndarray,
    *,
    zero_declared: bool = False,
) -> Model:
    """The filter of a session from its streams and start posture (21,).

    `zero_declared`: the inertial sensors' zero pose is upright standing, not the start posture.
    """
    seen = layout(streams)
    n, m = seen.size, len(seen.channels)
    tau_s, variance, walk = np.full(n, _TAU_S), np.zeros(n), np.zeros(n)
    variance[:BODY_SIZE] = body_sds_rad(posture) ** 2
    weights = np.zeros((4, m, len(COORDINATES)))
    for i, channel in enumerate(seen.channels):
        source = "camera" if channel.imu is None else "imu"
        tau_s[seen.fast(i)] = constant("body", f"{source}_fast_tau_s")
        tau_s[seen.slow(i)] = constant("body", "camera_slow_tau_s") if source == "camera" else inf
        variance[seen.fast(i)] = channel.fast_sd_rad**2
        variance[seen.slow(i)] = channel.slow_sd_rad**2
        walk[seen.slow(i)] = 0.0 if source == "camera" else _SLIP_RAD2_PER_S
        weights[0, i] = PITCH_WEIGHTS[channel.link]
        if channel.plane is Plane.SAGITTAL:
            weights[1, i] = PITCH_WEIGHTS[channel.link]
        else:
            weights[1:, i] = ROLL_WEIGHTS[channel.link]
    bare = Model(
        layout=seen,
        coordinates_rad=np.array(coordinates_rad, dtype=float),
        tau_s=tau_s,
        variance=variance,
        walk=walk,
        pitch=weights[0],
        level=weights[1],
        bend=weights[2],
        turn=weights[3],
        gain=np.array([c.gain for c in seen.channels]),
        growth2=np.array([c.growth_ratio**2 + (c.gain_sd / c.gain) ** 2 for c in seen.channels]),
        leak2=np.array(
            [
                _HEADING_SD_RAD**2 if c.imu is not None and c.plane is Plane.FRONTAL else 0.0
                for c in seen.channels
            ]
        ),
        start_reading=np.zeros(m),
        grows_from=np.zeros(m),
    )
    bare.start_reading[:] = posture_readings(bare, bare.coordinates_rad)
    upright = np.array([zero_declared and c.imu is not None for c in seen.channels], dtype=bool)
    bare.grows_from[:] = np.where(upright, 0.0, bare.start_reading)
    return bare


class Readings(Struct, frozen=True, eq=False):
    """What each channel should read: `expected` (m,), `slope` (m, n), `pitch_rad` (m,) of links."""

    expected: np.ndarray
    slope: np.ndarray
    pitch_rad: np.ndarray


def posture_readings(model: Model, coordinates_rad: np.ndarray) -> np.ndarray:
    """(m,) what each channel reads in a posture given by its 21 coordinates."""
    weights, _ = _reading_weights(model, coordinates_rad)
    expected: np.ndarray = weights @ coordinates_rad
    return expected


def _reading_weights(model: Model, coordinates_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(m, 21) weights of the coordinates in each reading there, and (m,) pitch of the links."""
    pitch = model.pitch @ coordinates_rad
    weights = model.gain[:, None] * (
        model.level + np.cos(pitch)[:, None] * model.bend + np.sin(pitch)[:, None] * model.turn
    )
    return weights, pitch


def readings(model: Model, mean: np.ndarray) -> Readings:
    """Expected readings at the filter's mean, with the errors of the channels left out of them."""
    coordinates = model.coordinates_rad + COORDINATE_MAP @ mean[:BODY_SIZE]
    weights, pitch = _reading_weights(model, coordinates)
    m = len(pitch)
    slope = np.zeros((m, model.layout.size))
    slope[:, :BODY_SIZE] = weights @ COORDINATE_MAP
    at = np.arange(m)
    slope[at, BODY_SIZE + 2 * at] = 1.0
    slope[at, BODY_SIZE + 2 * at + 1] = 1.0
    return Readings(weights @ coordinates, slope, pitch)


@lru_cache(maxsize=256)
def _far_ratio2(seen: Layout, view: View) -> np.ndarray:
    """(m,) factor on the variance of the fast error: limbs on the far side are less well seen."""
    far = {View.LEFT: "_r", View.RIGHT: "_l"}.get(view)
    ratio = np.ones(len(seen.channels))
    if far is not None:
        for i, channel in enumerate(seen.channels):
            if channel.imu is None and channel.link.value.endswith(far):
                ratio[i] = _FAR_RATIO**2
    return ratio


_SAGITTAL_TRUNK = np.array(
    [BEND, VARIABLE[Coordinate.PELVIS_TILT], VARIABLE[Coordinate.LUMBAR_FLEXION], RESIDUAL_FLEXION]
)


def stationary_variance(model: Model, mean: np.ndarray, view: View, seen: Readings) -> np.ndarray:
    """(n,) variance that each variable tends to when nothing is seen from now on."""
    variance = model.variance.copy()
    body = mean[:BODY_SIZE]
    change = COORDINATE_MAP @ body
    lumbar = change[INDEX[Coordinate.LUMBAR_FLEXION]]
    moved = np.array(
        [
            body[BEND],
            change[INDEX[Coordinate.PELVIS_TILT]],
            lumbar,
            change[INDEX[Coordinate.THORAX_FLEXION]] - lumbar,
        ]
    )
    variance[_SAGITTAL_TRUNK] += (_WIDENING * moved) ** 2
    if len(model.gain):
        reported = seen.expected - model.grows_from
        fast = slice(BODY_SIZE, None, 2)
        variance[fast] *= _far_ratio2(model.layout, view)
        variance[fast] += model.growth2 * reported**2 + model.leak2 * np.sin(seen.pitch_rad) ** 2
    return variance


def predict(
    model: Model, mean: np.ndarray, covariance: np.ndarray, *, dt_s: float, view: View
) -> tuple[np.ndarray, np.ndarray, Readings]:
    """Mean (n,) and covariance (n, n) after `dt_s` seconds, and what the channels then read."""
    kept = np.exp(-max(dt_s, 0.0) / model.tau_s)
    moved_mean = mean * kept
    seen = readings(model, moved_mean)
    variance = stationary_variance(model, moved_mean, view, seen)
    gained = variance * (1.0 - kept**2) + model.walk * max(dt_s, 0.0)
    moved = covariance * kept[:, None] * kept[None, :]
    moved.reshape(-1)[:: len(mean) + 1] += gained
    return moved_mean, moved, seen
