"""Use case: what each test would tell with which sensors, computed and not listed.

A simulated person stands, takes the start posture and goes to the end of the drawn path in front of
those sensors. What is told of the angle there, from the body estimate alone, gives the sd; what a
repeat differs by follows from it and from how people differ from day to day.
"""

from collections.abc import Callable, Iterable
from math import degrees, sqrt
from statistics import fmean

import numpy as np
from msgspec import Struct

from lengthwise.body import estimator
from lengthwise.coach.measuring import change, measured
from lengthwise.coach.taking import largest_sd_rad, usable
from lengthwise.coach.taking_params import measured_parts, rule_of
from lengthwise.contracts.coordinates import INDEX, Side
from lengthwise.contracts.observation import (
    ImuSample,
    LandmarkFrame,
    PersonSignal,
    SignalKind,
    Tick,
)
from lengthwise.contracts.states import BodyState, Estimate
from lengthwise.live.observability import ADDABLE
from lengthwise.plan.assessment import mdc_of
from lengthwise.reference.assessments import assessments
from lengthwise.reference.exercise_taken import Way
from lengthwise.reference.exercises import Exercise, guided_tests
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim.recording import RATE_HZ, Plan, SimulatedRecording

SETS = ("camera", "camera+sacrum", "camera+sacrum+t12", "imu6")
"""What people have: a webcam; the phone in the waistband beside it; a second sensor; or six."""
_SEEDS = (0, 1)
_STAND_S, _DOWN_S, _READY_S, _STAY_S, _TICK_S = 4.0, 4.0, 2.0, 4.0, 0.05
_GOING_S = 11.0
"""By then a simulated person has gone all the way."""
_TOLD_LEAST = 0.5


class Known(Struct, frozen=True):
    """One test with one set of sensors. `sd_deg` of the angle at its end, and `error_deg` from what
    was true there, root mean square over simulated people, None where it is not known; `kept`:
    everything that has to be kept is; `mdc_deg`: what a repeat on another day has to differ by.
    Both of the angle that is taken or held, also where the result is a time."""

    test_id: str
    sensors: str
    sd_deg: float | None
    error_deg: float | None
    kept: bool
    mdc_deg: float | None = None


class KnownBy(Struct, frozen=True):
    """A test over all sets. `needs`: the least that its file says to wear (`observe`) for the angle
    and what has to be kept, empty where nothing shows them; `with_needs`: computed with just
    these, and no camera."""

    test_id: str
    known: tuple[Known, ...]
    needs: tuple[str, ...]
    with_needs: Known | None = None


