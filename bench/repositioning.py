"""How well the test of finding a place again measures simulated people, against their truth.

    python bench/repositioning.py [--people N] [--exercise ID] [--angle NAME] [--sensors SET]

Prints per person the errors told beside the true ones, and over all trials how often the true error
lies within 1.64 sd of the one that is told.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np

from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.session import DecisionLogged, FrameLogged
from lengthwise.live import pipeline
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Led, Rehearsal, rehearsal_started
from lengthwise.live.session import session_events
from lengthwise.sim.recording import Plan

_MEAN_S = 1.5


def person(
    o: argparse.Namespace, seed: int, *, back_pain: bool
) -> list[tuple[float, float, float]]:
    """Of each told trial in degrees: the error told, its sd, and the true one."""
    angle = Coordinate(o.angle)
    plan = Plan(
        o.exercise, Side.LEFT, seed, sensors=o.sensors, duration_s=200.0, looks_for=angle,
        back_pain=back_pain,
    )  # fmt: skip
    led = Led(plan)
    with tempfile.TemporaryDirectory() as folder:
        params = pipeline_params(rehearsal_started(Rehearsal(plan, Path(folder)), led.recording))
    last = [pipeline.start(params)]
    back_s: list[float] = []

    def watch(state: pipeline.State, _: FrameLogged) -> None:
        last[0] = state

    for event in session_events(params, led.observations(), watch=watch):
        led.hear(event)
        if isinstance(event, DecisionLogged):
            named = {r.id for r in event.decision.reasons}
            back_s += [event.decision.t_s] if ReasonId.REPOSITION_BACK in named else []
    times_s, poses = led.recording.truth()
    angles_deg = np.degrees(poses[:, INDEX[angle]])

    def at(t_s: float) -> float:
        return float(angles_deg[(times_s > t_s - _MEAN_S) & (times_s <= t_s)].mean())

    test = last[0].repositioning
    assert test is not None and params.repositioning is not None
    sign = params.repositioning.rule.sign
    if test.test.untold is not None:
        print(f"  {test.test.untold.value}", end=" ")
    if not back_s:
        return []
    return [
        (float(np.degrees(e.mean)), float(np.degrees(e.sd)), sign * (at(t_s) - at(back_s[0])))
        for e, t_s in zip(test.test.errors, back_s[1:], strict=False)
        if e is not None
    ]


def main() -> None:
    o = argparse.ArgumentParser()
    o.add_argument("--people", type=int, default=4)
    o.add_argument("--exercise", default="cat_cow")
    o.add_argument("--angle", default="lumbar_flexion")
    o.add_argument("--sensors", default="imu4")
    options = o.parse_args()
    every: list[tuple[float, float, float]] = []
    for back_pain in (False, True):
        for seed in range(1, options.people + 1):
            found = person(options, seed, back_pain=back_pain)
            every += found
            told = ", ".join(f"{m:+.1f} ({t:+.1f})" for m, _, t in found) or "nothing told"
            print(
                f"{'back pain' if back_pain else 'healthy'} {seed}: told (true) {told}", flush=True
            )
    if every:
        told, sd, true = np.array(every).T
        rms = np.sqrt(np.mean((told - true) ** 2))
        within = np.mean(np.abs(told - true) <= 1.64 * sd)
        print(f"{len(every)} trials: rms of told less true {rms:.2f}, mean sd {sd.mean():.2f}")
        print(f"within 1.64 sd: {within:.2f}")


if __name__ == "__main__":
    main()
