"""A simulated person in front of simulated sensors, as a recording that knows its own truth.

The person is led either by a plain timetable (the truth then does not depend on any coach) or by a
coach who answers (`guide`, asked for the guidance in force at each moment).
"""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import pi

import numpy as np
from msgspec.structs import replace

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, Coordinate, Side
from lengthwise.contracts.decision import Guidance, Phase, QuestionId
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import (
    ImuSample,
    LandmarkFrame,
    PersonSignal,
    Posture,
    RecordingHeader,
    Segment,
    SignalKind,
    Stream,
    View,
)
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import Exercise, exercise
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim import camera, imu, person
from lengthwise.sim.cat import behind_cat
from lengthwise.sim.faults import Fault, FaultKind
from lengthwise.sim.motion import Traits, derived, eased, lowered
from lengthwise.sim.ribs import breathing
from lengthwise.sim.skeleton import Figure, blended, figure

RATE_HZ, CAMERA_HZ = 100.0, 30.0
_TRUNK = (Segment.PELVIS, Segment.T12)
_THIGHS = (Segment.THIGH_L, Segment.THIGH_R)
_SHANKS = (Segment.SHANK_L, Segment.SHANK_R)
_WORN: dict[str, tuple[Segment, ...]] = {
    "sacrum": (Segment.PELVIS,),
    "t12": (Segment.T12,),
    "imu4": (*_TRUNK, *_THIGHS),
    "imu6": (*_TRUNK, *_THIGHS, *_SHANKS),
} | {segment.value: (segment,) for segment in Segment}
_CAMERAS = ("camera", "front", "side")
"""`camera` stands where the exercise wants it, `side` at the working side."""

SENSOR_SETS = (
    "camera", "camera+sacrum", "camera+sacrum+t12", "camera+imu4", "front", "side", "side+sacrum",
    "imu4", "imu6",
)  # fmt: skip
"""Usual sets; any camera and worn sensors may be joined by +."""

_GET_DOWN_S = 4.0
"""From upright standing into the start pose."""

_TRUNK_LEADS = 0.7
"""Who lies down on the side leans over first: with all at once the hip lands on the floor hard."""

_OTHER_HEIGHT_M, _OTHER_ASIDE_M = 1.62, 0.9
"""Who walks in, and where that person stands."""

_TAPPED = {SignalKind.FIRST_RESISTANCE: 1, SignalKind.TOLERANCE: 1, SignalKind.STOP: 2}
_JOLT_M_S2, _TAP_APART_S = 30.0, 0.3
"""A firm tap is over within one sample of the simulated sensors."""

Guide = Callable[[float], Guidance | None]
Drawn = Callable[[float, float], float]
"""(time, share of the path where the person is by themselves) to how much further something draws
them."""


def not_drawn(_t_s: float, _own: float) -> float:
    return 0.0


@dataclass(frozen=True)
class Plan:
    """What is simulated. `stand_s`: seconds of upright standing first, for the zero pose.

    `sensors`: a camera and worn sensors joined by +, see SENSOR_SETS. `view` None: as the sensors
    say. `noise` scales every sensor's errors. `landmark_white_m`: sd of the white part of landmark
    errors, None as measured. `drop_ratio`: share of frames that never arrive. `breathing`: ribs
    and shoulders move with the breath, None where a fault holds it. `sway_ratio`: how much of the
    usual sway there is. `looks_for`: an angle whose place is looked for again with eyes closed,
    missed as people do `back_pain` or not.
    `taps`: marks and a stop are said by tapping the sensor there, in place of a key. `reach`,
    `answers`: of a test, `carried`: by a band, see `person.Params`.
    """

    exercise_id: str
    side: Side
    seed: int
    sensors: str = "camera+imu4"
    duration_s: float = 60.0
    stand_s: float = 4.0
    both_sides: bool = False
    view: View | None = None
    faults: tuple[Fault, ...] = ()
    noise: float = 1.0
    mirrored: bool = False
    traits: Traits | None = field(default=None)
    drop_ratio: float = 0.0
    landmark_white_m: float | None = None
    breathing: bool | None = None
    sway_ratio: float = 1.0
    looks_for: Coordinate | None = None
    back_pain: bool = False
    taps: Segment | None = None
    reach: float = 1.0
    answers: dict[QuestionId, tuple[float, ...]] = field(default_factory=dict)
    carried: float | None = None

    @property
    def breathes(self) -> bool:
        if self.breathing is not None:
            return self.breathing
        return any(f.kind is FaultKind.BREATH_HELD for f in self.faults)

    @property
    def led_from_s(self) -> float:
        """When the person is in the start pose and begins to listen."""
        return self.stand_s + _GET_DOWN_S


