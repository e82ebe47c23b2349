"""What is rejected where nothing is wrong: recordings without any fault put into them."""

from collections import Counter
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from lengthwise.body import estimator
from lengthwise.contracts.observation import Posture, Rejection
from lengthwise.live.evaluation import keraal_take
from lengthwise.live.evaluation.delivery import delivered
from lengthwise.live.evaluation.recordings import OPENSENSE, QMT
from lengthwise.live.evaluation.table import Cell, Table
from lengthwise.live.evaluation.track import track
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sensing.driver import OpenOptions, open_recording

_ZERO_S = 1.0
"""In both recordings the person stands upright at first."""


class Alarms(Struct, frozen=True):
    """`named` rejections by reason in a recording of `lasts_s` seconds of a kind of data."""

    data: str
    lasts_s: float
    named: dict[str, int]


def keraal_alarms(folder: Path, *, lag_s: float) -> list[Alarms]:
    """One for each take of the folder; none where there is no such folder."""
    params = estimator.Params(
        (keraal_take.STREAM,), Posture.SITTING, posture_mean_rad(Posture.SITTING)
    )
    found = []
    for take in sorted(folder.glob("*.json")):
        frames = keraal_take.read_take(take)
        seen = track(params, delivered(frames, lag_s=lag_s))
        named = Counter(r.reason.value for r in seen.rejections)
        lasts_s = frames[-1].t_s - frames[0].t_s
        found.append(Alarms("KERAAL, landmarks of people", lasts_s, dict(named)))
    return found


def worn_alarms(data: Path) -> list[Alarms]:
    """One for each recording of inertial sensors worn by people; none where there are no such."""
    found = []
    for kind, path in (("qmt", QMT), ("OpenSense", OPENSENSE)):
        if not (data / path).exists():
            continue
        with closing(open_recording(data / path, OpenOptions())) as recording:
            params = estimator.Params(
                recording.header.streams,
                Posture.STANDING,
                posture_mean_rad(Posture.STANDING),
                zero_s=(0.0, _ZERO_S),
            )
            read = [o for o in recording.read() if not isinstance(o, Rejection)]
            seen = track(params, delivered(read))
        named = Counter(r.reason.value for r in seen.rejections)
        lasts_s = float(seen.t_s[-1] - seen.t_s[0])
        found.append(Alarms(f"{kind}, sensors on people", lasts_s, dict(named)))
    return found


def alarms_table(alarms: list[Alarms]) -> Table:
    """Rejections per minute by kind of data."""
    rows: list[tuple[Cell, ...]] = []
    for data in dict.fromkeys(a.data for a in alarms):
        of_kind = [a for a in alarms if a.data == data]
        minutes = sum(a.lasts_s for a in of_kind) / 60.0
        named: Counter[str] = Counter()
        for a in of_kind:
            named.update(a.named)
        total = sum(named.values())
        listed = ", ".join(f"{n} {reason}" for reason, n in sorted(named.items()))
        rows.append((data, len(of_kind), minutes, total, total / minutes, listed))
    return Table(
        "Rejections without any fault",
        ("data", "recordings", "minutes", "rejections", "per minute", "named"),
        tuple(rows),
        (0, 0, 2, 0, 2, 0),
        "A landmark outside the image is one rejection for each frame.",
    )
