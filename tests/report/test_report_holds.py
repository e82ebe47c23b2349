"""Seconds of a hold: those that counted, those that could not be known, and the waiting."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from report_sessions import body_state, lunge, tissue_state

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.session import FrameLogged
from lengthwise.report.holds import Counted, holds, kept_in_place, phase_spans
from lengthwise.report.timeline import hold_rows, ring

FATES = {
    Counted.EFFECTIVE: (),
    Counted.UNCERTAIN: ("not_known.window",),
    Counted.WAITING: ("compensation.pelvis_tilt",),
}


def _held(fates: list[Counted], *, step_s: float = 0.1) -> list[FrameLogged]:
    frames, effective, uncertain = [], 0.0, 0.0
    for k, fate in enumerate(fates):
        if k:
            effective += step_s * (fate is Counted.EFFECTIVE)
            uncertain += step_s * (fate is Counted.UNCERTAIN)
        guidance = Guidance(
            t_s=k * step_s,
            phase=Phase.HOLD,
            exercise_id="x",
            side=Side.LEFT,
            repetition=1,
            repetitions=1,
            phase_s=0.0,
            effective_s=effective,
            uncertain_s=uncertain,
            hold_target_s=30.0,
            in_window=None,
            gauge=None,
            waiting_for=FATES[fate],
        )
        frames.append(FrameLogged(body_state(k * step_s, {}), tissue_state(0.0, {}), guidance))
    return frames


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(list(Counted)), min_size=2, max_size=60))
def test_pieces_fill_the_hold_and_agree_with_the_clock(fates: list[Counted]) -> None:
    (hold,) = holds(_held(fates))
    by_fate = {c: sum(p.seconds for p in hold.pieces if p.counted is c) for c in Counted}
    assert np.isclose(sum(by_fate.values()), hold.end_s - hold.start_s)
    assert np.isclose(by_fate[Counted.EFFECTIVE], hold.effective_s)
    assert np.isclose(by_fate[Counted.UNCERTAIN], hold.uncertain_s)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(list(Counted)), min_size=2, max_size=60))
def test_whatever_did_not_count_has_a_reason(fates: list[Counted]) -> None:
    (hold,) = holds(_held(fates))
    assert all((p.reason is None) == (p.counted is Counted.EFFECTIVE) for p in hold.pieces)


def test_repetitions_are_held_apart() -> None:
    found = holds(lunge(step_s=0.2).frames)
    assert [(h.side, h.repetition) for h in found] == [(Side.LEFT, 1), (Side.LEFT, 2)]


def test_phases_follow_each_other_without_a_gap() -> None:
    spans = phase_spans(lunge(step_s=0.2).frames)
    assert spans[0].phase is Phase.GET_READY
    assert spans[-1].phase is Phase.DONE
    assert all(a.end_s == b.start_s for a, b in pairwise(spans))


def test_what_was_kept_is_the_share_of_known_hold_frames_without_that_compensation() -> None:
    frames = _held([Counted.EFFECTIVE] * 8 + [Counted.WAITING] * 2)
    kept, other = kept_in_place(frames, [Coordinate.PELVIS_TILT, Coordinate.TRUNK_SIDE_LEAN])
    assert np.isclose(kept.ratio, 0.8)
    assert other.ratio == 1.0


def test_what_was_not_seen_is_not_said_to_be_kept() -> None:
    (kept,) = kept_in_place(lunge(pelvis_seen=False).frames, [Coordinate.PELVIS_TILT])
    assert kept.ratio is None


def test_a_bar_tells_its_waiting_in_words() -> None:
    html = hold_rows(holds(_held([Counted.EFFECTIVE] * 20 + [Counted.WAITING] * 10)))
    assert "the pelvis tipped" in html
    assert "of 30 s" in html


def test_the_ring_has_a_hollow_part_exactly_where_seconds_were_uncertain() -> None:
    assert 'class="hollow"' in ring(10.0, 5.0, 30.0)
    assert 'class="hollow"' not in ring(10.0, 0.0, 30.0)


def test_seconds_whose_estimate_was_in_the_window_are_told_apart_and_never_counted() -> None:
    frames = [
        replace(f, guidance=replace(f.guidance, waiting_for=("hold.window_unsure",)))
        for f in _held([Counted.UNCERTAIN] * 20)
        if f.guidance is not None
    ]
    (hold,) = holds(frames)
    assert hold.effective_s == 0.0
    assert np.isclose(hold.likely_s, hold.uncertain_s, atol=0.2)
    (other,) = holds(_held([Counted.UNCERTAIN] * 20))
    assert other.likely_s == 0.0
    drawn = ring(0.0, 20.0, 30.0, hold.likely_s)
    assert 'class="likely"' in drawn
    assert ">0</text>" in drawn
    assert 'class="likely"' not in ring(0.0, 20.0, 30.0)
