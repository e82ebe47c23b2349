"""A simulated person who moves by the clock, filmed by several cameras and sensors at once.

Unlike `recording`, nobody leads: the truth is the same for every set of sensors, so that sets can
be compared on one and the same motion. The person's proportions, the way the trunk is held and how
the camera stands differ from what an estimate assumes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from heapq import merge
from math import cos, radians, sin

import numpy as np
from msgspec.structs import replace as with_fields
from scipy.spatial.transform import Rotation

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.observation import (
    AuditFrame,
    ImuSample,
    LandmarkFrame,
    Observation,
    PoseModel,
    Posture,
    Segment,
    Stream,
    View,
)
from lengthwise.reference.constants import constant
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim import camera, imu
from lengthwise.sim.build import Build
from lengthwise.sim.motion import Traits, alive, between, derived, eased
from lengthwise.sim.motions import Motion, thighs_kept
from lengthwise.sim.skeleton import Figure, blended, figure, rolled_about_front

TICK_HZ = 60.0
"""Rate of the inertial sensors; every second tick is a camera frame."""
_GET_DOWN_S = 3.0
_C = Coordinate
_FOCAL_PX = 900.0


@dataclass(frozen=True)
class Spread:
    """How far people and cameras are from what is assumed; sds, expert defaults.

    `build_ratio` of segment lengths; `held_deg` of pelvis tilt and lumbar flexion in the start
    pose, half of it for obliquity and side-bends; `standing_deg` the same in upright standing;
    `camera_deg` of pitch and roll; `focal_ratio`.
    """

    build_ratio: float = 0.05
    held_deg: float = 3.0
    standing_deg: float = constant("sim", "standing_sd_deg")
    camera_deg: float = 2.5
    focal_ratio: float = 0.10


EXACT = Spread(0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Script:
    """What is filmed. `shares`: (seconds after the start pose is reached, path share), eased
    between; before the first and after the last the share stays. `stand_s`: of upright standing
    first, then three seconds into the start pose; 0: begins in it. `audit_every`: so many frames a
    second pose model looks at one too; 0: never.
    """

    motion: Motion
    seed: int
    shares: tuple[tuple[float, float], ...]
    views: tuple[View, ...]
    segments: tuple[Segment, ...]
    stand_s: float = 4.0
    spread: Spread = Spread()
    noise: float = 1.0
    audit_every: int = 0

    @property
    def start_s(self) -> float:
        """When the start pose is reached."""
        return self.stand_s + _GET_DOWN_S if self.stand_s > 0 else 0.0

    @property
    def duration_s(self) -> float:
        return self.start_s + self.shares[-1][0]

    def share_at(self, t_s: float) -> float:
        since = t_s - self.start_s
        before = self.shares[0]
        for after in self.shares:
            if since < after[0]:
                span = after[0] - before[0]
                done = eased((since - before[0]) / span) if span > 0 else 1.0
                return before[1] + done * (after[1] - before[1])
            before = after
        return before[1]


@dataclass(frozen=True)
class Film:
    """`t_s` (n,) and `truth_rad` (n, 21) at TICK_HZ; what each camera and sensor reported.

    Truth has the order of turns of `body.conventions`: the pelvis turns by rotation, then
    obliquity, then tilt.
    """

    t_s: np.ndarray
    truth_rad: np.ndarray
    streams: dict[View | Segment, Stream]
    frames: dict[View, list[LandmarkFrame]]
    samples: dict[Segment, list[ImuSample]]
    audits: dict[View, list[AuditFrame]]

    def observations(self, sources: Iterable[View | Segment]) -> list[Observation]:
        """What these cameras and sensors reported, by time of capture, samples before frames."""
        parts: list[list[Observation]] = []
        for s in sources:
            parts.append([*self.frames[s]] if isinstance(s, View) else [*self.samples[s]])
            if isinstance(s, View):
                parts.append([*self.audits[s]])
        return list(merge(*parts, key=lambda o: (o.t_s, _ORDER.get(type(o), 0))))

    def truth_at(self, t_s: np.ndarray) -> np.ndarray:
        """(m, 21) truth at times within the film."""
        at = np.clip(np.round(t_s * TICK_HZ).astype(int), 0, len(self.t_s) - 1)
        return np.asarray(self.truth_rad[at])


_ORDER: dict[type[Observation], int] = {LandmarkFrame: 1, AuditFrame: 2}
_OTHER_SEED = 77_000_003


def film(script: Script) -> Film:
    """Everything that happens in a script, seen by all its cameras and sensors."""
    rng = np.random.Generator(np.random.Philox(key=script.seed, counter=[0, 0, 8, 0]))
    traits = Traits.drawn(script.seed)
    spread = script.spread
    motion = script.motion.offset_by(_held_rad(rng, spread.held_deg))
    build = Build.drawn(script.seed, sd_ratio=spread.build_ratio, legs_alike=motion.closed)
    eyes = {view: _eye(script, view, i, rng) for i, view in enumerate(script.views)}
    upright = _upright_rad(rng, spread.standing_deg)
    worn = {s: imu.Imu(s, script.seed, TICK_HZ, script.noise) for s in script.segments}
    seen = {view: camera.State() for view in eyes}
    felt = {segment: imu.State() for segment in worn}
    others = {view: replace(eye, seed=eye.seed + _OTHER_SEED) for view, (eye, _) in eyes.items()}
    seen_again = {view: camera.State() for view in eyes}
    frames: dict[View, list[LandmarkFrame]] = {view: [] for view in eyes}
    audits: dict[View, list[AuditFrame]] = {view: [] for view in eyes}
    samples: dict[Segment, list[ImuSample]] = {segment: [] for segment in worn}
    count = round(script.duration_s * TICK_HZ)
    poses = np.empty((count, len(COORDINATES)))
    for n in range(count):
        t_s = n / TICK_HZ
        pose = alive(_pose(script, motion, upright, t_s), t_s, traits)
        looking = n % 2 == 0 and bool(eyes)
        body = _figure(script, motion, pose, t_s, traits.height_m, arms=looking)
        level = rolled_about_front(-motion.roll_rad * _down(script, t_s))
        poses[n] = _in_convention(pose, level @ body.rotation[Segment.PELVIS])
        for segment, sensor in worn.items():
            felt[segment], sample = imu.step(sensor, felt[segment], t_s, body)
            samples[segment].append(sample)
        if looking:
            shaped = build.of(body, height_m=traits.height_m, posture=_resting(script, motion, t_s))
            for view, (eye, roll_rad) in eyes.items():
                seen[view], frame = camera.step(eye, seen[view], t_s, shaped)
                if frame is not None:
                    frames[view].append(rolled(frame, eye, roll_rad))
                if not script.audit_every or n % (2 * script.audit_every):
                    continue
                other = others[view]
                seen_again[view], _ = camera.step(other, seen_again[view], t_s, shaped)
                audit = camera.audit_frame(eye, seen[view], other, seen_again[view], shaped)
                audits[view].append(AuditFrame(rolled(audit.frame, eye, roll_rad)))
    streams: dict[View | Segment, Stream] = {v: eye.stream() for v, (eye, _) in eyes.items()}
    streams |= {segment: sensor.stream() for segment, sensor in worn.items()}
    return Film(np.arange(count) / TICK_HZ, poses, streams, frames, samples, audits)


def _upright_rad(rng: np.random.Generator, sd_deg: float) -> np.ndarray:
    """(21,) how this person stands when asked to stand upright, the legs straight."""
    straight = derived(posture_mean_rad(Posture.STANDING))
    return derived(thighs_kept(straight, straight + _held_rad(rng, sd_deg)), chest_moves=True)


def _held_rad(rng: np.random.Generator, sd_deg: float) -> np.ndarray:
    """(21,) how this person's trunk is held otherwise than written."""
    tilt, flexion, obliquity, bend, chest = radians(sd_deg) * rng.standard_normal(5)
    out = np.zeros(len(COORDINATES))
    for coordinate, value in (
        (_C.PELVIS_TILT, tilt),
        (_C.LUMBAR_FLEXION, flexion),
        (_C.THORAX_FLEXION, flexion),
        (_C.PELVIS_OBLIQUITY, 0.5 * obliquity),
        (_C.LUMBAR_SIDE_BEND, 0.5 * bend),
        (_C.THORAX_SIDE_BEND, 0.5 * (bend + chest)),
    ):
        out[INDEX[coordinate]] = value
    return out


