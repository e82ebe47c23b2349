"""The personal window in torque: where what a joint resists with stands between its two marks.

First resistance and tolerance are moments, said in the session or stated in the torque file, and
the torque that was measured there is the mark. Positions are those of the window in length, 0 and 1
at the marks; a factor that all torques of a file share, as of the lever, cancels in them. Nothing
of it is an input of the coach: the file comes after the session.
"""

from collections.abc import Sequence
from math import hypot

import numpy as np

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import MarkKind, Window
from lengthwise.contracts.session import ObservationLogged, SessionEvent
from lengthwise.contracts.states import Estimate
from lengthwise.live.torque_file import MeasuredTorque
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise
from lengthwise.report.how_far import TorqueWindow
from lengthwise.tissue.measured_torque import TorqueWindowAbsent
from lengthwise.tissue.tension_window import torque_position
from lengthwise.tissue.window import about_in_window, in_window, window_for

_GAP_S = constant("tension", "torque_sample_gap_s")
_SAID_WITHIN_S = constant("tension", "mark_said_within_s")
_KINDS = {
    SignalKind.FIRST_RESISTANCE: MarkKind.FIRST_RESISTANCE,
    SignalKind.TOLERANCE: MarkKind.TOLERANCE,
}
_UNMARKED = {
    MarkKind.FIRST_RESISTANCE: TorqueWindowAbsent.FIRST_NOT_MARKED,
    MarkKind.TOLERANCE: TorqueWindowAbsent.TOLERANCE_NOT_MARKED,
}


class TorqueWindowCount:
    """Takes every event of one session. `torque` None: no force was measured, and nothing is told.

    A mark stated in the file stands above what was said; of what was said the latest counts.
    """

    def __init__(
        self,
        torque: MeasuredTorque | None,
        exercise: Exercise | None = None,
        windows: Sequence[Window] = (),
    ) -> None:
        self._torque = torque
        self._window = None if torque is None else _window(torque, exercise, windows)
        self._stated: dict[MarkKind, float] = {}
        self._marks: dict[MarkKind, Estimate] = {}
        self._missed: set[MarkKind] = set()
        if torque is None:
            return
        for kind, at_s in (
            (MarkKind.FIRST_RESISTANCE, torque.first_resistance_s),
            (MarkKind.TOLERANCE, torque.tolerance_s),
        ):
            if at_s is not None:
                self._stated[kind] = at_s
                self._mark(torque, kind, at_s)

    def take(self, event: SessionEvent) -> None:
        if self._torque is None or not isinstance(event, ObservationLogged):
            return
        said = event.observation
        kind = _KINDS.get(said.kind) if isinstance(said, PersonSignal) else None
        if kind is not None and kind not in self._stated:
            self._mark(self._torque, kind, said.t_s)

    def at(self, t_s: float) -> Estimate | None:
        """Position at a time, by the marks known so far; None without a torque beside it."""
        here = None if self._torque is None else _torque_at(self._torque, t_s)
        return None if here is None else self._position(here)

    def report(self) -> TorqueWindow | None:
        """None where no force was measured."""
        given = self._torque
        if given is None:
            return None
        first, tolerance = (self._marks.get(kind) for kind in MarkKind)
        found = TorqueWindow(given.coordinate, first, tolerance, absent=self._absent())
        if found.absent is not None:
            return found
        positions = [
            self._position(Estimate(float(nm), given.own_sd_nm)) for nm in given.resisting_nm
        ]
        known = [p for p in positions if p is not None]
        return TorqueWindow(
            given.coordinate,
            first,
            tolerance,
            furthest=max(known, key=lambda p: p.mean),
            in_window_s=self._seconds(given, positions, sure=True),
            likely_in_window_s=self._seconds(given, positions, sure=False),
        )

    def _mark(self, torque: MeasuredTorque, kind: MarkKind, at_s: float) -> None:
        """A word comes early or late, by as much torque as passes in that time."""
        here = _torque_at(torque, at_s)
        if here is None:
            self._missed.add(kind)
            return
        around_s = np.array([at_s - _GAP_S, at_s + _GAP_S])
        before_nm, after_nm = np.interp(around_s, torque.t_s, torque.resisting_nm)
        per_s = abs(float(after_nm - before_nm)) / (2.0 * _GAP_S)
        self._marks[kind] = Estimate(here.mean, hypot(here.sd, per_s * _SAID_WITHIN_S))

    def _position(self, torque_nm: Estimate) -> Estimate | None:
        first, tolerance = (self._marks.get(kind) for kind in MarkKind)
        if first is None or tolerance is None:
            return None
        return torque_position(torque_nm, first_nm=first, tolerance_nm=tolerance)

    def _absent(self) -> TorqueWindowAbsent | None:
        for kind in MarkKind:
            if kind not in self._marks:
                missed = kind in self._missed
                return TorqueWindowAbsent.NO_TORQUE_THERE if missed else _UNMARKED[kind]
        close = self._position(self._marks[MarkKind.TOLERANCE]) is None
        return TorqueWindowAbsent.TOO_CLOSE if close else None

    def _seconds(
        self, given: MeasuredTorque, positions: Sequence[Estimate | None], *, sure: bool
    ) -> float | None:
        """How long samples were in the window, each until the next; None without an exercise."""
        if self._window is None:
            return None
        lasts_s = np.minimum(np.diff(given.t_s), _GAP_S)
        is_in = in_window if sure else about_in_window
        return float(
            sum(s for s, p in zip(lasts_s, positions, strict=False) if is_in(p, self._window))
        )


def _torque_at(given: MeasuredTorque, t_s: float) -> Estimate | None:
    if np.min(np.abs(given.t_s - t_s)) > _GAP_S:
        return None
    return Estimate(float(np.interp(t_s, given.t_s, given.resisting_nm)), given.own_sd_nm)


def _window(
    given: MeasuredTorque, exercise: Exercise | None, windows: Sequence[Window]
) -> Window | None:
    """That of the muscle which the exercise is about on the side of the joint."""
    if exercise is None:
        return None
    about = exercise.for_side(Side(given.coordinate.value[-1])).about
    return window_for(tuple(windows), about[0].group, about[0].side) if about else None


def summary_entry(found: TorqueWindow | None) -> dict[str, object]:
    """As `summary.json` has it; null without a measured torque."""
    if found is None:
        return {"torque_window": None}
    return {
        "torque_window": {
            "coordinate": found.coordinate.value,
            **_pair("first_resistance", found.first_nm, "_nm", digits=2),
            **_pair("tolerance", found.tolerance_nm, "_nm", digits=2),
            **_pair("furthest_position", found.furthest, "", digits=4),
            "in_window_s": found.in_window_s,
            "likely_in_window_s": found.likely_in_window_s,
            "absent": None if found.absent is None else found.absent.value,
        }
    }


def _pair(name: str, value: Estimate | None, unit: str, *, digits: int) -> dict[str, float | None]:
    mean, sd = (None, None) if value is None else (value.mean, value.sd)
    return {
        f"{name}{unit}": None if mean is None else round(mean, digits),
        f"{name}_sd{unit}": None if sd is None else round(sd, digits),
    }