class SimulatedRecording:
    """Reads like any recording; `truth()` is what really happened so far: times and poses."""

    def __init__(
        self, plan: Plan, *, guide: Guide | None = None, drawn: Drawn | None = None
    ) -> None:
        camera_word, segments = _sensors(plan.sensors)
        self.plan = plan
        self.traits = plan.traits or Traits.drawn(plan.seed)
        chosen = exercise(plan.exercise_id)
        sides = (plan.side, plan.side.other) if plan.both_sides else (plan.side,)
        self._person = person.Params(
            chosen,
            sides,
            plan.seed,
            self.traits,
            plan.faults,
            plan.sway_ratio,
            plan.looks_for,
            plan.back_pain,
            plan.reach,
            plan.answers,
            plan.carried,
        )
        self._guide, self._drawn = guide or _timetable(plan, chosen), drawn or not_drawn
        self.camera = _camera(plan, chosen, camera_word) if camera_word else None
        self.imus = tuple(imu.Imu(s, plan.seed, RATE_HZ, plan.noise) for s in segments)
        self._upright = derived(posture_mean_rad(Posture.STANDING))
        self._times_s: list[float] = []
        self._poses: list[np.ndarray] = []
        self._held: list[bool] = []

    @property
    def header(self) -> RecordingHeader:
        streams: list[Stream] = [self.camera.stream()] if self.camera else []
        streams += [sensor.stream() for sensor in self.imus]
        return RecordingHeader(
            name=f"simulated {self.plan.exercise_id}, seed {self.plan.seed}",
            driver="simulated",
            streams=tuple(streams),
            duration_s=self.plan.duration_s,
            simulated=True,
        )

    def truth(self) -> tuple[np.ndarray, np.ndarray]:
        """Times (n,) in seconds and poses (n, 21) in radians, as far as it was read."""
        poses = np.array(self._poses).reshape(-1, len(COORDINATES))
        return np.array(self._times_s), poses

    @property
    def pose_rad(self) -> np.ndarray | None:
        """(21,) the pose at the moment that was read last; None before the first."""
        return self._poses[-1] if self._poses else None

    def breath_held(self) -> np.ndarray:
        """(n,) bool whether the breath was held, at the times of `truth()`."""
        return np.array(self._held, dtype=bool)

    def read(self) -> Iterator[LandmarkFrame | ImuSample | PersonSignal]:
        """Observations in the order of their capture, at the pace of the caller."""
        plan = self.plan
        state, seen = person.start(self._person), camera.State()
        felt = {sensor.segment: imu.State() for sensor in self.imus}
        jolts_s: list[float] = []
        frame_hz, frames = (self.camera.rate_hz if self.camera else 0.0), 0
        for n in range(round(plan.duration_s * RATE_HZ)):
            t_s = n / RATE_HZ
            drawn = self._drawn(t_s, state.share)
            state, truth = person.step(self._person, state, t_s, self._led(t_s), drawn=drawn)
            truth = self._stood_up_first(truth)
            self._times_s.append(t_s)
            self._poses.append(truth.pose_rad)
            self._held.append(truth.breath_held)
            looking = t_s * frame_hz >= frames - 1e-9 and self.camera is not None
            frames += looking
            if self.imus or looking:
                body = self._figure(truth, arms=looking)
                body = breathing(body, truth.chest) if plan.breathes else body
            for sensor in self.imus:
                felt[sensor.segment], sample = imu.step(sensor, felt[sensor.segment], t_s, body)
                if sensor.segment is plan.taps and jolts_s and t_s >= jolts_s[0]:
                    jolts_s.pop(0)
                    x, y, z = sample.acc_m_s2
                    sample = replace(sample, acc_m_s2=(x, y, z + _JOLT_M_S2))
                yield sample
            if self.camera is not None and looking:
                seen, frame = self._look(self.camera, seen, truth, body)
                if frame is not None:
                    yield frame
            said = truth.signal
            if said is not None and plan.taps is not None and said.kind in _TAPPED:
                jolts_s += [t_s + k * _TAP_APART_S for k in range(_TAPPED[said.kind])]
            elif said is not None:
                yield said

    def _figure(self, truth: person.Truth, *, arms: bool) -> Figure:
        """On the way down the arms and what supports the body change little by little."""

        def in_posture(posture: Posture) -> Figure:
            return figure(
                truth.pose_rad,
                height_m=self.traits.height_m,
                posture=posture,
                arms=arms,
                roll_rad=0.5 * pi * truth.rolled * down**_TRUNK_LEADS,
            )

        down = 1.0
        if self.plan.stand_s > 0:
            down = eased((truth.t_s - self.plan.stand_s) / _GET_DOWN_S)
        if down >= 1.0:
            return in_posture(self._person.exercise.start_posture)
        standing = in_posture(Posture.STANDING)
        if down <= 0.0:
            return standing
        return blended(standing, in_posture(self._person.exercise.start_posture), down)

    def _look(
        self, eye: camera.Camera, seen: camera.State, truth: person.Truth, body: Figure
    ) -> tuple[camera.State, LandmarkFrame | None]:
        """One image. With company, the pose model follows the other person every other second."""
        people, aside_m = 1 + truth.company, truth.aside_m
        if truth.company and int(truth.t_s) % 2:
            body = figure(self._upright, height_m=_OTHER_HEIGHT_M, posture=Posture.STANDING)
            aside_m = _OTHER_ASIDE_M
        seen, frame = camera.step(eye, seen, truth.t_s, body, aside_m=aside_m, people=people)
        if frame is None or truth.cat is None:
            return seen, frame
        size_px = (eye.image_width_px, eye.image_height_px)
        return seen, behind_cat(frame, truth.cat, size_px=size_px, seed=self.plan.seed)

    def close(self) -> None:
        """Nothing is held open."""

    def _led(self, t_s: float) -> Guidance | None:
        return None if t_s < self.plan.led_from_s else self._guide(t_s)

    def _stood_up_first(self, truth: person.Truth) -> person.Truth:
        """Upright standing for the zero pose, then on the way into the start pose."""
        since_s = truth.t_s - self.plan.stand_s
        if since_s >= _GET_DOWN_S or self.plan.stand_s <= 0:
            return truth
        lying = self._person.exercise.start_posture is Posture.SUPINE
        done = max(since_s, 0.0) / _GET_DOWN_S
        pose = lowered(self._upright, truth.pose_rad, done, lying=lying)
        return replace(truth, pose_rad=frozen_array(pose))


