"""Use case: the page of a session that is over, drawn from what was kept of it alone.

A session ends with its record sealed; its page is drawn afterwards, by whoever has the memory for
it (`live/apart.py`), and again where that was cut off. The page is the same to the byte as one
that is drawn as the session ends: all that is on it is in the record and the totals. What is
written stands before anything is drawn: frames and pictures are never held together.
"""

import os
import pickle
from dataclasses import dataclass, field
from pathlib import Path

from lengthwise.body.anatomy import Anatomy, BodyMeasures
from lengthwise.contracts.decision import Decision
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    SessionEnded,
    SessionStarted,
    SessionTotals,
)
from lengthwise.live import nursery
from lengthwise.live.allocator import ends_soon
from lengthwise.live.band_taken import BandTaken
from lengthwise.live.lean_frames import LeanFrames
from lengthwise.live.learning import learning_report
from lengthwise.live.memory import give_back, let_go_of_meshes
from lengthwise.live.outputs import KEPT_FRAMES, exercise_of
from lengthwise.live.params import body_measures
from lengthwise.live.pull_measured import pull_measured
from lengthwise.live.pull_taken import PullTaken
from lengthwise.live.ramp_outcome import RampOutcome
from lengthwise.live.range_results import RangeCount
from lengthwise.live.thinned import Thinned
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.report.page import WrittenPage, write_page
from lengthwise.report.report_input import ReportInput

_YIELDS = 5
"""Somebody may be led meanwhile, in the next exercise of a row: a page can wait."""


def report_written(sealed: Path, totals: SessionTotals) -> bytes:
    """What is written on the page, for `report_drawn`. `totals` as they are kept; what a gauge of
    the session measured is in the record. Raises InputError where the record cannot be read."""
    _yield_to_others()
    return pickle.dumps(_written(sealed, totals))


def report_drawn(written: bytes) -> bytes:
    """The page, UTF-8. In another process than `report_written`: what Python has read thousands of
    frames in is not given back before it ends. `written` comes from nowhere but there."""
    _yield_to_others()
    page, measures = pickle.loads(written)
    return _drawn(page, measures).encode()


def report_page(sealed: Path, totals: SessionTotals) -> str:
    """Both at once as text, with no thought of others."""
    return _drawn(*_written(sealed, totals))


def _yield_to_others() -> None:
    if nursery.FORKS:
        os.nice(_YIELDS)
        ends_soon()


def _drawn(page: WrittenPage, measures: BodyMeasures) -> str:
    anatomy = Anatomy.build(measures)
    _ = anatomy.model  # compiled now, so that the way there can be forgotten
    let_go_of_meshes()
    return page.drawn(anatomy)


def _written(sealed: Path, totals: SessionTotals) -> tuple[WrittenPage, BodyMeasures]:
    kept = _read(sealed)
    started = kept.started
    measured = pull_measured(
        kept.pull,
        started,
        exercise_of(started),
        lambda: read_sealed(sealed),
        earlier_beside=sealed.parent,
    )
    ranges = kept.ranges if measured.ranges is None else measured.ranges
    window = measured.torque_window
    written = write_page(
        ReportInput(
            started=started,
            ended=kept.ended,
            frames=kept.frames.frames,
            decisions=kept.decisions,
            totals=totals,
            exercise=exercise_of(started),
            anatomy=kept.anatomy,
            how_far=ranges.report(),
            torque_window=None if window is None else window.report(),
            learning=learning_report(totals.practice, (), started.started_utc),
            band=kept.band.report(),
            ramp=(*kept.ramp.told(), *measured.report.told(totals.pulled)),
        )
    )
    return written, kept.anatomy.measures


@dataclass
class _Kept:
    """`frames`: with what a page tells alone."""

    started: SessionStarted
    anatomy: Anatomy
    pull: PullTaken
    ranges: RangeCount
    ramp: RampOutcome
    band: BandTaken
    ended: SessionEnded | None = None
    decisions: list[Decision] = field(default_factory=list)
    frames: Thinned[FrameLogged] = field(default_factory=lambda: Thinned(KEPT_FRAMES))


def _read(sealed: Path) -> _Kept:
    events = read_sealed(sealed)
    started = next(events, None)
    if not isinstance(started, SessionStarted):
        raise InputError(
            f"recording {sealed}",
            value="no beginning",
            allowed="one that begins with who is led and how",
            remedy="nothing can be drawn of it; what it holds is kept",
        )
    anatomy = Anatomy.build(body_measures(started.config, started.person))
    give_back()  # its shapes are needed again for the pictures alone
    lean = LeanFrames()
    ranges = RangeCount(exercise_of(started), None)
    pull, ramp, band = PullTaken(started, anatomy), RampOutcome(started), BandTaken(started)
    kept = _Kept(started, anatomy, pull, ranges, ramp, band)
    for event in events:
        kept.pull.take(event)
        kept.ranges.take(event)
        kept.ramp.take(event)
        kept.band.take(event)
        if isinstance(event, FrameLogged):
            kept.frames.take(lean.of(event))
        elif isinstance(event, DecisionLogged):
            kept.decisions.append(event.decision)
        elif isinstance(event, SessionEnded):
            kept.ended = event
    return kept
