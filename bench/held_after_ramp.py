"""What is held right after two ramps to tolerance, by simulated people, in the same session.

    python bench/held_after_ramp.py [--people 5] [--jobs 2]

Each person goes by the offers, marks both ramps, and is then led through the exercise's own holds.
Truth is the simulator's: how far between the person's own marks the muscle really was. Simulated
people are not used to tune anything here (seeds 100 and up), and show nothing about real ones.
"""

import argparse
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
from msgspec import Struct

from lengthwise.coach.params import plan_of
from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.observation import Rejection
from lengthwise.contracts.person import MarkKind
from lengthwise.live import pipeline, sequencer
from lengthwise.live.evaluation.coaching_run import sensor_words
from lengthwise.live.evaluation.coaching_truth import truth_of
from lengthwise.live.kept_answers import stated_care
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
from lengthwise.reference.exercises import exercise
from lengthwise.sim.recording import Plan, SimulatedRecording

EXERCISES = (
    "supine_hamstring", "standing_hamstring", "seated_hamstring", "half_kneeling_hip_flexor",
    "standing_hip_flexor", "prone_knee_bend", "figure_four",
)  # fmt: skip
SENSORS = ("phone", "imus", "side+imu6")
FIRST_SEED, LONGEST_S, STAND_S, SETTLED_S = 100, 600.0, 4.0, 1.0
PERMITTED = (
    "pain_now=1", "pain_relief=no", "flare=no", "irritable=no", "leg_sign=no", "course=chronic",
    "hypermobile=0", "osteoporotic=no", "pregnant=no",
)  # fmt: skip


class Held(Struct):
    """One person: `kept` both ramps measured; `spans_mm` between the marks; positions (n,) of the
    target nearest its ceiling, while held; `led` that the window led; seconds as they were told."""

    exercise_id: str
    sensors: str
    seed: int
    kept: bool = False
    held_s: float = 0.0
    led: bool = False
    span_mm: float = float("nan")
    positions: list[float] = []
    sds: list[float] = []
    effective_s: float = 0.0
    false_s: float = 0.0


def run(piece: tuple[str, str, int]) -> Held:
    chosen, (name, sensors, seed) = exercise(piece[0]), piece
    plan = Plan(
        name, Side.LEFT, seed, sensors=sensor_words(sensors, chosen) if sensors in ("phone", "imus")
        else sensors, duration_s=LONGEST_S, stand_s=STAND_S,
    )  # fmt: skip
    guide: list[object] = [None]
    recording = SimulatedRecording(plan, guide=lambda _: guide[0])  # type: ignore[arg-type,return-value]
    care = stated_care(list(PERMITTED), Care(warm=True))
    request = Rehearsal(plan, Path(), ramp=True, care=care)
    params = pipeline_params(rehearsal_started(request, recording))
    assert params.coach is not None
    in_place = replace(params.coach, ready_from_s=plan.led_from_s + SETTLED_S)
    params = replace(params, coach=in_place)
    state, order, found = pipeline.start(params), sequencer.start(), Held(name, sensors, seed)
    moments: list[tuple[float, float, bool]] = []
    begun_s, told_s = 0.0, 0.0
    for observation in recording.read():
        order, due = sequencer.step(order, observation, lag_s=0.0)
        for item in due:
            if isinstance(item, Rejection):
                continue
            state, out = pipeline.step(params, state, item)
            coached = state.coach
            if out.frame is None or out.frame.guidance is None or coached is None:
                continue
            guide[0], guidance = out.frame.guidance, out.frame.guidance
            assert coached.ramping is not None
            if not coached.ramping.held:
                continue
            if guidance.phase is Phase.EASE_IN and coached.phase_start_s == guidance.t_s:
                begun_s = begun_s or guidance.t_s
            if guidance.phase is Phase.HOLD and guidance.repetition == 1:
                counts = guidance.effective_s > told_s
                told_s = guidance.effective_s
                moments.append((guidance.t_s, _sd(state, params), counts))
                found.led = found.led or coached.sighting.window_leads
        if state.coach is not None and state.coach.phase in (Phase.DONE, Phase.STOPPED):
            break
    assert state.coach is not None and state.coach.ramping is not None
    found.kept = state.coach.ramping.ramp.kept is not None
    return _measured(found, params, state, recording, moments, begun_s)