def _eye(
    script: Script, view: View, place: int, rng: np.random.Generator
) -> tuple[camera.Camera, float]:
    """A camera and its roll; each has noise of its own."""
    pitch, roll, focal = rng.standard_normal(3)
    eye = camera.Camera(
        view,
        script.seed + 1_000_003 * place,
        script.motion.posture,
        pitch_rad=radians(script.spread.camera_deg) * pitch,
        focal_px=_FOCAL_PX * (1.0 + script.spread.focal_ratio * float(np.clip(focal, -2.0, 2.0))),
        rate_hz=TICK_HZ / 2,
        noise=script.noise,
        audit_model=PoseModel.SIMULATED if script.audit_every else None,
    )
    return eye, radians(script.spread.camera_deg) * float(roll)


def rolled(frame: LandmarkFrame, eye: camera.Camera, roll_rad: float) -> LandmarkFrame:
    """The frame of a camera that is turned about its own axis."""
    middle = np.array([eye.image_width_px / 2, eye.image_height_px / 2])
    turn = np.array([[cos(roll_rad), -sin(roll_rad)], [sin(roll_rad), cos(roll_rad)]])
    return with_fields(frame, xy_px=frozen_array((frame.xy_px - middle) @ turn.T + middle))


def _pose(script: Script, motion: Motion, upright: np.ndarray, t_s: float) -> np.ndarray:
    pose = motion.pose_rad(script.share_at(t_s))
    if t_s >= script.start_s:
        return pose
    return between(upright, pose, max(t_s - script.stand_s, 0.0) / _GET_DOWN_S)


