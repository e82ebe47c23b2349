"""Use case: a recording through the body estimate, with what it compared at every frame."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

import numpy as np
from scipy.special import chdtri

from lengthwise.body import estimator
from lengthwise.body.bounds import BOUND, Contact
from lengthwise.body.correction import Compared
from lengthwise.body.kinematic_chain import BODY_SIZE, COORDINATE_MAP
from lengthwise.body.landmark_reading import POINTS
from lengthwise.body.projection import HEIGHTS_AT, PAIRS_AT
from lengthwise.body.session import Params
from lengthwise.contracts.coordinates import COORDINATES, INDEX
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import LANDMARKS, Observation, Rejection, RejectionReason
from lengthwise.contracts.states import BodyState, Unseen
from lengthwise.live.analyze import AnalyzeRequest, open_request, session_started
from lengthwise.live.evaluation.delivery import delivered
from lengthwise.live.params import body_params
from lengthwise.report.debug_page import debug_page
from lengthwise.report.innovations import Angle, Mark, Readings, Trace

MOST_FRAMES = 36_000
"""Twenty minutes at 30 a second: what a browser draws with ease."""
_LANDMARKS = tuple(LANDMARKS[i].replace("_", " ").replace("foot index", "toe") for i in POINTS)
_POINT_NAMES = tuple(f"{name} {way}" for name in _LANDMARKS for way in ("→", "↑"))
_DEPTH_NAMES = ("shoulders, left behind right", "hips, left behind right")
_LIMITED = tuple(COORDINATE_MAP[INDEX[c]] for c in BOUND)
_GROUPS = ("landmarks", "depth", "lines", "gravity", "limits", "contacts")
_SCALE = {"mm": 1e3, "°": 180.0 / np.pi}

Key = tuple[str, str, str]
"""Group, name and unit of a reading."""


@dataclass
class _Seen:
    """What is gathered: per reading the frames it was read in, with its figures."""

    rows: dict[Key, list[tuple[int, float, float, float, bool]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    states: list[BodyState] = field(default_factory=list)
    nis: list[tuple[float, int]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def debug_body(
    request: AnalyzeRequest,
    out: Path,
    *,
    from_s: float = 0.0,
    to_s: float = inf,
    progress: Callable[[float], None] = lambda _: None,
) -> Trace:
    """Run a recording and write its page. `progress` is told the time in the recording.

    Raises InputError where nothing is estimated between the two times, or too much.
    """
    recording = open_request(request)
    with closing(recording):
        started = session_started(request, recording)
        params = body_params(started)

        def read() -> Iterable[Observation | Rejection]:
            for item in recording.read():
                if item.t_s > to_s:
                    return
                progress(item.t_s)
                yield item

        found = traced(params, read(), from_s=from_s, to_s=to_s)
    header = started.recording
    trace = _trace(found, header.name, simulated=header.simulated)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(debug_page(trace), encoding="utf-8", newline="\n")
    return trace


def _imu_names(params: Params) -> tuple[str, ...]:
    return tuple(s.segment.value for s in params.model.layout.channels.imus)


def traced(
    params: Params, items: Iterable[Observation | Rejection], *, from_s: float, to_s: float
) -> _Seen:
    """The estimate over all of a recording, kept between two times."""
    seen, state = _Seen(), estimator.start(params)
    observations = (o for o in items if not isinstance(o, Rejection))
    for item in delivered(observations):
        if isinstance(item, Rejection):
            seen.marks.append(_rejected(item))
            continue
        before = state
        state, out, compared = estimator.explained(params, state, item)
        if not from_s <= item.t_s <= to_s:
            continue
        seen.marks += [_rejected(r) for r in out.rejections]
        if state.zero.done and not before.zero.done:
            seen.marks.append(Mark(item.t_s, "zero pose taken"))
        if state.facing is not before.facing:
            seen.marks.append(Mark(item.t_s, f"seen from: {state.facing.value}"))
        if out.state is None or (seen.states and out.state.t_s <= seen.states[-1].t_s):
            continue
        if len(seen.states) == MOST_FRAMES:
            raise InputError(
                "recording",
                value=f"more than {MOST_FRAMES} estimates",
                allowed=f"{MOST_FRAMES} on a page",
                remedy="choose a part with --from and --to",
            )
        _keep(seen, params, compared, _outliers(out.rejections))
        seen.states.append(out.state)
    if not seen.states:
        raise InputError(
            "recording",
            value=f"no estimate from {from_s:g} s to {to_s:g} s",
            allowed="a part in which a sensor reports",
            remedy="choose another --from and --to",
        )
    return seen


def _rejected(rejection: Rejection) -> Mark:
    detail = f" {rejection.detail}" if rejection.reason.value == "outlier" else ""
    return Mark(rejection.t_s, f"{rejection.source}: {rejection.reason.value}{detail}")


def _outliers(rejections: tuple[Rejection, ...]) -> set[int]:
    """Places among the readings of the landmarks that a gate left out."""
    names = [r.detail for r in rejections if r.reason is RejectionReason.OUTLIER]
    at = [i for i, point in enumerate(POINTS) if LANDMARKS[point] in names]
    return {2 * i + way for i in at for way in (0, 1)}


def _keep(seen: _Seen, params: Params, compared: Compared | None, outliers: set[int]) -> None:
    """One frame's readings, and their joint misfit. What was neither fused nor left out by a gate
    is a landmark that was not seen: its number means nothing."""
    if compared is None:
        seen.nis.append((np.nan, 0))
        return
    keys = names_of(params, compared)
    whole, frame = compared.whole, len(seen.states)
    sd = np.sqrt(whole.spread.diagonal())
    noise_sd = np.sqrt(whole.reading.noise.diagonal())
    sensed = np.zeros(len(keys), dtype=bool)
    for i, key in enumerate(keys):
        scale = _SCALE[key[2]]
        used = bool(compared.used[i])
        sensed[i] = used and key[0] not in ("limits", "contacts")
        innovation = float(whole.reading.innovation[i])
        if used or (i < len(compared.outputs) and compared.outputs[i] in outliers):
            row = (frame, scale * innovation, scale * sd[i], scale * noise_sd[i], used)
            seen.rows[key].append(row)
    at = np.flatnonzero(sensed)
    if not len(at):
        seen.nis.append((np.nan, 0))
        return
    value = whole.reading.innovation[at]
    squared = float(value @ np.linalg.solve(whole.spread[np.ix_(at, at)], value))
    seen.nis.append((squared / len(at), len(at)))


def names_of(params: Params, compared: Compared) -> list[Key]:
    """Group, name and unit of every reading that was compared, in its order."""
    keys = [_landmark_key(out, frontal=compared.bent) for out in compared.outputs.tolist()]
    if compared.bent:
        keys.append(("lines", "trunk's length, as an angle", "°"))
    keys += [("lines", line.value.replace("_", " "), "°") for line in compared.lines]
    worn = _imu_names(params)
    for i in compared.ups:
        keys += [("gravity", f"up in {worn[i]}, {axis}", "°") for axis in ("front", "left", "up")]
    slopes = compared.whole.reading.slope[len(keys) :]
    keys += [key for slope in slopes if (key := _known(params, compared, slope)) is not None]
    return keys


def _landmark_key(out: int, *, frontal: bool) -> Key:
    if out >= PAIRS_AT:
        return "depth", _DEPTH_NAMES[out - PAIRS_AT], "mm"
    mean_height = frontal and out == _POINT_NAMES.index("left hip ↑")
    return "landmarks", "hips, mean height ↑" if mean_height else _POINT_NAMES[out], "mm"


def _known(params: Params, compared: Compared, slope: np.ndarray) -> Key | None:
    """A joint limit or a contact by what it depends on."""
    for coordinate, row in zip(BOUND, _LIMITED, strict=True):
        if np.array_equal(slope[:BODY_SIZE], row) and not slope[BODY_SIZE:].any():
            return "limits", f"end of {coordinate.value.replace('_', ' ')}", "°"
    for contact in params.resting:
        if np.array_equal(slope, contact.weights @ compared.there.slope):
            return "contacts", _contact_name(contact), "mm"
    return "limits", "lean to the back", "°"


def _contact_name(contact: Contact) -> str:
    weights = contact.weights[HEIGHTS_AT:]
    upper, lower = (
        " and ".join(_LANDMARKS[i] for i in np.flatnonzero(sign * weights > 0)) for sign in (1, -1)
    )
    return f"{upper} over {lower}"


def _trace(seen: _Seen, title: str, *, simulated: bool) -> Trace:
    n = len(seen.states)
    ordered = sorted(seen.rows, key=lambda key: _GROUPS.index(key[0]))
    nis, dof = (np.array(column) for column in zip(*seen.nis, strict=True))
    some = np.maximum(dof, 1)
    band = [np.where(dof > 0, chdtri(some, p) / some, np.nan) for p in (0.975, 0.025)]
    mean = np.degrees([s.mean_rad for s in seen.states])
    variance = np.array([s.covariance_rad2.diagonal() for s in seen.states])
    sd = np.degrees(np.sqrt(np.maximum(variance, 0.0)))
    claimed = np.array([[u is Unseen.CLAIMED for u in s.unseen] for s in seen.states])
    return Trace(
        title=title,
        simulated=simulated,
        t_s=np.array([s.t_s for s in seen.states]),
        readings=tuple(_readings(key, seen.rows[key], n) for key in ordered),
        angles=tuple(
            Angle(c.value.replace("_", " "), mean[:, i], sd[:, i], claimed[:, i])
            for i, c in enumerate(COORDINATES)
        ),
        nis=nis,
        dof=dof,
        nis_low=band[0],
        nis_high=band[1],
        marks=tuple(seen.marks),
    )


def _readings(key: Key, rows: list[tuple[int, float, float, float, bool]], n: int) -> Readings:
    at = np.array([row[0] for row in rows])
    columns = np.full((3, n), np.nan)
    columns[:, at] = np.array([row[1:4] for row in rows]).T
    used = np.zeros(n, dtype=bool)
    used[at] = [row[4] for row in rows]
    value, sd, noise_sd = columns
    return Readings(key[1], key[0], key[2], value, sd, noise_sd, used)
