"""A worn sensor that slips in a hold: whether it is noticed, and what is counted after it.

    python bench/slips.py [--people 100:102] [--set NAME ..] [--quick]

A simulated person (numbers from 100 on) is led by the coach into the first hold, as `evaluate
coach` does it. Two seconds into it the process forks once for every slip: the sensor turns on the
body by so many degrees, forwards, backwards or to the left, and its gyroscope feels it. One more
hold goes on without a slip, and of each kind of movement one. Told of each, over 12 s:

- noticed: seconds from the beginning of the slip to a rejection of that sensor by name;
- counted: seconds told effective, and of these wrong ones: the person was not in the window, or
  beyond a tolerance (with `tips`: three seconds after the slip the pelvis tips by 1.6 tolerances);
- untrue: seconds counted while what the exercise asks for or goes by was told with an error of more
  than 1.96 sd; error and sd of what turned, in degrees, 6 s after it began.
"""

import argparse
import json
import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import structs
from scipy.spatial.transform import Rotation

from lengthwise.coach.hold_clock import Counting
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.contracts.observation import ImuSample, Rejection, RejectionReason, Segment
from lengthwise.contracts.states import Unseen
from lengthwise.live import pipeline, sequencer
from lengthwise.live.evaluation.coaching_truth import truth_of
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
from lengthwise.reference.exercises import exercise
from lengthwise.sim.faults import Fault, FaultKind
from lengthwise.sim.recording import Plan, SimulatedRecording

STAND_S, SETTLED_S, LONGEST_S, FIRST_S, WATCHED_S, LOOKED_AT_S = 4.0, 1.0, 150.0, 2.0, 12.0, 6.0
TIPS_AFTER_S = 3.0
P, TL = Segment.PELVIS, Segment.THIGH_L
SETS = {
    "lunge, camera + sacrum": ("half_kneeling_hip_flexor", "camera+sacrum", P),
    "lunge, sacrum alone": ("half_kneeling_hip_flexor", "sacrum", P),
    "lunge, six sensors": ("half_kneeling_hip_flexor", "imu6", P),
    "leg raise, camera + thigh": ("supine_hamstring", "camera+thigh_l", TL),
    "leg raise, thigh alone": ("supine_hamstring", "thigh_l", TL),
    "leg raise, six sensors": ("supine_hamstring", "imu6", TL),
    "side bridge, camera + sacrum": ("side_bridge", "camera+sacrum", P),
    "leg back, camera + sacrum": ("standing_leg_back", "camera+sacrum", P),
    "wall lean, camera + sacrum": ("wall_side_lean", "camera+sacrum", P),
    "bird dog, six sensors": ("bird_dog", "imu6", P),
}
AXES = {"forwards": (0.0, -1.0, 0.0), "backwards": (0.0, 1.0, 0.0), "left": (-1.0, 0.0, 0.0)}
"""A turn of what is read, in the axes of the segment: forwards reads as tilted to the front."""


@dataclass(frozen=True)
class Slip:
    """`swings_hz`: to and fro all the time in place of once; `back`: the share that comes back 3 s
    after it is over."""

    way: str
    deg: float
    over_s: float
    back: float = 0.0
    swings_hz: float = 0.0

    @property
    def name(self) -> str:
        if self.swings_hz:
            return f"swings {self.way} {self.deg:.0f}"
        back = ", half back" if self.back else ""
        return f"{self.way} {self.deg:.0f} in {self.over_s:g} s{back}"

    def share(self, since_s: float) -> float:
        """Of the whole turn, so long after it began."""
        if since_s <= 0.0:
            return 0.0
        if self.swings_hz:
            return float(np.sin(2.0 * np.pi * self.swings_hz * since_s))
        gone = _eased(since_s / self.over_s)
        return gone - self.back * _eased((since_s - self.over_s - 3.0) / 0.5)


