"""A simulated person who is calibrated: stands, raises a hand, tips the pelvis, bends, marches.

The person does what is asked after a reaction time (`guide` says what is asked now), or follows a
timetable. What is asked for and what is done may differ: the other hand, both, nothing, a step out
of the picture; and a sensor may sit on another segment than declared, or be turned on it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from math import pi, radians, sin

import numpy as np
from msgspec.structs import replace
from scipy.spatial.transform import Rotation

from lengthwise.body.calibration.asks import Ask, asks_for
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    ImuSample,
    LandmarkFrame,
    Posture,
    RecordingHeader,
    Segment,
    Stream,
    View,
)
from lengthwise.reference.constants import constant
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim import camera, imu
from lengthwise.sim.build import Build
from lengthwise.sim.motion import Traits, alive, derived, eased
from lengthwise.sim.motions import thighs_kept
from lengthwise.sim.scripted import Spread, rolled
from lengthwise.sim.skeleton import Figure, figure

RATE_HZ = 60.0
"""Of the inertial sensors; every second tick is a camera frame."""
_REACTION_S = constant("sim", "reaction_s")
_ARM_UP_RAD = radians(165.0)
_FOCAL_PX = 900.0
HIP_LINE_GAIN = constant("sim", "hip_line_gain")
_GONE_M = 6.0
USUAL_SPREAD = Spread()

Guide = Callable[[float], Ask]
"""What is asked at a time."""


@dataclass(frozen=True)
class Deed:
    """What the person does once: angles in degrees and arms (left, right; 1: up) at its height;
    `to_and_fro`: one way, then the other; `held`: how much of it stays at the height.
    """

    seconds: float
    end_deg: tuple[tuple[Coordinate, float], ...] = ()
    arms: tuple[float, float] = (0.0, 0.0)
    to_and_fro: bool = False
    held: float = 0.3
    thighs_stay: bool = True
    aside_m: float = 0.0

    def share(self, since_s: float) -> float:
        if not 0.0 < since_s < self.seconds:
            return 0.0
        if self.to_and_fro:
            return sin(2.0 * pi * since_s / self.seconds)
        ramp_s = 0.5 * (1.0 - self.held) * self.seconds
        return eased(since_s / ramp_s) * eased((self.seconds - since_s) / ramp_s)


_C = Coordinate
NOTHING = Deed(1.0)
RIGHT_HAND = Deed(2.6, arms=(0.0, 1.0))
LEFT_HAND = Deed(2.6, arms=(1.0, 0.0))
BOTH_HANDS = Deed(2.6, arms=(1.0, 1.0))
TIP_PELVIS = Deed(
    4.0,
    ((_C.PELVIS_OBLIQUITY, 9.0), (_C.LUMBAR_SIDE_BEND, 6.0), (_C.THORAX_SIDE_BEND, 9.0)),
    to_and_fro=True,
)
BEND = Deed(
    2.4, ((_C.PELVIS_TILT, 30.0), (_C.LUMBAR_FLEXION, 32.0), (_C.THORAX_FLEXION, 40.0)), held=0.2
)


def _knee(side: str) -> Deed:
    end = ((Coordinate(f"hip_flexion_{side}"), 70.0), (Coordinate(f"knee_flexion_{side}"), 80.0))
    tucked = ((_C.PELVIS_TILT, -4.0), (_C.LUMBAR_FLEXION, 4.0), (_C.THORAX_FLEXION, 4.0))
    return Deed(2.0, (*end, *tucked), held=0.2, thighs_stay=False)


RIGHT_KNEE, LEFT_KNEE = _knee("r"), _knee("l")
STEPS_AWAY = Deed(60.0, held=0.97, aside_m=_GONE_M)

_AS_ASKED = {
    Ask.STAND_STILL: NOTHING,
    Ask.RAISE_RIGHT_HAND: RIGHT_HAND,
    Ask.TIP_PELVIS: TIP_PELVIS,
    Ask.BEND_FORWARD: BEND,
    Ask.RAISE_RIGHT_KNEE: RIGHT_KNEE,
    Ask.RAISE_LEFT_KNEE: LEFT_KNEE,
    Ask.DONE: NOTHING,
}
_STAND_S, _PAUSE_S = 2.5, 0.6


@dataclass(frozen=True, eq=False)
class Worn:
    """A sensor: the segment it is declared for, the one it is on, and how it is turned there.

    `turn` (3, 3): axes of the sensor as worn from those of a well-worn one (x front, y left, z up).
    """

    declared: Segment
    on: Segment
    turn: np.ndarray = field(default_factory=lambda: np.eye(3))


@dataclass(frozen=True)
class Volunteer:
    """Who is calibrated and with what. `instead`: what is done in the place of what is asked."""

    seed: int
    worn: tuple[Worn, ...] = ()
    view: View | None = View.FRONT
    mirrored: bool = False
    instead: dict[Ask, Deed] = field(default_factory=dict)
    spread: Spread = USUAL_SPREAD
    noise: float = 1.0
    duration_s: float = 24.0
    hip_line_gain: float = HIP_LINE_GAIN

    def deed(self, ask: Ask) -> Deed:
        return self.instead.get(ask, _AS_ASKED[ask])


def wearing(*segments: Segment) -> tuple[Worn, ...]:
    """Sensors worn as declared."""
    return tuple(Worn(segment, segment) for segment in segments)


class SimulatedCalibration:
    """Reads like any recording. `lengths_m` the true distances between landmarks."""

    def __init__(self, volunteer: Volunteer, *, guide: Guide | None = None) -> None:
        self.volunteer = volunteer
        self.traits = Traits.drawn(volunteer.seed)
        self.build = Build.drawn(volunteer.seed, sd_ratio=volunteer.spread.build_ratio)
        rng = np.random.Generator(np.random.Philox(key=volunteer.seed, counter=[0, 0, 10, 0]))
        pitch, roll, focal, lean = rng.standard_normal(4)
        tip = radians(volunteer.spread.camera_deg)
        self._roll_rad = float(tip * roll)
        self._held_rad = radians(volunteer.spread.held_deg) * float(lean)
        self.camera = self._eye(float(tip * pitch), float(np.clip(focal, -2.0, 2.0)))
        self._imus = {
            worn: imu.Imu(worn.on, volunteer.seed, RATE_HZ, volunteer.noise)
            for worn in volunteer.worn
        }
        self._guide = guide or _timetable(volunteer, asks_for(self.header.streams))

    def _eye(self, pitch_rad: float, focal: float) -> camera.Camera | None:
        v = self.volunteer
        if v.view is None:
            return None
        return camera.Camera(
            v.view,
            v.seed,
            Posture.STANDING,
            pitch_rad=pitch_rad,
            focal_px=_FOCAL_PX * (1.0 + v.spread.focal_ratio * focal),
            rate_hz=RATE_HZ / 2.0,
            noise=v.noise,
            mirrored=v.mirrored,
            hip_line_gain=v.hip_line_gain,
        )

    @property
    def header(self) -> RecordingHeader:
        streams: list[Stream] = []
        if self.camera is not None:
            # Whether the image is a mirror image is what is to be found.
            streams.append(replace(self.camera.stream(), mirrored=None))
        streams += [
            replace(sensor.stream(), segment=worn.declared) for worn, sensor in self._imus.items()
        ]
        return RecordingHeader(
            name=f"simulated calibration, seed {self.volunteer.seed}",
            driver="simulated",
            streams=tuple(streams),
            duration_s=self.volunteer.duration_s,
            simulated=True,
        )

    def read(self) -> Iterator[LandmarkFrame | ImuSample]:
        """Observations in the order of their capture, at the pace of the caller."""
        v, asked, since_s = self.volunteer, Ask.STAND_STILL, 0.0
        seen, felt = camera.State(), {worn: imu.State() for worn in self._imus}
        for n in range(round(v.duration_s * RATE_HZ)):
            t_s = n / RATE_HZ
            now = self._guide(t_s)
            if now is not asked:
                asked, since_s = now, t_s + _REACTION_S
            deed = v.deed(asked)
            share = deed.share(t_s - since_s)
            body = figure(
                self._pose(deed, share, t_s),
                height_m=self.traits.height_m,
                posture=Posture.STANDING,
            )
            for worn, sensor in self._imus.items():
                felt[worn], sample = imu.step(sensor, felt[worn], t_s, body)
                yield _as_worn(sample, worn)
            if self.camera is not None and n % 2 == 0:
                shaped = self.build.of(
                    body, height_m=self.traits.height_m, posture=Posture.STANDING
                )
                shaped = _arms_raised(shaped, deed.arms, share)
                seen, frame = camera.step(
                    self.camera, seen, t_s, shaped, aside_m=deed.aside_m * share
                )
                if frame is not None:
                    yield rolled(frame, self.camera, self._roll_rad)

    def close(self) -> None:
        """Nothing is held open."""

    def lengths_m(self) -> dict[str, float]:
        """True distances between landmarks of the body, standing."""
        upright = derived(posture_mean_rad(Posture.STANDING))
        usual = figure(upright, height_m=self.traits.height_m, posture=Posture.STANDING)
        at = self.build.of(
            usual, height_m=self.traits.height_m, posture=Posture.STANDING
        ).landmarks_m
        shoulders, hips, knees, ankles = (at[list(_rows(part))] for part in _JOINTS)

        def apart(a: np.ndarray, b: np.ndarray) -> float:
            return float(np.linalg.norm(a - b))

        return {
            "trunk_line_m": apart(shoulders.mean(axis=0), hips.mean(axis=0)),
            "shoulder_line_m": apart(shoulders[0], shoulders[1]),
            "hip_line_m": apart(hips[0], hips[1]),
            "thigh_m": apart(hips[0], knees[0]),
            "shank_m": apart(knees[0], ankles[0]),
        }

    def _pose(self, deed: Deed, share: float, t_s: float) -> np.ndarray:
        pose = _path(deed, round(share, 3)).copy()
        pose[_HELD] += self._held_rad * np.array([1.0, -1.0, -1.0])
        pose[_HIPS] += self._held_rad
        return alive(pose, t_s, self.traits)


_JOINTS = ("shoulder", "hip", "knee", "ankle")
_HELD = [INDEX[c] for c in (_C.PELVIS_TILT, _C.LUMBAR_FLEXION, _C.THORAX_FLEXION)]
_HIPS = [INDEX[c] for c in (_C.HIP_FLEXION_L, _C.HIP_FLEXION_R)]
_ARM = ("elbow", "wrist", "pinky", "index", "thumb")


def _rows(part: str) -> tuple[int, int]:
    return LANDMARK_INDEX[f"left_{part}"], LANDMARK_INDEX[f"right_{part}"]


@cache
def _path(deed: Deed, share: float) -> np.ndarray:
    """(21,) the pose at a share of the deed."""
    start = posture_mean_rad(Posture.STANDING)
    pose = start.copy()
    for coordinate, end_deg in deed.end_deg:
        pose[INDEX[coordinate]] += share * radians(end_deg)
    if deed.thighs_stay:
        pose = thighs_kept(start, pose)
    out = derived(pose, chest_moves=True)
    out.flags.writeable = False
    return out


def _arms_raised(body: Figure, arms: tuple[float, float], share: float) -> Figure:
    """The figure with each arm turned up sideways about its shoulder."""
    points = body.landmarks_m.copy()
    front = body.rotation[Segment.THORAX][:, 0]
    for side, amount in enumerate(arms):
        lateral = 1.0 if side == 0 else -1.0
        turn = Rotation.from_rotvec(lateral * amount * share * _ARM_UP_RAD * front).as_matrix()
        shoulder = points[_rows("shoulder")[side]]
        rows = [_rows(part)[side] for part in _ARM]
        points[rows] = shoulder + (points[rows] - shoulder) @ turn.T
    return Figure(points, body.rotation, body.origin_m)


def _as_worn(sample: ImuSample, worn: Worn) -> ImuSample:
    def turned(vector: tuple[float, float, float]) -> tuple[float, float, float]:
        x, y, z = (worn.turn @ np.array(vector)).tolist()
        return (x, y, z)

    assert sample.gyr_rad_s is not None
    return replace(
        sample,
        segment=worn.declared,
        acc_m_s2=turned(sample.acc_m_s2),
        gyr_rad_s=turned(sample.gyr_rad_s),
    )


def _timetable(volunteer: Volunteer, asks: tuple[Ask, ...]) -> Guide:
    """Everything once, one after the other."""
    begins, at_s = [], 0.0
    for ask in (*asks, Ask.DONE):
        begins.append((at_s, ask))
        at_s += (
            _STAND_S if ask is Ask.STAND_STILL
            else _REACTION_S + volunteer.deed(ask).seconds + _PAUSE_S
        )  # fmt: skip

    def asked(t_s: float) -> Ask:
        return next(ask for start_s, ask in reversed(begins) if t_s >= start_s)

    return asked