def _down(script: Script, t_s: float) -> float:
    """0 upright, 1 in the start posture."""
    return eased((t_s - script.stand_s) / _GET_DOWN_S) if script.stand_s > 0 else 1.0


def _resting(script: Script, motion: Motion, t_s: float) -> Posture:
    return motion.posture if _down(script, t_s) >= 0.5 else Posture.STANDING


def _figure(
    script: Script, motion: Motion, pose: np.ndarray, t_s: float, height_m: float, *, arms: bool
) -> Figure:
    down = _down(script, t_s)
    roll_rad = motion.roll_rad * down

    def in_posture(posture: Posture) -> Figure:
        return figure(pose, height_m=height_m, posture=posture, arms=arms, roll_rad=roll_rad)

    if down >= 1.0:
        return in_posture(motion.posture)
    if down <= 0.0:
        return in_posture(Posture.STANDING)
    return blended(in_posture(Posture.STANDING), in_posture(motion.posture), down)


def _in_convention(pose: np.ndarray, pelvis: np.ndarray) -> np.ndarray:
    """The pose (21,) with the pelvis angles of R = Rz(rotation) Rx(-obliquity) Ry(tilt)."""
    out = pose.copy()
    rotation, minus_obliquity, tilt = Rotation.from_matrix(pelvis).as_euler("ZXY")
    for coordinate, value in (
        (_C.PELVIS_ROTATION, rotation),
        (_C.PELVIS_OBLIQUITY, -minus_obliquity),
        (_C.PELVIS_TILT, tilt),
    ):
        out[INDEX[coordinate]] = value
    return derived(out, chest_moves=True)