def known_by(
    ids: Iterable[str] | None = None,
    sets: Iterable[str] = SETS,
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[KnownBy, ...]:
    """`progress` is given each test with its sensors as it is begun."""
    found = []
    for test_id in ids or guided_tests():
        chosen = guided_tests()[test_id].for_side(Side.LEFT)
        told = []
        for sensors in sets:
            progress(f"{test_id}, {sensors}")
            told.append(_known(chosen, sensors))
        needs = needed(chosen)
        progress(f"{test_id}, {'+'.join(needs) or 'nothing to wear'}")
        least = _known(chosen, "+".join(needs)) if needs else None
        found.append(KnownBy(test_id, tuple(told), needs, least))
    return tuple(found)


def needed(chosen: Exercise) -> tuple[str, ...]:
    """Nothing where the angle itself is shown by nothing that can be worn."""
    parts = {p.coordinate for p in measured_parts(chosen)}
    if not parts <= {o.coordinate for o in chosen.observe}:
        return ()
    parts |= set(chosen.taken.controls if chosen.taken else ())
    worn = {s.value for o in chosen.observe if o.coordinate in parts for s in o.by}
    words = {"pelvis": "sacrum"}
    named = [words.get(s, s) for s in sorted(worn)]
    return tuple(sorted(named, key=lambda w: ADDABLE.index(w) if w in ADDABLE else len(ADDABLE)))


def _known(chosen: Exercise, sensors: str) -> Known:
    assert chosen.taken is not None, "only tests are asked about"
    sds, errors, kept = [], [], []
    for seed in _SEEDS:
        told = _of_person(chosen, sensors, seed)
        kept.append(told.kept)
        if told.value is not None:
            sds.append(told.value.sd)
            errors.append(told.value.mean - told.true_rad)
    if len(sds) <= _TOLD_LEAST * len(_SEEDS):
        return Known(chosen.id, sensors, None, None, all(kept))
    sd_deg = degrees(sqrt(fmean(s * s for s in sds)))
    error_deg = degrees(sqrt(fmean(e * e for e in errors)))
    mdc_deg = None
    if chosen.taken.way is Way.FURTHEST:
        mdc_deg = mdc_of(assessments()[chosen.taken.result], sd_deg)
    return Known(chosen.id, sensors, sd_deg, error_deg, all(kept), mdc_deg)


class _Told(Struct, frozen=True):
    value: Estimate | None
    true_rad: float
    kept: bool


def _of_person(chosen: Exercise, sensors: str, seed: int) -> _Told:
    """The angle in the last seconds of a stay at the end of the path."""
    assert chosen.taken is not None, "only tests are asked about"
    begins_s = _STAND_S + _DOWN_S + _READY_S
    ends_s = begins_s + max(chosen.dose.ease_in_s, _GOING_S) + _STAY_S
    plan = Plan(chosen.id, Side.LEFT, seed, sensors, duration_s=ends_s, stand_s=_STAND_S)
    recording = SimulatedRecording(plan)
    bodies: list[BodyState] = []
    start: Estimate | None = None
    parts = measured_parts(chosen)
    counted = chosen.taken.way is Way.REPEATED
    most_rad = largest_sd_rad(rule_of(chosen))
    values: list[Estimate | None] = []
    marked = _Estimate(chosen, recording)
    for body in marked.bodies():
        if start is None and body.t_s >= begins_s - 1.0:
            start = measured(body, parts, counted=counted)
            marked.mark(body.t_s)
            marked.start_s = body.t_s
        if body.t_s >= ends_s - _STAY_S:
            now = measured(body, parts, counted=counted)
            absolute = not chosen.taken.from_start
            told = now if absolute else change(body, parts, now, start)
            values.append(usable(told, most_rad))
            bodies.append(body)
    known = [v for v in values if v is not None]
    controls = chosen.taken.controls
    kept = all(sum(b.claimed(c) is not None for b in bodies) > 0.8 * len(bodies) for c in controls)
    if len(known) <= 0.8 * len(values) or not known:
        return _Told(None, 0.0, kept)
    value = Estimate(fmean(v.mean for v in known), max(v.sd for v in known))
    return _Told(value, _true_rad(chosen, recording, ends_s, marked.start_s), kept)


def _true_rad(
    chosen: Exercise, recording: SimulatedRecording, ends_s: float, start_s: float
) -> float:
    times_s, poses = recording.truth()
    angle = sum(
        (p.factor * poses[:, INDEX[p.coordinate]] for p in measured_parts(chosen)),
        np.zeros(len(times_s)),
    )
    there = float(angle[times_s >= ends_s - _STAY_S].mean())
    from_start = chosen.taken is not None and chosen.taken.from_start
    return there - float(angle[np.searchsorted(times_s, start_s)]) if from_start else there


class _Estimate:
    """The body estimate over a recording; can be told to mark the pose as it goes."""

    def __init__(self, chosen: Exercise, recording: SimulatedRecording) -> None:
        self.start_s = 0.0
        self._recording = recording
        self._marks_s: list[float] = []
        self._params = estimator.Params(
            recording.header.streams,
            chosen.start_posture,
            posture_mean_rad(
                chosen.start_posture, overrides_rad=chosen.start_rad(), side=chosen.written_for
            ),
            zero_s=(0.5, _STAND_S - 0.5),
            pelvis_kept=chosen.pelvis_kept,
        )

    def mark(self, t_s: float) -> None:
        self._marks_s.append(t_s)

    def bodies(self) -> Iterable[BodyState]:
        state, ticks = estimator.start(self._params), 0
        for observation in self._recording.read():
            while self._marks_s:
                word = PersonSignal(self._marks_s.pop(), SignalKind.FIRST_RESISTANCE)
                state, _ = estimator.step(self._params, state, word)
            if not isinstance(observation, LandmarkFrame | ImuSample):
                continue
            state, out = estimator.step(self._params, state, observation)
            if (
                self._recording.camera is None
                and observation.t_s >= ticks * _TICK_S - 0.5 / RATE_HZ
            ):
                ticks += 1
                state, out = estimator.step(self._params, state, Tick(observation.t_s))
            if out.state is not None:
                yield out.state
