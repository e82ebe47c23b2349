"""What the page of a session is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from msgspec.structs import replace

from lengthwise.contracts.decision import Decision
from lengthwise.contracts.session import FrameLogged, SessionEnded, SessionStarted, SessionTotals
from lengthwise.contracts.states import BodyState
from lengthwise.reference.exercises import Exercise
from lengthwise.report.band_driven import BandReport
from lengthwise.report.body_drawing import DrawingSource
from lengthwise.report.how_far import RangeReport, TorqueWindow
from lengthwise.report.learnt import LearningReport


@dataclass(frozen=True)
class ReportInput:
    """Everything the page is made of.

    `frames` in order of time, thinned by the caller to about 2,000; `exercise` as written for the
    left side, or for the working side; `anatomy` None: no pictures are drawn. `smoothed`: the body
    of each frame as it is known afterwards; empty: only as it was known live. `how_far`: None where
    nothing asked for extensibility or tolerance, `torque_window`: where no torque was measured.
    `learning`: None where nothing was to be kept. `ramp`: what came of a ramp, in lines. `band`:
    None where none was to be driven.
    """

    started: SessionStarted
    ended: SessionEnded | None
    frames: Sequence[FrameLogged]
    decisions: Sequence[Decision]
    totals: SessionTotals
    exercise: Exercise | None
    anatomy: DrawingSource | None
    smoothed: Sequence[BodyState] = ()
    how_far: RangeReport | None = None
    torque_window: TorqueWindow | None = None
    learning: LearningReport | None = None
    ramp: tuple[str, ...] = ()
    band: BandReport | None = None

    @cached_property
    def afterwards(self) -> Sequence[FrameLogged]:
        """The frames with the body as it is known afterwards. Everything that was decided by, and
        what it was decided from, is in `frames`."""
        if not self.smoothed:
            return self.frames
        return [
            replace(frame, body=body)
            for frame, body in zip(self.frames, self.smoothed, strict=True)
        ]