def _eased(x: float) -> float:
    x = min(max(x, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)


def turned(sample: ImuSample, slip: Slip, since_s: float, mount: np.ndarray) -> ImuSample:
    """The sample of the sensor that slipped. `mount` (3, 3): sensor from segment."""
    axis = np.radians(slip.deg) * (mount @ np.array(AXES[slip.way]))
    turn = Rotation.from_rotvec(slip.share(since_s) * axis).as_matrix()
    half_s = 0.005
    rate = (slip.share(since_s + half_s) - slip.share(since_s - half_s)) / (2 * half_s)
    assert sample.gyr_rad_s is not None
    # What is read turns one way where the sensor turns the other.
    acc, gyr = turn @ np.array(sample.acc_m_s2), turn @ np.array(sample.gyr_rad_s) - rate * axis
    return structs.replace(sample, acc_m_s2=tuple(acc.tolist()), gyr_rad_s=tuple(gyr.tolist()))


def slips(*, quick: bool) -> list[Slip]:
    found = []
    for way in AXES:
        for deg in (20.0,) if quick else (5.0, 10.0, 20.0, 30.0):
            found += [Slip(way, deg, over_s) for over_s in (0.1, 2.0, 10.0)]
        if not quick:
            found.append(Slip(way, 20.0, 0.1, back=0.5))
    if quick:
        found += [Slip("backwards", 10.0, 2.0), Slip("backwards", 20.0, 0.1, back=0.5)]
    return [*found, Slip("forwards", 10.0, 0.0, swings_hz=1.5)]


@dataclass
class Moment:
    t_s: float
    counted: bool
    claimed: np.ndarray
    gauge: int
    mean_deg: np.ndarray
    sd_deg: np.ndarray
    position: tuple[float, float] | None
    words: tuple[str, ...]


class Hold:
    """One led hold that can be told, on the way, what slips and what tips."""

    def __init__(self, exercise_id: str, sensors: str, person: int, fault: Fault | None) -> None:
        chosen = exercise(exercise_id)
        self.slip: Slip | None = None
        self.latest: Guidance | None = None
        plan = Plan(
            exercise_id=exercise_id,
            side=Side.LEFT,
            seed=person,
            sensors=sensors,
            duration_s=LONGEST_S,
            stand_s=STAND_S,
            faults=() if fault is None else (fault,),
            landmark_white_m=0.005 if "camera" in sensors else None,
        )
        self.recording = SimulatedRecording(plan, guide=lambda _t_s: self.latest)
        params = pipeline_params(rehearsal_started(Rehearsal(plan, Path()), self.recording))
        assert params.coach is not None
        led = replace(params.coach, ready_from_s=plan.led_from_s + SETTLED_S)
        self.params = replace(params, coach=led)
        self.plan, self.chosen = led.plans[0], chosen
        self.state, self.order = pipeline.start(self.params), sequencer.start()
        self.begun_s: float | None = None
        self.hold_s: float | None = None
        self.phase = Phase.GET_READY
        self.moments: list[Moment] = []
        self.rejected: list[Rejection] = []
        self.words: list[tuple[float, str]] = []
        self.stream = self.recording.read()
        self.over = False

    def until(self, held_s: float, segment: Segment) -> bool:
        """Led on until so long into the hold; False where it ended or never began."""
        mount = next(i.rot_sensor_from_segment for i in self.recording.imus if i.segment is segment)
        for o in self.stream:
            if self.slip is not None and isinstance(o, ImuSample) and o.segment is segment:
                assert self.hold_s is not None
                o = turned(o, self.slip, o.t_s - self.hold_s - FIRST_S, mount)
            self.order, due = sequencer.step(self.order, o, lag_s=0.0)
            for item in due:
                if not isinstance(item, Rejection):
                    self.state, out = pipeline.step(self.params, self.state, item)
                    self._take(out)
            now_s = o.t_s
            if self.hold_s is not None and now_s - self.hold_s >= held_s:
                return True
            if self.hold_s is None and self.phase in (Phase.DONE, Phase.STOPPED, Phase.REST):
                return False
        return False

    def _take(self, out: pipeline.Output) -> None:
        self.rejected += out.rejections
        self.words += [(d.t_s, d.cue_id) for d in out.decisions if d.cue_id]
        frame, coached = out.frame, self.state.coach
        if frame is None or frame.guidance is None or coached is None:
            return
        guidance = self.latest = frame.guidance
        if guidance.phase is Phase.EASE_IN and self.phase is not Phase.EASE_IN:
            self.begun_s = guidance.t_s
        self.phase = guidance.phase
        if guidance.phase is Phase.HOLD and self.hold_s is None:
            self.hold_s = guidance.t_s
        if self.hold_s is None:
            return
        body, places = frame.body, frame.tissue
        gauge = -1
        for i, target in enumerate(self.plan.targets):
            if places.claimed[GROUP_INDEX[target]] and places.window_position[GROUP_INDEX[target]]:
                gauge = i
                break
        found = None
        if gauge >= 0:
            told = places.window_position[GROUP_INDEX[self.plan.targets[gauge]]]
            assert told is not None
            found = (told.mean, told.sd)
        counting = coached.clock.previous
        self.moments.append(
            Moment(
                guidance.t_s,
                guidance.phase is Phase.HOLD and counting is Counting.EFFECTIVE,
                np.array([why is Unseen.CLAIMED for why in body.unseen]),
                gauge,
                np.degrees(body.mean_rad),
                np.degrees(np.sqrt(np.maximum(np.diag(body.covariance_rad2), 0.0))),
                found,
                guidance.waiting_for,
            )
        )


def of(segment: Segment, way: str) -> Coordinate:
    """The coordinate that a slip is read as."""
    if segment is Segment.PELVIS:
        return Coordinate.PELVIS_OBLIQUITY if way == "left" else Coordinate.PELVIS_TILT
    return Coordinate.HIP_ADDUCTION_L if way == "left" else Coordinate.HIP_FLEXION_L


def measured(hold: Hold, name: str, segment: Segment, way: str) -> dict[str, object]:
    assert hold.hold_s is not None and hold.begun_s is not None
    begins_s = hold.hold_s + FIRST_S
    kept = [m for m in hold.moments if m.t_s >= begins_s]
    at_s = np.array([m.t_s for m in kept])
    assert hold.params.coach is not None
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
    counted = np.array([m.counted for m in kept])
    gauges = np.array([m.gauge for m in kept])
    due = truth.effective(hold.plan, gauges)
    i = INDEX[of(segment, way)]
    poses_deg = np.degrees(poses_rad[np.searchsorted(times_s, at_s - 1e-6)])
    claimed = np.array([m.claimed[i] for m in kept])
    off = np.abs(np.array([m.mean_deg[i] for m in kept]) - poses_deg[:, i])
    untrue = claimed & (off > 1.96 * np.array([m.sd_deg[i] for m in kept]))
    named = [
        r.t_s - begins_s
        for r in hold.rejected
        if r.reason is RejectionReason.REMOUNTED
        and r.source == f"imu:{segment.value}"
        and r.t_s >= begins_s
    ]
    late = int(np.searchsorted(at_s, begins_s + LOOKED_AT_S)) - 1
    place = kept[late].position
    said = [f"{w} {t - begins_s:.1f}" for t, w in hold.words if t >= begins_s]
    waits = sorted({w for m in kept for w in m.words})
    return {
        "slip": name,
        "noticed_s": round(named[0], 2) if named else None,
        "named": len(named),
        "counted_s": round(float(lasts_s[counted].sum()), 1),
        "wrong_s": round(float(lasts_s[counted & ~due].sum()), 1),
        "claimed_s": round(float(lasts_s[claimed].sum()), 1),
        "untrue_s": round(float(lasts_s[untrue].sum()), 1),
        "error_deg": round(float(kept[late].mean_deg[i] - poses_deg[late, i]), 1),
        "sd_deg": round(float(kept[late].sd_deg[i]), 1),
        "position": None if place is None else [round(x, 2) for x in place],
        "true": [round(float(x), 2) for x in truth.position[late]],
        "held": bool(kept[-1].t_s - begins_s >= WATCHED_S - 0.2 and hold.phase is Phase.HOLD),
        "said": said[:4],
        "waits": waits[:4],
    }


def forked(hold: "Hold", slip: Slip | None, segment: Segment) -> dict[str, object]:
    """What becomes of the hold, found by a child that shares all that went before."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        with os.fdopen(writes, "wb") as out:
            hold.slip = slip
            hold.until(FIRST_S + WATCHED_S, segment)
            told = "none" if slip is None else slip.name
            way = "backwards" if slip is None else slip.way
            pickle.dump(measured(hold, told, segment, way), out)
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as back:
        found: dict[str, object] = pickle.load(back)
    os.waitpid(child, 0)
    return found


def tipping(exercise_id: str) -> Fault | None:
    """The pelvis tips the way the exercise warns of."""
    for c in exercise(exercise_id).constraints:
        if c.coordinate is Coordinate.PELVIS_TILT:
            size = 1.6 * np.radians(c.tolerance_deg) * (c.direction or 1)
            from_s = FIRST_S + TIPS_AFTER_S
            return Fault(
                FaultKind.LEAVES, from_s, from_s + 30.0, float(size), coordinate=c.coordinate
            )
    return None


def runs(name: str, person: int, *, quick: bool) -> Iterator[dict[str, object]]:
    exercise_id, sensors, segment = SETS[name]
    for tips in (False, True):
        fault = tipping(exercise_id) if tips else None
        if tips and fault is None:
            continue
        hold = Hold(exercise_id, sensors, person, fault)
        before = {"set": name, "person": person, "tips": tips}
        if not hold.until(FIRST_S - 0.05, segment):
            yield {**before, "slip": "none", "began": False}
            return

        chosen: list[Slip | None] = [None]
        for slip in slips(quick=quick):
            after_tip = slip.way == "backwards" and slip.deg == 20.0 and not slip.back
            if not tips or (after_tip and (slip.over_s == 2.0 or not quick)):
                chosen.append(slip)
        for one in chosen:
            yield {**before, "began": True, **forked(hold, one, segment)}


def main() -> int:
    return asked(__doc__, SETS, runs, quick="a dozen slips, most of 20 degrees")


def asked(
    said: str | None,
    sets: Mapping[str, Any],
    run: Callable[..., Iterable[dict[str, Any]]],
    *,
    quick: str,
) -> int:
    """What a bench of this kind is asked for on its command line, a line of JSON for each run."""
    parser = argparse.ArgumentParser(description=said)
    parser.add_argument("--people", default="100:102", help="from:to, 100 and up")
    parser.add_argument("--set", action="append", choices=sorted(sets), help="default: all")
    parser.add_argument("--quick", action="store_true", help=quick)
    args = parser.parse_args()
    first, _, last = args.people.partition(":")
    for name in args.set or sets:
        for person in range(int(first), int(last or int(first) + 1)):
            for found in run(name, person, quick=args.quick):
                print(json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
