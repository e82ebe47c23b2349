"""A sensor that is worn otherwise after it was lost for a while: its mounting begun anew.

While a sensor is followed, gravity and gyroscope tell of every turn, a body's or its own. While it
is not (frozen, struck, out of reach), it may have come loose. When it is heard again, up in its
segment is compared with what all else says of the posture by then,

    d = u - h(q),   chi2 = d' (H P H' + R)^-1 d.

Where that is more than a body does in this time, and a slip the likelier reason, the sensor keeps
its say in how the segment turns from now on, and loses it in how it stands: its axes are set so
that it fits the estimate as it is, whose error it then shares. Else it is read as posture, with its
mounting as unsure as what a slip would have made of it.

What lies farther apart than anything slips may be either: the estimate that went astray while the
sensor was lost (a camera can take a leg that comes towards it for one that goes away), or a sensor
put back the other way round. Then the joints that it tells of begin anew as well as its mounting.
"""

from math import cos, exp, inf, radians, sqrt

import numpy as np
from msgspec.structs import replace

from lengthwise.body import imu_estimate, projection
from lengthwise.body.fusion import Weighed, expected, weighed
from lengthwise.body.kinematic_chain import JOINTS, TRUNK_JOINTS
from lengthwise.body.segment_ups import UP_OF
from lengthwise.body.session import Params
from lengthwise.body.session_state import State, anew, corrected, turned_since_zero_rad
from lengthwise.body.side_lying import upwards
from lengthwise.body.up_reading import read_up
from lengthwise.body.zero_pose import Up
from lengthwise.contracts.observation import Segment
from lengthwise.reference.constants import constant

_SLIPPED_CHI2 = constant("body", "imu_slipped_chi2")
_ANY_VARIANCE = radians(constant("body", "imu_offset_prior_sd_deg")) ** 2
_TURN_VARIANCE = radians(constant("body", "imu_slipped_turn_sd_deg")) ** 2
_SLIP_VARIANCE = _TURN_VARIANCE / 3.0
"""About each axis."""
_LARGEST_RAD = radians(constant("body", "imu_slipped_largest_deg"))
_SELDOM = constant("body", "imu_slipped_prior_ratio")
"""How often a sensor that is heard again has slipped, before anything is compared."""


def _told_by(segment: Segment) -> np.ndarray:
    """Places of the joints whose posture a sensor on that segment tells of."""
    _, _, side = segment.value.partition("_")
    if not side:
        return np.concatenate(list(TRUNK_JOINTS.values()))
    return np.array([i for i, name in enumerate(JOINTS) if name.endswith(f"_{side}")])


_TOLD_BY = {segment: _told_by(segment) for segment in Segment}
_AWAY_M = 1.0
"""Distance of a camera: of no account for directions of up."""


def _of_none(compared: Weighed, stands: np.ndarray) -> float:
    """Probability that it has not slipped, by how well either explains the reading: a slip of some
    size, or a posture as unsure as stated. `stands` (3,): up, which a slip moves to its sides."""
    apart, spread = compared.reading.innovation, compared.spread
    slipped = spread + _SLIP_VARIANCE * (np.eye(3) - np.outer(stands, stands))
    misfit = [float(apart @ np.linalg.solve(s, apart)) for s in (spread, slipped)]
    volume = np.linalg.det(spread) / np.linalg.det(slipped)
    odds = (1.0 / _SELDOM - 1.0) * exp(0.5 * (misfit[1] - misfit[0])) / sqrt(volume)
    return odds / (1.0 + odds)


def _doubted(state: State, compared: Weighed, none: float, *, considered: np.ndarray) -> State:
    """The state less sure of where the segment stands, for it may be that which is wrong.

    With p the probability of no slip and x = P H' S^-1 d, by which the estimate would be moved,

        P + p (1 - p) x x'.
    """
    apart, spread = compared.reading.innovation, compared.spread
    moved = compared.shared.T @ np.linalg.solve(spread, apart)
    moved[considered] = 0.0
    # Doubt that depends on nothing else changes nothing of what is remembered of the past.
    return replace(
        state, covariance=state.covariance + none * (1.0 - none) * np.outer(moved, moved)
    )


def heard_again(
    params: Params, state: State, imu: int, *, up: Up, seen_up: np.ndarray
) -> tuple[State, bool]:
    """The state to go on from after an interruption, and whether the sensor had slipped: then this
    reading has been used already, for how the sensor is worn.

    `up` in sensor axes; `seen_up` (3,) the same in the segment as it was worn.
    """
    layout = params.model.layout
    # Compared once: what the slope leaves out is not repeated from frame to frame.
    there = expected(
        params.model,
        state.mean,
        state.covariance,
        _AWAY_M,
        dt_s=inf,
        up=upwards(state.lying),
    )
    reading = read_up(layout, state.mean, there, imu, seen_up, turned_since_zero_rad(params, state))
    compared = weighed(state.covariance, reading)
    apart = reading.innovation
    segment = layout.channels.imus[imu].segment
    at = projection.UPS_AT + 3 * UP_OF[segment]
    stands = there.here[at : at + 3]
    mount = layout.mount(imu)
    none = _of_none(compared, stands)
    as_stated = apart @ np.linalg.solve(compared.spread, apart) <= _SLIPPED_CHI2
    far = stands @ seen_up < cos(_LARGEST_RAD)
    if as_stated or (none > 0.5 and not far):
        # The posture is read, but for what a slip would have made of it.
        turned = np.cross(stands, seen_up)
        covariance = state.covariance.copy()
        covariance[mount, mount] += none * (1.0 - none) * np.outer(turned, turned)
        return replace(state, covariance=covariance), False
    if far:
        told = _TOLD_BY[segment]
        home = params.start_home if state.zero.done else params.zero_home
        state = anew(state, told, home[told], params.model.stationary[np.ix_(told, told)])
        at_mount = np.arange(mount.start, mount.stop)
        return anew(state, at_mount, np.zeros(3), _ANY_VARIANCE * np.eye(3)), True
    memory = imu_estimate.turned_axes(state.imus[imu], up, stands)
    state = _doubted(state, compared, none, considered=layout.considered)
    about_up = np.outer(stands, stands)
    # How it turned about the vertical shows only once the segment inclines.
    variance = _ANY_VARIANCE * (np.eye(3) - about_up) + _TURN_VARIANCE * about_up
    state = anew(state, np.arange(mount.start, mount.stop), np.zeros(3), variance)
    fits = read_up(layout, state.mean, there, imu, stands, np.zeros(projection.JOINT_COUNT))
    state = corrected(state, weighed(state.covariance, fits), considered=None)
    return replace(state, imus=(*state.imus[:imu], memory, *state.imus[imu + 1 :])), True
