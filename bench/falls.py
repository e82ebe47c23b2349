"""A leg that truly falls further into a stretch: what is said with and without doubt of its sensor.

    python bench/falls.py [--people 100:102] [--set NAME ..] [--quick]

A simulated person (numbers from 100 on) is led by the coach into the first hold, drawn on to a
place inside the window, and rests there. Then the process forks: the leg falls by so many degrees
along the path of the exercise and stays where it fell to, or creeps on by 4 degrees in 10 s. With a
camera and the sacrum the pelvis truly tips back in place of it, and beside any camera the sensor
slips, creeps or swings on a person who keeps still (`slips`): what the other rules doubt. Each once
as the product runs and once with every rule that doubts a worn sensor switched off. Told:

- named: seconds from the fall to a rejection of a sensor as worn otherwise;
- eased, released: seconds to the first ease and to the end of the hold, with the reason;
- silent: seconds in which a target was truly above its ceiling under load, and the envelope
  allowed to stay or more; counted: effective seconds after the fall.
"""

import dataclasses
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from lengthwise.body.session_state import Sliding
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.state import LOADED
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Guidance, Phase
from lengthwise.contracts.observation import ImuSample, Observation, Rejection, RejectionReason
from lengthwise.live import pipeline, sequencer
from lengthwise.live.evaluation.coaching_truth import truth_of
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
from lengthwise.reference.exercises import exercise
from lengthwise.sim.motion import eased, tipped
from lengthwise.sim.person_state import Truth
from lengthwise.sim.recording import Plan, SimulatedRecording
from slips import LONGEST_S, SETTLED_S, STAND_S, Slip, asked, turned

DRAWN_S, FALLS_S, WATCHED_S, PLACE = 2.0, 5.0, 14.0, 0.7
CREEPS_DEG, CREEPS_S = 4.0, 10.0
STRETCHES = ("bed_edge_hip_flexor", "supine_hamstring", "half_kneeling_hip_flexor",
             "side_lying_quadriceps", "knee_to_chest")  # fmt: skip
TIPPED = ("half_kneeling_hip_flexor", "bed_edge_hip_flexor", "standing_hip_flexor")
SENSORS = ("thigh_l+sacrum", "imu4", "imu6", "camera+thigh_l")
SETS = {f"{e}, {s}": (e, s) for e in STRETCHES for s in SENSORS}
SETS |= {f"{e}, camera+sacrum": (e, "camera+sacrum") for e in TIPPED}


@dataclass(frozen=True)
class Fall:
    deg: float
    over_s: float
    creeps: bool = False

    @property
    def name(self) -> str:
        return f"{self.deg:g} in {self.over_s:g} s{', creeps on' if self.creeps else ''}"

    def gone_deg(self, since_s: float) -> float:
        more = CREEPS_DEG * eased((since_s - 2.0) / CREEPS_S) if self.creeps else 0.0
        return self.deg * eased(since_s / self.over_s) + more


@dataclass(frozen=True)
class Tip:
    """The pelvis tips backwards between thighs and chest that stay: a hip goes further."""

    deg: float
    over_s: float

    @property
    def name(self) -> str:
        return f"tips {self.deg:g} in {self.over_s:g} s"

    def gone_rad(self, since_s: float) -> float:
        return -float(np.radians(self.deg)) * eased(since_s / self.over_s)


Event = Fall | Tip | Slip


class Tipping(SimulatedRecording):
    """`tips`: by how much at a time of the session, in radians, + forwards."""

    tips: Callable[[float], float]

    def _stood_up_first(self, truth: Truth) -> Truth:
        truth = super()._stood_up_first(truth)
        tilt_rad = self.tips(truth.t_s)
        if tilt_rad == 0.0:
            return truth
        return replace(truth, pose_rad=frozen_array(tipped(truth.pose_rad, tilt_rad)))


@dataclass
class Moment:
    t_s: float
    phase: Phase
    effective_s: float
    allowed: Action | None