def _sensors(words: str) -> tuple[str | None, tuple[Segment, ...]]:
    """The camera's word, if any, and the segments that wear a sensor. Raises InputError."""
    parts = words.split("+")
    eye = parts[0] if parts[0] in _CAMERAS else None
    worn = parts[1:] if eye else parts
    if not all(part in _WORN for part in worn):
        raise InputError(
            "simulated sensors",
            value=words,
            allowed=", ".join(SENSOR_SETS),
            remedy="choose one of these",
        )
    found = dict.fromkeys(segment for part in worn for segment in _WORN[part])
    return eye, tuple(found)


def _camera(plan: Plan, chosen: Exercise, word: str) -> camera.Camera:
    working = View.LEFT if plan.side is Side.LEFT else View.RIGHT
    places = {"front": View.FRONT, "side": working}
    view = plan.view or places.get(word) or chosen.for_side(plan.side).camera_view()
    eye = camera.Camera(
        view,
        plan.seed,
        chosen.start_posture,
        noise=plan.noise,
        drop_ratio=plan.drop_ratio,
        mirrored=plan.mirrored,
        rate_hz=CAMERA_HZ,
    )
    white_m = plan.landmark_white_m
    return eye if white_m is None else dataclasses.replace(eye, white_m=white_m)


def _timetable(plan: Plan, chosen: Exercise) -> Guide:
    """Phases by the clock alone: five seconds ready, then ease in, hold, release, in turns."""
    dose = chosen.dose
    parts = (
        (Phase.GET_READY, 5.0),
        (Phase.EASE_IN, dose.ease_in_s),
        (Phase.HOLD, dose.hold_s),
        (Phase.RELEASE, 6.0),
    )
    round_s = sum(seconds for _, seconds in parts)
    sides = (plan.side, plan.side.other) if plan.both_sides else (plan.side,)

    def at(t_s: float) -> Guidance:
        turn, within = divmod(t_s - plan.stand_s - _GET_DOWN_S, round_s)
        phase = parts[-1][0]
        for name, seconds in parts:
            if within < seconds:
                phase = name
                break
            within -= seconds
        return Guidance(
            t_s=t_s,
            phase=phase,
            exercise_id=chosen.id,
            side=sides[int(turn) % len(sides)],
            repetition=int(turn) + 1,
            repetitions=dose.repetitions,
            phase_s=within,
            effective_s=0.0,
            uncertain_s=0.0,
            hold_target_s=dose.hold_s,
            in_window=None,
            gauge=Estimate(0.0, 0.0),
        )

    return at
