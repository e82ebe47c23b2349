"""Extensibility and tolerance of a session: two results, each there or absent for a named reason.

Tolerance is the angle at which the person said so (or the torque file does). Extensibility is the
angle at a standard torque on the way into the stretch, and exists only where a force was measured.
"""

from math import degrees

import numpy as np

from lengthwise.contracts.coordinates import COORDINATES, Coordinate
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.session import FrameLogged, ObservationLogged, SessionEvent
from lengthwise.contracts.states import Estimate
from lengthwise.live.torque_file import MeasuredTorque
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise, ExerciseKind
from lengthwise.report.how_far import RangeReport
from lengthwise.tissue.measured_torque import (
    RangeAbsent,
    RangeKind,
    RangeResult,
    extensibility,
    ramp,
    tolerance,
)

_GAP_S = constant("tension", "torque_sample_gap_s")
_LEAST_SAMPLES = 3


class RangeCount:
    """Takes every event of one session. `torque` None: no force was measured."""

    def __init__(self, exercise: Exercise | None, torque: MeasuredTorque | None) -> None:
        self._exercise, self._torque = exercise, torque
        self._last: FrameLogged | None = None
        self._seen: list[tuple[float, float, float]] = []
        self._borne: list[RangeResult] = []
        self._asked = False

    def take(self, event: SessionEvent) -> None:
        if isinstance(event, FrameLogged):
            self._last = event
            if self._torque is not None:
                angle = event.body.claimed(self._torque.coordinate)
                if angle is not None:
                    self._seen.append((event.body.t_s, angle.mean, angle.sd))
        elif isinstance(event, ObservationLogged):
            said = event.observation
            if isinstance(said, PersonSignal) and said.kind is SignalKind.TOLERANCE:
                self._mark(said.t_s)

    def report(self) -> RangeReport | None:
        """None where neither a static stretch nor a force asks for one."""
        if self._torque is None and (self._exercise is None or not self._stretches):
            return None
        stretch, why_not = self._extensibility()
        borne, why_no_tolerance = self._tolerance()
        absent = {}
        if why_not is not None:
            absent[RangeKind.EXTENSIBILITY] = why_not
        if why_no_tolerance is not None:
            absent[RangeKind.TOLERANCE] = why_no_tolerance
        return RangeReport((*stretch, *borne), absent)

    @property
    def _stretches(self) -> bool:
        return self._exercise is not None and self._exercise.kind is ExerciseKind.STATIC_STRETCH

    def _mark(self, t_s: float) -> None:
        self._asked = True
        coordinate = self._marked_joint()
        if coordinate is None or self._last is None:
            return
        angle = self._last.body.claimed(coordinate)
        if angle is not None:
            self._borne.append(tolerance(coordinate, angle, self._torque_at(t_s)))

    def _marked_joint(self) -> Coordinate | None:
        """The joint that was pulled at, else the one that the exercise moves most."""
        if self._torque is not None:
            return self._torque.coordinate
        guidance = self._last.guidance if self._last is not None else None
        if self._exercise is None or guidance is None:
            return None
        side = guidance.side
        written = self._exercise.for_side(side) if side is not None else self._exercise
        most = max(written.path, key=lambda m: abs(m.end_deg - m.start_deg), default=None)
        return None if most is None else most.coordinate

    def _torque_at(self, t_s: float) -> Estimate | None:
        given = self._torque
        if given is None or np.min(np.abs(given.t_s - t_s)) > _GAP_S:
            return None
        return Estimate(float(np.interp(t_s, given.t_s, given.resisting_nm)), given.sd_nm)

    def _paired(self, until_s: float) -> tuple[np.ndarray, np.ndarray]:
        """(k, 3) times, angles and their sds that a torque was measured beside, and these (k,)."""
        assert self._torque is not None, "asked for with a torque only"
        given = self._torque
        seen = np.array([s for s in self._seen if s[0] <= until_s]).reshape(-1, 3)
        after = np.clip(np.searchsorted(given.t_s, seen[:, 0]), 1, len(given.t_s) - 1)
        nearest = np.minimum(
            np.abs(given.t_s[after] - seen[:, 0]), np.abs(given.t_s[after - 1] - seen[:, 0])
        )
        seen = seen[nearest <= _GAP_S]
        return seen, np.interp(seen[:, 0], given.t_s, given.resisting_nm)

    def _extensibility(self) -> tuple[list[RangeResult], RangeAbsent | None]:
        given = self._torque
        if given is None:
            return [], RangeAbsent.NO_FORCE
        end_s = given.tolerance_s
        if end_s is None:
            end_s = float(given.t_s[np.argmax(given.resisting_nm)])
        seen, torque_nm = self._paired(end_s)
        if len(seen) < _LEAST_SAMPLES:
            return [], RangeAbsent.NOT_SEEN
        on_way, way = ramp(seen[:, 1], torque_nm)
        if len(on_way) < _LEAST_SAMPLES:
            return [], RangeAbsent.NOT_SEEN
        found = extensibility(
            given.coordinate,
            way * seen[on_way, 1],
            torque_nm[on_way],
            standard_nm=given.standard_nm,
            angle_sd_rad=float(seen[on_way, 2].max()),
            torque_sd_nm=given.sd_nm,
        )
        if found is None:
            reached = torque_nm[on_way].max() >= given.standard_nm
            return [], RangeAbsent.FROM_THE_START if reached else RangeAbsent.NOT_REACHED
        angle = Estimate(way * found.angle_rad.mean, found.angle_rad.sd)
        return [RangeResult(found.kind, found.coordinate, angle, found.resisting_nm)], None

    def _tolerance(self) -> tuple[list[RangeResult], RangeAbsent | None]:
        given = self._torque
        if given is not None and given.tolerance_s is not None:
            seen, _ = self._paired(given.tolerance_s + _GAP_S)
            close = seen[np.abs(seen[:, 0] - given.tolerance_s) <= _GAP_S]
            if not len(close):
                return [], RangeAbsent.NOT_SEEN
            at = close[np.argmin(np.abs(close[:, 0] - given.tolerance_s))]
            angle = Estimate(float(at[1]), float(at[2]))
            return [tolerance(given.coordinate, angle, self._torque_at(given.tolerance_s))], None
        latest = {r.coordinate: r for r in self._borne}
        if latest:
            return [latest[c] for c in COORDINATES if c in latest], None
        return [], RangeAbsent.NOT_SEEN if self._asked else RangeAbsent.NOT_MARKED


def summary_entries(found: RangeReport | None) -> dict[str, object]:
    """As `summary.json` has them; null where nothing asked for them."""
    if found is None:
        return {"range_results": None, "range_absent": None}
    return {
        "range_results": [
            {
                "kind": result.kind.value,
                "coordinate": result.coordinate.value,
                "angle_deg": round(degrees(result.angle_rad.mean), 2),
                "angle_sd_deg": round(degrees(result.angle_rad.sd), 2),
                "torque_nm": _rounded(result.resisting_nm, "mean"),
                "torque_sd_nm": _rounded(result.resisting_nm, "sd"),
            }
            for result in found.results
        ],
        "range_absent": {kind.value: why.value for kind, why in found.absent.items()},
    }


def _rounded(torque_nm: Estimate | None, which: str) -> float | None:
    return None if torque_nm is None else round(float(getattr(torque_nm, which)), 2)
