"""How well up of a leg is told after a return, beside a sensor that was not lost.

    python bench/imu_return_beside.py DATA        (a folder that holds imu/)

The returns of `imu_return.py` that keep nothing, of people who move: a thigh beside the pelvis, a
shank beside its thigh, with the neighbour and without. *lossy*: a tenth of single samples of both
is lost besides. How a sensor is worn is told of the first second, in which both people stand.
`imu_joint_*` were chosen on qmt; nothing was on xsens, whose turns are made from the orientations
that judge them.
"""

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from imu_return import (
    BEFORE_S,
    FORGETS,
    GONE_S,
    LOOKED_S,
    STILL_RAD_S,
    WAYS,
    Returned,
    Worn,
    kept_table,
    qmt,
    returned,
    xsens,
)
from lengthwise.body import imu_estimate
from lengthwise.body.imu_beside import BESIDE
from lengthwise.contracts.observation import ImuSample, ImuStream, Segment


class Heard:
    """A sensor that was not lost, but for a share of single samples; asked in order of time."""

    def __init__(self, worn: Worn, from_s: float, lost: float) -> None:
        drawn = np.random.default_rng([1, round(1000 * (from_s + BEFORE_S))]).random(len(worn.t_s))
        self._left = iter(np.flatnonzero((worn.t_s >= from_s) & (drawn >= lost)).tolist())
        self._worn, self._next = worn, next(self._left, None)
        self._stream = ImuStream(Segment.THORAX, 1.0 / float(np.median(np.diff(worn.t_s))))
        self._memory = imu_estimate.ImuMemory(axes=worn.axes)

    def __call__(self, t_s: float) -> imu_estimate.ImuMemory:
        worn = self._worn
        while self._next is not None and worn.t_s[self._next] <= t_s:
            acc, gyr = (tuple(rows[self._next].tolist()) for rows in (worn.acc, worn.gyr))
            sample = ImuSample(float(worn.t_s[self._next]), Segment.THORAX, acc, gyr)
            self._memory, _ = imu_estimate.take(self._stream, self._memory, sample, None)
            self._next = next(self._left, None)
        self._memory = imu_estimate.settle(self._stream, self._memory)
        return self._memory


def beside(worn: Worn, neighbour: Worn) -> dict[tuple[str, str], list[Returned]]:
    """The returns of a leg's sensor, by its pace and what is lost."""
    rows: dict[tuple[str, str], list[Returned]] = defaultdict(list)
    last_s = worn.t_s[-1] - GONE_S - LOOKED_S
    for gone_s in np.arange(worn.t_s[0] + 4.0, last_s, worn.every_s).tolist():
        for name, way in (("nothing lost", FORGETS), ("lossy", WAYS[0])):
            heard = Heard(neighbour, gone_s - BEFORE_S, way.lost)
            for one, so in (
                (returned(worn, gone_s, way), "alone"),
                (returned(worn, gone_s, way, heard), "beside"),
            ):
                pace = "still" if one.turn_rad_s < STILL_RAD_S else "moving"
                rows[f"{worn.recording} {worn.place}, {pace}", f"{name}, {so}"].append(one)
    return rows


def main(data: Path) -> None:
    rows: dict[tuple[str, str], list[Returned]] = defaultdict(list)
    for recording in (qmt(data), xsens(data)):
        worn = {one.segment: one for one in recording}
        for segment, one in worn.items():
            if segment in BESIDE:
                for key, found in beside(one, worn[BESIDE[segment][0]]).items():
                    rows[key] += found
    kept_table(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
