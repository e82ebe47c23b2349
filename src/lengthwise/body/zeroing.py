"""The zero pose taken: offsets of sensors and of the posture are known from then on."""

from math import radians

import numpy as np
from msgspec.structs import replace

from lengthwise.body import imu_estimate, projection, zero_pose
from lengthwise.body.fusion import expected, weighed
from lengthwise.body.kinematic_chain import BODY_SIZE, JOINTS, SLOW_JOINTS
from lengthwise.body.lying_down import zero_ups_of
from lengthwise.body.segment_ups import UP_OF, ups_of
from lengthwise.body.session import Params
from lengthwise.body.session_state import State, anew, corrected
from lengthwise.body.side_lying import upwards
from lengthwise.body.trail import Sheared, longer
from lengthwise.body.up_reading import read_up
from lengthwise.body.zero_pose import Glance
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import Posture, Segment
from lengthwise.reference.constants import constant

_HEADING_VARIANCE = radians(constant("body", "imu_heading_sd_deg")) ** 2
_TRUNK = (Segment.PELVIS, Segment.T12, Segment.THORAX)
_OFFSET_VARIANCE = radians(constant("body", "imu_offset_prior_sd_deg")) ** 2


def zeroed(params: Params, state: State, glance: Glance) -> State:
    """The state after looking for the zero pose, and with it where it was found now."""
    declared = params.zero_s is not None
    up = projection.UPRIGHT if declared else upwards(state.lying)
    if params.zero_s is None:
        if params.posture is Posture.SIDE_LYING and state.lying is None:
            return state
        search, found = zero_pose.look_for_still(replace(params.start, up=up), state.zero, glance)
    else:
        search, found = zero_pose.look_in_period(state.zero, glance, params.zero_s)
    if not found:
        return state if search is state.zero else replace(state, zero=search)
    zero_rad = np.zeros_like(params.start_rad) if declared else params.start_rad
    ups = ups_of(zero_rad, up)
    imus = tuple(
        memory
        if not declared and _hangs(params.posture, stream.segment)
        else imu_estimate.set_axes(
            stream, memory, zero_pose.mean_up(search, i), ups[UP_OF[stream.segment]]
        )
        for i, (stream, memory) in enumerate(zip(params.start.imus, state.imus, strict=True))
    )
    known = zero_pose.known_posture(params.start, state.mean, declared=declared)
    state = corrected(state, weighed(state.covariance, known), considered=None)
    if declared and params.posture is not Posture.STANDING:
        state = held_anew(params, state)
    for i, memory in enumerate(imus):
        if memory.axes is not None:
            state = _mounted(params, state, i)
    return replace(state, imus=imus, zero=replace(search, done=True))


def held_anew(params: Params, state: State) -> State:
    """The state after upright standing was read, with how the start posture is held not known.

    A joint j and how it is held s are only ever seen together. Their sum was read in standing,
    which says nothing of how this person lies or kneels: taken for knowledge of s it halves its
    variance and leaves in it a part of whatever the joint was believed to be before. So the sum
    goes to the joint, and s, which nothing of it shows, begins anew:

        j' = j + s - s',   s' as at first and independent of everything before.
    """
    own, joints = np.arange(len(JOINTS), BODY_SIZE), SLOW_JOINTS
    mean, covariance = state.mean.copy(), state.covariance.copy()
    mean[joints] += mean[own]
    covariance[joints] += covariance[own]
    covariance[:, joints] += covariance[:, own]
    marks = []
    for mark in state.marks:
        shared = mark.pose.shared.copy()
        shared[joints] += shared[own]
        marks.append(replace(mark, pose=replace(mark.pose, shared=shared)))
    trail = state.trail
    for of, joint in zip(own.tolist(), joints.tolist(), strict=True):
        trail = longer(trail, Sheared(of, np.eye(len(JOINTS))[joint]))
    first = params.model.first[np.ix_(own, own)]
    state = replace(state, mean=mean, covariance=covariance, marks=tuple(marks), trail=trail)
    state = anew(state, own, np.zeros(len(own)), first)
    covariance = state.covariance.copy()
    covariance[np.ix_(joints, joints)] += first
    covariance[np.ix_(joints, own)] -= first
    covariance[np.ix_(own, joints)] -= first
    return replace(state, mean=frozen_array(state.mean), covariance=frozen_array(covariance))


def _hangs(posture: Posture, segment: Segment) -> bool:
    """Whether nothing holds a segment that is not upright in its place in that start posture.

    Lying or sitting the floor or the seat does. A trunk on all fours slopes up by 10 to 20 degrees
    as arms are longer than thighs, and a rounded back looks level from the side: a sensor set by
    it was wrong by 26 degrees and sure of 5.
    """
    return posture is Posture.FOUR_POINT and segment in _TRUNK


def _mounted(params: Params, state: State, imu: int) -> State:
    """The state once a sensor's axes follow from the zero pose.

    Turned about the vertical they are as good as the stated axis; otherwise as good as the
    posture is known, with which their error then goes together.
    """
    layout, up = params.model.layout, zero_ups_of(params, state)[imu]
    mount = layout.mount(imu)
    about_up = np.outer(up, up)
    variance = _OFFSET_VARIANCE * (np.eye(3) - about_up) + _HEADING_VARIANCE * about_up
    state = anew(state, np.arange(mount.start, mount.stop), np.zeros(3), variance)
    there = expected(
        params.model, state.mean, state.covariance, 1.0, dt_s=0.0, up=upwards(state.lying)
    )
    reading = read_up(layout, state.mean, there, imu, up, np.zeros(projection.JOINT_COUNT))
    return corrected(state, weighed(state.covariance, reading), considered=None)
