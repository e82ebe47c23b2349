"""What of a test can be read out of recordings of real people, beside a reference where there is
one.

None of them is a test: nobody stood still for two seconds, nothing was asked. So only the angle is
read, where it is furthest and known, as its change since the recording's own quiet start.
"""

from collections.abc import Iterable
from math import degrees
from pathlib import Path
from statistics import fmean

import numpy as np
from msgspec import Struct

from lengthwise.body import estimator
from lengthwise.coach.measuring import measured
from lengthwise.coach.taking import usable
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.observation import Observation, Posture, Rejection
from lengthwise.contracts.states import BodyState, Estimate
from lengthwise.live.evaluation import keraal
from lengthwise.live.evaluation.delivery import delivered
from lengthwise.live.evaluation.keraal_take import read_take
from lengthwise.live.evaluation.recordings import QMT
from lengthwise.live.evaluation.vicon import COMPARED, read_vicon, reference, rows_of_frames
from lengthwise.reference.exercise_taken import Part
from lengthwise.reference.exercises import guided_tests
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sensing.driver import OpenOptions, open_recording

_BENDS = "ELK"
_TOP_S = 0.4
_STANDING_S, _SITTING_S = (0.5, 3.5), (14.0, 20.0)
"""Of the inertial recording, from its own start."""
_INDEPENDENT_DEG = 28.0
"""Lumbar bend of its sitting phase by gravity in the sensors alone, computed without the filter."""


class Real(Struct, frozen=True):
    """`value_deg` with `sd_deg` as stated, None: not claimed there; `reference_deg` of the same
    instants, `by` what."""

    recording: str
    what: str
    value_deg: float | None
    sd_deg: float | None
    reference_deg: float | None
    by: str
    note: str = ""


def read_real(folder: Path) -> tuple[Real, ...]:
    """Of the shared data folder. Raises InputError where KERAAL is not in it."""
    rows = [r for take in keraal.takes(folder)[0] if take.exercise == _BENDS for r in bends(take)]
    qmt = folder / QMT
    return (*rows, *([sitting(qmt)] if qmt.exists() else []))


def bends(take: keraal.Take) -> Iterable[Real]:
    """Side-bends of one take, seated, by one camera from the front, against the markers."""
    frames = read_take(take.landmarks)
    markers = read_vicon(take.vicon)
    truth = reference(markers)
    change_deg = np.degrees(truth.change_rad)[rows_of_frames(markers, frames)]
    bodies = list(_bodies(keraal.params(), frames))
    lean = COMPARED.index(Coordinate.TRUNK_SIDE_LEAN)
    hitch = COMPARED.index(Coordinate.PELVIS_OBLIQUITY)
    for side in Side:
        test = guided_tests()["test_trunk_side_bend"].for_side(side)
        assert test.taken is not None, "it is a test"
        found = furthest(bodies, test.taken.parts)
        sign = test.taken.parts[0].factor
        what = f"lean in a side-bend, {side.name.lower()}"
        if found is None:
            most = float((sign * change_deg[:, lean]).max())
            note = "never sure enough"
            yield Real(take.landmarks.stem, what, None, None, most, "markers", note)
            continue
        at, angle = found
        hip_deg = float(np.abs(change_deg[at, hitch]).mean())
        kept = "pelvis kept" if hip_deg <= 8.0 else f"the pelvis went along by {hip_deg:.0f}°"
        yield Real(
            take.landmarks.stem,
            what,
            degrees(angle.mean),
            degrees(angle.sd),
            float(sign * change_deg[at, lean].mean()),
            "markers",
            kept,
        )


def sitting(path: Path) -> Real:
    """The low back from standing to sitting, by sensors at sacrum and lowest rib: no test, and the
    only real bend of a low back at hand."""
    recording = open_recording(path, OpenOptions(posture=Posture.STANDING))
    params = estimator.Params(
        recording.header.streams,
        Posture.STANDING,
        posture_mean_rad(Posture.STANDING),
        zero_s=_STANDING_S,
    )
    low, high = _SITTING_S
    read = (o for o in recording.read() if not isinstance(o, Rejection) and o.t_s <= high)
    items = (o for o in delivered(read) if not isinstance(o, Rejection))
    seen: list[Estimate] = []
    for body in _bodies(params, items):
        now = measured(body, (Part(Coordinate.LUMBAR_FLEXION),))
        if body.t_s >= low and now is not None:
            seen.append(now)
    what, by = "lumbar flexion, standing to sitting", "gravity in the sensors, without the filter"
    if not seen:
        return Real(path.name, what, None, None, _INDEPENDENT_DEG, by, "never sure enough")
    mean_deg = degrees(fmean(e.mean for e in seen))
    return Real(path.name, what, mean_deg, degrees(max(e.sd for e in seen)), _INDEPENDENT_DEG, by)


def furthest(bodies: list[BodyState], parts: tuple[Part, ...]) -> tuple[list[int], Estimate] | None:
    """Where the angle is furthest from its first known mean for a short while, and how far."""
    known = [(i, b.t_s, usable(measured(b, parts))) for i, b in enumerate(bodies)]
    told = [(i, t_s, e) for i, t_s, e in known if e is not None]
    if not told:
        return None
    first_s = told[0][1]
    start_rad = fmean(e.mean for _, t_s, e in told if t_s - first_s <= _TOP_S)
    best: tuple[list[int], Estimate] | None = None
    for n, (_, t_s, _) in enumerate(told):
        window = [x for x in told[: n + 1] if t_s - x[1] <= _TOP_S]
        gone_rad = fmean(e.mean for _, _, e in window) - start_rad
        if best is None or gone_rad > best[1].mean:
            sd_rad = max(e.sd for _, _, e in window)
            best = [i for i, _, _ in window], Estimate(gone_rad, sd_rad)
    return best


def _bodies(params: estimator.Params, items: Iterable[Observation]) -> Iterable[BodyState]:
    state = estimator.start(params)
    for item in items:
        state, out = estimator.step(params, state, item)
        if out.state is not None:
            yield out.state
