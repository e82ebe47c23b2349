"""A simulated person in front of simulated sensors, as a recording that knows its own truth.

The person is led either by a plain timetable (the truth then does not depend on any coach) or by a
coach who answers (`guide`, asked for the guidance in force at each moment).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import (
    ImuSample,
    LandmarkFrame,
    PersonSignal,
    Posture,
    RecordingHeader,
    Segment,
    Stream,
    View,
)
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import Exercise, exercise
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim import camera, imu, person
from lengthwise.sim.faults import Fault
from lengthwise.sim.motion import Traits, between, derived
from lengthwise.sim.skeleton import figure

RATE_HZ = 100.0
_LEGS = (Segment.THIGH_L, Segment.THIGH_R)
_SETS: dict[str, tuple[bool, tuple[Segment, ...]]] = {
    "camera": (True, ()),
    "camera+sacrum": (True, (Segment.PELVIS,)),
    "camera+sacrum+t12": (True, (Segment.PELVIS, Segment.T12)),
    "camera+imu4": (True, (Segment.PELVIS, Segment.T12, *_LEGS)),
    "imu4": (False, (Segment.PELVIS, Segment.T12, *_LEGS)),
    "imu6": (
        False,
        (Segment.PELVIS, Segment.T12, *_LEGS, Segment.SHANK_L, Segment.SHANK_R),
    ),
}
SENSOR_SETS = tuple(_SETS)

_GET_DOWN_S = 4.0
"""From upright standing into the start pose."""

Guide = Callable[[float], Guidance | None]


@dataclass(frozen=True)
class Plan:
    """What is simulated. `stand_s`: seconds of upright standing first, for the zero pose.

    `view` None: where the exercise wants its camera. `noise` scales every sensor's noise.
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


class SimulatedRecording:
    """Reads like any recording; `truth()` is what really happened so far: times and poses."""

    def __init__(self, plan: Plan, *, guide: Guide | None = None) -> None:
        if plan.sensors not in _SETS:
            raise InputError(
                "simulated sensors",
                value=plan.sensors,
                allowed=", ".join(SENSOR_SETS),
                remedy="choose one of these",
            )
        self.plan = plan
        self.traits = plan.traits or Traits.drawn(plan.seed)
        chosen = exercise(plan.exercise_id)
        sides = (plan.side, plan.side.other) if plan.both_sides else (plan.side,)
        self._person = person.Params(chosen, sides, plan.seed, self.traits, plan.faults)
        self._guide = guide or _timetable(plan, chosen)
        seen, segments = _SETS[plan.sensors]
        view = plan.view or chosen.for_side(plan.side).camera_view()
        self.camera = (
            camera.Camera(
                view,
                plan.seed,
                chosen.start_posture,
                noise=plan.noise,
                mirrored=plan.mirrored,
            )
            if seen
            else None
        )
        self.imus = tuple(imu.Imu(s, plan.seed, RATE_HZ, plan.noise) for s in segments)
        self._truth: list[person.Truth] = []

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
        return (
            np.array([t.t_s for t in self._truth]),
            np.array([t.pose_rad for t in self._truth]).reshape(-1, len(COORDINATES)),
        )

    def read(self) -> Iterator[LandmarkFrame | ImuSample | PersonSignal]:
        """Observations in the order of their capture, at the pace of the caller."""
        plan = self.plan
        state, seen = person.start(self._person), camera.State()
        felt = {sensor.segment: imu.State() for sensor in self.imus}
        every = round(RATE_HZ / self.camera.rate_hz) if self.camera else 0
        for n in range(round(plan.duration_s * RATE_HZ)):
            t_s = n / RATE_HZ
            state, truth = person.step(self._person, state, t_s, self._led(t_s))
            truth = self._stood_up_first(truth)
            self._truth.append(truth)
            posture = (
                Posture.STANDING if t_s < plan.stand_s else self._person.exercise.start_posture
            )
            body = figure(truth.pose_rad, height_m=self.traits.height_m, posture=posture)
            for sensor in self.imus:
                felt[sensor.segment], sample = imu.step(sensor, felt[sensor.segment], t_s, body)
                yield sample
            if self.camera is not None and n % every == 0:
                seen, frame = camera.step(self.camera, seen, t_s, body)
                if frame is not None:
                    yield frame
            if truth.signal is not None:
                yield truth.signal

    def close(self) -> None:
        """Nothing is held open."""

    def _led(self, t_s: float) -> Guidance | None:
        return None if t_s < self.plan.stand_s + _GET_DOWN_S else self._guide(t_s)

    def _stood_up_first(self, truth: person.Truth) -> person.Truth:
        """Upright standing for the zero pose, then on the way into the start pose."""
        since_s = truth.t_s - self.plan.stand_s
        if since_s >= _GET_DOWN_S or self.plan.stand_s <= 0:
            return truth
        upright = derived(posture_mean_rad(Posture.STANDING))
        pose = between(upright, truth.pose_rad, max(since_s, 0.0) / _GET_DOWN_S)
        return replace(truth, pose_rad=frozen_array(pose))


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
