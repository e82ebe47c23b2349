"""Golden replays of three exercises, clean and with one fault each: the laws of the measure."""

from pathlib import Path

import numpy as np
import pytest

from lengthwise.coach import coach
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase
from lengthwise.live.evaluation import coaching
from lengthwise.live.evaluation.coaching_ceiling import Above, Sight, above
from lengthwise.live.evaluation.coaching_pieces import Outcome, Piece, Run
from lengthwise.live.evaluation.coaching_run import run
from lengthwise.live.evaluation.coaching_score import first_words
from lengthwise.live.evaluation.coaching_tables import became, tables
from lengthwise.live.evaluation.coaching_truth import Truth
from lengthwise.reference.exercises import exercise

CASES = {
    "half_kneeling_hip_flexor": Coordinate.PELVIS_TILT,
    "cat_cow": Coordinate.TRUNK_SIDE_LEAN,
    "bird_dog": Coordinate.PELVIS_TILT,
}
PIECES = [Piece(e, "phone", 5.0, 0, fault) for e, c in CASES.items() for fault in (None, c)]


@pytest.fixture(scope="module")
def runs(sparse: None) -> list[Run]:
    return [run(piece) for piece in PIECES]


def test_every_hold_begins_and_its_seconds_add_up(runs: list[Run]) -> None:
    for r in runs:
        assert r.began, r.why_not
        assert r.told_s + r.abstained_s <= r.hold_s + 0.05
        assert r.false_s + r.unseen_false_s <= r.told_s + 1e-6
        assert r.missed_s <= r.due_s + 1e-6
        assert r.other_side == 0


def test_nothing_counts_where_it_is_not_known_and_the_reason_is_shown(runs: list[Run]) -> None:
    for r in runs:
        assert r.unknown_effective_s == 0.0
        assert r.unexplained_s == 0.0
        if r.abstained_s > 1.0:
            assert r.reasons


def test_a_clean_person_breaks_no_constraint_and_a_faulty_one_does(runs: list[Run]) -> None:
    for r in runs:
        if r.piece.fault is None:
            assert r.truly_beyond_s == 0.0
            assert (r.above.total_s, r.above.least_s) == (0.0, 0.0)
            assert r.corrections == ()
        else:
            assert r.truly_beyond_s > 0.5
            assert r.outcome is not None and r.outcome.visible_s is not None


def test_what_a_phone_at_the_sacrum_sees_is_said_in_time(runs: list[Run]) -> None:
    said = {r.piece.exercise_id: r.outcome for r in runs if r.piece.fault is Coordinate.PELVIS_TILT}
    for outcome in said.values():
        assert outcome is not None and became(outcome) == "right"


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ([(5.9, "own"), (7.0, "other")], "other"),
        ([(6.2, "own"), (7.0, "other")], "own"),
        ([(6.2, "other"), (6.4, "own")], "own"),
        ([(6.2, "other"), (6.8, "other"), (6.9, "own")], "other"),
        ([(6.2, "other")], None),
    ],
)
def test_its_own_words_count_from_when_it_leaves_and_others_from_when_it_has_left(
    said: list[tuple[float, str]], first: str | None
) -> None:
    decisions = [
        Decision(t_s, DecisionKind.CUE, Phase.HOLD, "", None, (), cue) for t_s, cue in said
    ]
    found = first_words(decisions, "own", onset_s=6.0, visible_s=6.6)
    assert (None if found is None else found.cue_id) == first


def test_a_movement_to_and_fro_is_counted_as_it_was_made(runs: list[Run]) -> None:
    clean = next(r for r in runs if r.piece == PIECES[2])
    assert clean.cycles is not None and clean.true_cycles is not None
    assert abs(clean.cycles - clean.true_cycles) <= 1
    assert clean.cycles > 0


def test_the_floors_stand_first_and_every_run_is_in_the_tables(runs: list[Run]) -> None:
    floors, sensors, outcomes, each, *_ = tables(runs)
    assert floors.columns[-1] == "met"
    assert sensors.rows[0][2] == len(runs)
    assert outcomes.rows[0][2] == len(CASES)
    assert {row[0] for row in each.rows} == set(CASES)


def test_time_above_a_ceiling_is_told_in_full_and_then_in_parts() -> None:
    """Below; above and unseen; seen and let be; seen and eased; of the other target alone."""
    plan = coach.Params(exercise("chair_side_bend"), (Side.LEFT,)).plans[0]
    assert len(plan.targets) == 2
    truth = Truth(
        beyond=np.array([[False], [True], [True], [True], [False]]),
        position=np.array([[0.7, 0.7], [1.0, np.nan], [1.0, 0.7], [1.0, 0.7], [0.7, 1.0]]),
        arrived=np.ones(5, dtype=bool),
        progress=np.ones(5),
    )
    nothing, first = (False, False), (True, False)
    sights = [
        Sight(first, eased=False),
        Sight(nothing, eased=False),
        Sight(first, eased=False),
        Sight(first, eased=True),
        Sight(first, eased=False, corrected=True),
    ]
    found = above(plan, truth, sights, np.ones(5))
    assert found == Above(seen_s=1.0, eased_s=1.0, corrected_s=1.0, unseen_s=1.0, broken_s=3.0)
    assert found.total_s == 4.0


def test_an_abstention_is_no_failure_and_a_silence_of_what_is_known_is() -> None:
    seen = {"visible_s": 6.6, "known": True}
    assert became(Outcome(visible_s=6.6)) == "not known"
    assert became(Outcome(**seen, doubted=True)) == "in doubt"
    assert became(Outcome(**seen)) == "missed"
    assert became(Outcome(**seen, noticed=True)) == "waited, no words"
    assert became(Outcome(**seen, first_cue="tuck", delay_s=3.0, on_it=True)) == "late"
    assert became(Outcome(**seen, first_cue="tuck", delay_s=1.0, on_it=True, right=True)) == "right"
    assert became(Outcome()) == "never visible"


def test_what_was_kept_is_not_run_again_and_a_torn_line_is(
    tmp_path: Path, runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_piece, asked = dict(zip(PIECES, runs, strict=True)), []

    def known(piece: Piece) -> Run:
        asked.append(piece)
        return by_piece[piece]

    monkeypatch.setattr(coaching, "run", known)
    monkeypatch.setattr(coaching, "pieces", lambda *_: PIECES)
    kept = tmp_path / "runs.jsonl"
    first = coaching.evaluate(only=list(CASES), kept=kept)
    assert asked == PIECES
    lines = kept.read_bytes().splitlines(keepends=True)
    kept.write_bytes(b"".join(lines[:-1]) + lines[-1][:40])
    asked.clear()
    assert coaching.evaluate(only=list(CASES), kept=kept) == first
    assert asked == PIECES[-1:]


def test_a_piece_is_the_same_run_twice(runs: list[Run]) -> None:
    assert run(PIECES[-1]) == runs[-1]