class Hold:
    """One led hold in which the leg may fall."""

    def __init__(self, exercise_id: str, sensors: str, person: int) -> None:
        plan = Plan(
            exercise_id=exercise_id,
            side=Side.LEFT,
            seed=person,
            sensors=sensors,
            duration_s=LONGEST_S,
            stand_s=STAND_S,
            landmark_white_m=0.005 if "camera" in sensors else None,
        )
        self.event: Event | None = None
        self.trusts = False
        self.latest: Guidance | None = None
        self.recording = Tipping(plan, guide=lambda _: self.latest, drawn=self._drawn)
        self.recording.tips = self._tips
        params = pipeline_params(rehearsal_started(Rehearsal(plan, Path()), self.recording))
        assert params.coach is not None
        ready_s = plan.led_from_s + SETTLED_S
        led = dataclasses.replace(params.coach, ready_from_s=ready_s)
        self.params, self.plan = dataclasses.replace(params, coach=led), led.plans[0]
        hip = next(
            m for m in exercise(exercise_id).path if m.coordinate is Coordinate.HIP_FLEXION_L
        )
        self.share_per_deg = 1.0 / abs(hip.end_deg - hip.start_deg)
        self.state, self.order = pipeline.start(self.params), sequencer.start()
        self.begun_s: float | None = None
        self.hold_s: float | None = None
        self.own: float | None = None
        self.phase = Phase.GET_READY
        self.moments: list[Moment] = []
        self.rejected: list[Rejection] = []
        self.decided: list[Decision] = []
        self.stream = self.recording.read()

    def _drawn(self, t_s: float, own: float) -> float:
        """From the beginning of the hold on the leg is where it is drawn to, whoever eases."""
        if self.hold_s is None:
            return 0.0
        self.own = own if self.own is None else self.own
        place = max(self.recording.traits.share_at(PLACE), self.own)
        share = self.own + (place - self.own) * eased((t_s - self.hold_s) / DRAWN_S)
        if isinstance(self.event, Fall):
            gone_deg = self.event.gone_deg(t_s - self.hold_s - FALLS_S)
            share += gone_deg * self.share_per_deg
        return share - own

    def _tips(self, t_s: float) -> float:
        if self.hold_s is None or not isinstance(self.event, Tip):
            return 0.0
        return self.event.gone_rad(t_s - self.hold_s - FALLS_S)

    def _slipped(self, o: Observation) -> Observation:
        if not isinstance(o, ImuSample) or not isinstance(self.event, Slip) or self.hold_s is None:
            return o
        imu = next(i for i in self.recording.imus if i.segment is o.segment)
        since_s = o.t_s - self.hold_s - FALLS_S
        return turned(o, self.event, since_s, imu.rot_sensor_from_segment)

    def until(self, held_s: float) -> bool:
        """Led on until so long after the hold began; False where none began or it is over."""
        for o in self.stream:
            self.order, due = sequencer.step(self.order, self._slipped(o), lag_s=0.0)
            for item in due:
                if not isinstance(item, Rejection):
                    if self.trusts:
                        body = replace(self.state.body, sliding=Sliding(trusts=True))
                        self.state = replace(self.state, body=body)
                    self.state, out = pipeline.step(self.params, self.state, item)
                    self._take(out)
            if self.hold_s is not None and o.t_s - self.hold_s >= held_s:
                return True
            ended = self.phase in (Phase.DONE, Phase.STOPPED, Phase.REST)
            if self.hold_s is None and ended:
                return False
        return False

    def _take(self, out: pipeline.Output) -> None:
        self.rejected += out.rejections
        self.decided += out.decisions
        frame, coached = out.frame, self.state.coach
        if frame is None or frame.guidance is None or coached is None:
            return
        guidance = self.latest = frame.guidance
        if guidance.phase is Phase.EASE_IN and self.phase is not Phase.EASE_IN:
            self.begun_s = guidance.t_s
        self.phase = guidance.phase
        if guidance.phase is Phase.HOLD and self.hold_s is None:
            self.hold_s = guidance.t_s
        if self.hold_s is not None:
            allowed = coached.sighting.allowed
            self.moments.append(Moment(guidance.t_s, guidance.phase, guidance.effective_s, allowed))