def _sd(state: pipeline.State, params: pipeline.Params) -> float:
    seen = None if state.coach is None else state.coach.sighting.position
    return float("nan") if seen is None else seen.sd


def _measured(
    found: Held,
    params: pipeline.Params,
    state: pipeline.State,
    recording: SimulatedRecording,
    moments: list[tuple[float, float, bool]],
    begun_s: float,
) -> Held:
    assert params.coach is not None and state.coach is not None
    if not moments:
        return found
    plan = plan_of(params.coach, state.coach)
    times_s, poses_rad = recording.truth()
    at_s = np.array([t for t, _, _ in moments])
    truth = truth_of(
        plan, params.coach.settings, times_s=times_s, poses_rad=poses_rad, at_s=at_s,
        begun_s=begun_s, traits=recording.traits, anatomy=params.anatomy,
    )  # fmt: skip
    position = np.nanmax(truth.position, axis=1)
    window = plan.windows[0]
    inside = (position >= window.low) & (position <= window.high)
    step_s = np.diff(at_s, append=at_s[-1])
    counts = np.array([c for _, _, c in moments])
    found.positions = position.tolist()
    found.sds = [sd for _, sd, _ in moments]
    found.held_s = float(at_s[-1] - at_s[0])
    found.effective_s = float(step_s[counts].sum())
    found.false_s = float(step_s[counts & ~inside].sum())
    marks = {(m.kind, m.group): m.length_m for m in state.tissue.marks}
    group = plan.targets[0][0]
    if (MarkKind.TOLERANCE, group) in marks:
        first_m = marks[MarkKind.FIRST_RESISTANCE, group]
        found.span_mm = 1e3 * (marks[MarkKind.TOLERANCE, group] - first_m)
    return found


def table(found: Iterable[Held]) -> list[str]:
    rows: dict[tuple[str, str], list[Held]] = {}
    for one in found:
        rows.setdefault((one.exercise_id, one.sensors), []).append(one)
    out = [
        "| exercise | sensors | people | both measured | window led | marks apart, mm "
        "| sd of position | true position in the hold | truly in .60 to .85 | truly over .90, s "
        "| furthest | told effective, s | of these not, s |",
        "|" + "---|" * 13,
    ]
    for (name, sensors), people in rows.items():
        held = [p for p in people if p.positions]
        every = np.concatenate([p.positions for p in held]) if held else np.array([])
        over_s = sum(
            float(np.mean(np.array(p.positions) > 0.9)) * p.held_s for p in held
        )  # fmt: skip
        cells = [
            name, sensors, str(len(people)), str(sum(p.kept for p in people)),
            str(sum(p.led for p in held)),
        ]  # fmt: skip
        if not held:
            out.append("| " + " | ".join([*cells, *[""] * 8]) + " |")
            continue
        cells += [
            f"{np.nanmean([p.span_mm for p in held]):.0f}",
            _median(np.concatenate([p.sds for p in held])),
            f"{every.mean():.2f}",
            f"{np.mean((every >= 0.6) & (every <= 0.85)):.2f}",
            f"{over_s:.1f}",
            f"{every.max():.2f}",
            f"{np.mean([p.effective_s for p in held]):.1f}",
            f"{np.mean([p.false_s for p in held]):.1f}",
        ]
        out.append("| " + " | ".join(cells) + " |")
    return out


def _median(sds: np.ndarray) -> str:
    known = sds[np.isfinite(sds)]
    return f"{np.median(known):.3f}" if len(known) else "not known"


def main() -> None:
    c = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    c.add_argument("--people", type=int, default=5, help="simulated people of each; default: 5")
    c.add_argument("--jobs", type=int, default=2, help="processes; default: 2")
    c.add_argument("--exercise", action="append", help="only this; several times")
    c.add_argument("--sensors", action="append", help="only these; several times")
    o = c.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + o.people)
    pieces = list(product(o.exercise or EXERCISES, o.sensors or SENSORS, seeds))
    with ProcessPoolExecutor(o.jobs) as pool:
        found = list(pool.map(run, pieces))
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
