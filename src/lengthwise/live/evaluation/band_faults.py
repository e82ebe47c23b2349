"""Bands in which something goes wrong: what must never happen, counted, and how soon it lets go."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lengthwise.live.evaluation.table import Floor, Table, floors_table
from lengthwise.reference.constants import constant
from lengthwise.sim.band_scenarios import KINDS, Judged, judge

_UNLOAD_N_S, _LEAST_N_S = constant("band", "unload_n_s"), constant("band", "least_unload_n_s")


@dataclass(frozen=True)
class Met:
    """A scenario as it was judged, or the exception that it ended in."""

    kind: str
    judged: Judged | None
    exception: str = ""


def fault_tally(piece: tuple[int, int]) -> list[Met]:
    """`count` scenarios from a seed on."""
    found = []
    for seed in range(piece[0], piece[0] + piece[1]):
        kind = KINDS[seed % len(KINDS)]
        try:
            found.append(Met(kind, judge(seed)))
        except Exception as broken:  # noqa: BLE001 - that none is raised is what is counted here
            found.append(Met(kind, None, f"seed {seed}: {broken!r}"))
    return found


def fault_tables(met: Sequence[Met]) -> list[Table]:
    judged = [m.judged for m in met if m.judged is not None]
    tables = [_floors(met, judged), _kinds(judged), _above(judged), _host(judged)]
    broken = [(m.kind, m.exception) for m in met if m.judged is None]
    if broken:
        tables.append(Table("Exceptions", ("kind", "what"), tuple(broken[:20]), (0, 0)))
    return tables


def _count(flags: Sequence[bool]) -> float:
    return float(sum(flags))


def _floors(met: Sequence[Met], judged: Sequence[Judged]) -> Table:
    own = [j for j in judged if not j.external]
    fell = [j.fell_n_s for j in judged if j.fell_n_s is not None]
    mean = [j.fell_mean_n_s for j in judged if j.fell_mean_n_s is not None]
    floors = [
        Floor("times: an exception", _count([m.judged is None for m in met]), high=0.0),
        Floor(
            "times: commanded above the cap",
            _count([j.commanded_over_n > 0.0 for j in judged]),
            high=0.0,
        ),
        Floor(
            "times: true force above the cap without jerk or slip",
            _count([j.over_n > 0.0 for j in own]),
            high=0.0,
        ),
        Floor(
            "times: unloading begun too late",
            _count([j.too_late for j in judged]),
            high=0.0,
        ),
        Floor("times: pulled again after a release", _count([j.resumed for j in judged]), high=0.0),
        Floor(
            "times: released with nothing wrong",
            _count([j.false_release for j in judged]),
            high=0.0,
        ),
        Floor(
            "fastest paying out, over its steady speed",
            max((j.paid_out for j in judged), default=0.0),
            high=1.02,
        ),
        Floor(
            "fastest fall of force in a release, N/s",
            max(fell, default=None),
            high=_UNLOAD_N_S + 2.0,
        ),
        Floor("slowest fall to half, N/s", min(mean, default=None), low=_LEAST_N_S),
    ]
    return floors_table(f"{len(met)} random sessions in which one thing goes wrong", floors)


def _kinds(judged: Sequence[Judged]) -> Table:
    rows = []
    for kind in KINDS:
        here = [j for j in judged if j.kind == kind]
        late = np.array([j.late_s for j in here if j.late_s is not None])
        rows.append(
            (
                kind,
                len(here),
                len(late),
                1000.0 * float(np.median(late)) if len(late) else None,
                1000.0 * float(late.max()) if len(late) else None,
                1000.0 * max((j.allowed_s for j in here if j.late_s is not None), default=0.0)
                or None,
            )
        )
    note = (
        "From when the cause can be told until the carriage pays out for good: at the device, for "
        "a stop, a clock that goes back and a broken reading at the controller, for stale readings "
        "from the last valid one. A jerk or slip below what can be told asks for nothing."
    )
    columns = ("what goes wrong", "sessions", "release asked", "median ms", "longest ms", "allowed")
    return Table("Letting go", columns, tuple(rows), (0, 0, 0, 0, 0, 0), note)


def _above(judged: Sequence[Judged]) -> Table:
    rows = []
    for kind in ("jerk", "slip"):
        over = [j for j in judged if j.kind == kind and j.over_n > 0.0]
        rows.append(
            (
                kind,
                sum(j.kind == kind for j in judged),
                len(over),
                float(np.median([j.over_n for j in over])) if over else None,
                max((j.over_n for j in over), default=None),
                float(np.median([j.over_s for j in over])) if over else None,
                max((j.over_s for j in over), default=None),
            )
        )
    note = (
        "No loop stops a jerk: what keeps it small is the give of the elastic band, and a "
        "mechanical fuse has to cut what is left."
    )
    columns = ("external", "sessions", "above", "by N, median", "most", "for s, median", "longest")
    return Table("True force above the cap", columns, tuple(rows), (0, 0, 0, 1, 1, 2, 2), note)


def _host(judged: Sequence[Judged]) -> Table:
    rows = []
    for kind in ("grip", "cell_nan", "crc_up", "stop", "clock_back", "readings_stop"):
        own = [1000.0 * j.host_s for j in judged if j.kind == kind and j.host_s is not None]
        if own:
            rows.append((kind, float(np.median(own)), max(own)))
    note = (
        "Until the controller itself commands a release, without the device's own guards; the way "
        "down and the drive come on top. With a latency of 200 ms that is more than 200 ms for "
        "what happens at the device: grip, fuse, jerk and watchdog have to be in the device."
    )
    columns = ("what goes wrong", "median ms", "longest ms")
    return Table("By the controller alone", columns, tuple(rows), (0, 0, 0), note)