def measured(hold: Hold) -> dict[str, object]:
    assert hold.hold_s is not None and hold.begun_s is not None and hold.params.coach is not None
    falls_s = hold.hold_s + FALLS_S
    kept = [m for m in hold.moments if m.t_s >= falls_s]
    at_s = np.array([m.t_s for m in kept])
    times_s, poses_rad = hold.recording.truth()
    truth = truth_of(
        hold.plan,
        hold.params.coach.settings,
        times_s=times_s,
        poses_rad=poses_rad,
        at_s=at_s,
        begun_s=hold.begun_s,
        traits=hold.recording.traits,
        anatomy=hold.params.anatomy,
    )
    lasts_s = np.diff(at_s, append=at_s[-1])
    over: np.ndarray = np.asarray(truth.over(hold.plan).any(axis=1))
    # Once the hold is led back the coach has said so; the leg of this bench stays all the same.
    left = next((i for i, m in enumerate(kept) if m.phase not in LOADED), len(kept))
    free = np.array([m.allowed is None or m.allowed >= Action.HOLD for m in kept])
    free[left:] = False
    after = [d for d in hold.decided if d.t_s >= falls_s]
    named = [
        (r.t_s - falls_s, r.detail)
        for r in hold.rejected
        if r.reason is RejectionReason.REMOUNTED and r.t_s >= falls_s
    ]

    def first(kind: DecisionKind, phase: Phase | None = None) -> list[object] | None:
        for d in after:
            if d.kind is kind and (phase is None or d.phase is phase):
                return [round(d.t_s - falls_s, 2), str(d.reasons[0].id)]
        return None

    position = truth.position[-1]
    return {
        "named_s": round(named[0][0], 2) if named else None,
        "detail": named[0][1] if named else None,
        "eased": first(DecisionKind.EASE),
        "released": first(DecisionKind.PHASE, Phase.RELEASE),
        "over_s": round(float(lasts_s[:left][over[:left]].sum()), 1),
        "silent_s": round(float(lasts_s[over & free].sum()), 1),
        "counted_s": round(kept[-1].effective_s - kept[0].effective_s, 1),
        "true": [round(float(x), 2) for x in position],
    }


def forked(hold: Hold, event: Event | None, *, trusts: bool) -> dict[str, object]:
    """What becomes of the hold, found by a child that shares all that went before."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        with os.fdopen(writes, "wb") as out:
            hold.event, hold.trusts = event, trusts
            hold.until(FALLS_S + WATCHED_S)
            pickle.dump(measured(hold), out)
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as back:
        found: dict[str, object] = pickle.load(back)
    os.waitpid(child, 0)
    return found


def events(sensors: str, *, quick: bool) -> list[Event | None]:
    slips = [Slip(way, 20.0, 2.0) for way in ("backwards", "forwards")]
    slips += [Slip("forwards", 10.0, 0.0, swings_hz=1.5), Slip("backwards", 20.0, 0.1)]
    if sensors == "camera+sacrum":
        tips = [Tip(deg, over_s) for deg in (10.0, 15.0) for over_s in (0.4, 0.6, 1.0)]
        return [None, *tips, *slips[-2:]]
    return [*falls(quick=quick), *(slips if "camera" in sensors else ())]


def falls(*, quick: bool) -> list[Event | None]:
    if quick:
        return [Fall(12.0, 0.12), Fall(12.0, 0.12, creeps=True)]
    sizes = [Fall(9.0, 0.1), Fall(12.0, 0.12), Fall(15.0, 0.15)]
    return [None, *sizes, Fall(12.0, 0.12, creeps=True)]


def runs(name: str, person: int, *, quick: bool) -> Iterator[dict[str, object]]:
    hold = Hold(*SETS[name], person)
    before = {"set": name, "person": person}
    if not hold.until(FALLS_S - 0.05) or hold.phase is not Phase.HOLD:
        yield {**before, "fall": None, "began": False}
        return
    for event in events(SETS[name][1], quick=quick):
        for trusts in (True, False):
            told = "none" if event is None else event.name
            yield {
                **before,
                "fall": told,
                "doubts": not trusts,
                **forked(hold, event, trusts=trusts),
            }


def main() -> int:
    return asked(__doc__, SETS, runs, quick="two falls of 12 degrees")


if __name__ == "__main__":
    sys.exit(main())
