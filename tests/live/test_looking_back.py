"""What is told of the past: a change only beyond what the sensors can tell, pain as it was told."""

from pathlib import Path

import pytest
from kept_days import kept, of_day
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.practice import ConstraintKept, Practice
from lengthwise.contracts.pull import HoldRelaxed, PullTotals
from lengthwise.contracts.session import MuscleReached
from lengthwise.contracts.states import Estimate
from lengthwise.contracts.told import PainMoment
from lengthwise.live.looking_back import history, looking_back, tell_pain
from lengthwise.record.store import ProfileStore


def left(ratio: float, sd: float = 0.03) -> MuscleReached:
    return MuscleReached(MuscleGroup.HAMSTRINGS, Side.LEFT, ratio, sd, 60.0)


@pytest.fixture
def store(tmp_path: Path) -> ProfileStore:
    return ProfileStore.open(tmp_path, "anna")


def test_a_change_is_told_only_where_it_is_more_than_noise(store: ProfileStore) -> None:
    # 1.96 times the sd of the difference of two readings with 0.03 each is 0.083.
    kept(store, of_day(1, left(0.60)), of_day(2, left(0.68)), of_day(3, left(0.77)))
    since = [past.reached[0].since for past in history(store)]
    assert since[:2] == [None, None]
    assert since[2] == pytest.approx(0.09)


def test_a_change_is_against_the_last_session_that_knew_it(store: ProfileStore) -> None:
    kept(store, of_day(1, left(0.5)), of_day(2), of_day(3, left(0.7)))
    assert history(store)[2].reached[0].since == pytest.approx(0.2)


def test_both_results_of_a_pull_are_told_beside_their_own_kind(store: ProfileStore) -> None:
    hip = Coordinate.HIP_FLEXION_L
    standard, borne = Estimate(1.0, 0.05), Estimate(1.3, 0.05)
    out = PullTotals("gauge", hip, False, 30.0, standard, borne, weight_nm=Estimate(-40.0, 4.0))
    within = replace(out, weight_nm=None)
    kept(store, *(replace(of_day(n), pulled=p) for n, p in enumerate((out, out, within), 1)))
    first, second, third = (past.pulled for past in history(store))
    assert [(p.standard_nm, round(p.angle_deg)) for p in first] == [(30.0, 57), (None, 74)]
    assert [p.alike for p in first] == [p.alike for p in second]
    assert {p.alike for p in first}.isdisjoint(p.alike for p in third), "its weight is in it"


def test_what_goes_of_a_pull_is_told_with_its_weeks_beside_the_last_and_is_never_zero(
    store: ProfileStore,
) -> None:
    out = PullTotals("gauge", Coordinate.HIP_FLEXION_L, stiff=True)

    def held(loss: float, angle_rad: float = 1.0) -> PullTotals:
        at = Estimate(angle_rad, 0.03)
        return replace(out, relaxed=(HoldRelaxed(9.0, 30.0, Estimate(loss, 0.02), at, 80.0),))

    days = (
        (1, held(0.2)),
        (2, out),
        (3, None),
        (9, held(0.4, 1.3)),
        (12, held(0.22)),
        (30, held(0.5)),
    )
    kept(store, *(replace(of_day(n), pulled=p) for n, p in days))
    told = [past.relaxed for past in history(store)]
    assert [[(r.loss_ratio, round(r.angle_deg)) for r in one] for one in told] == [
        [(0.2, 57)], [], [], [(0.4, 74)], [(0.22, 57)], [(0.5, 57)],
    ]  # fmt: skip
    assert told[0][0].alike == told[5][0].alike != told[3][0].alike
    assert told[0][0].per_week is None and told[3][0].per_week is None
    assert told[5][0].surely and told[5][0].per_week == pytest.approx(0.074, abs=0.005)


def test_what_the_exercise_is_not_about_is_not_told(store: ProfileStore) -> None:
    kept(store, of_day(1, MuscleReached(MuscleGroup.CALF, Side.LEFT, 0.5, 0.03, 60.0)))
    assert history(store)[0].reached == ()


def test_pain_is_that_of_its_session_and_goes_with_it(store: ProfileStore) -> None:
    kept(store, of_day(1), of_day(2))
    first, second = (past.session_id for past in history(store))
    tell_pain(store, first, PainMoment.BEFORE, 4.0)
    tell_pain(store, first, PainMoment.AFTER, 3.0)
    tell_pain(store, first, PainMoment.AFTER, 2.0)
    assert [(p.pain_before, p.pain_after) for p in history(store)] == [(4.0, 2.0), (None, None)]
    with pytest.raises(InputError):
        tell_pain(store, "20260109T080000Z-abcdef", PainMoment.AFTER, 3.0)
    store.delete_session(first)
    assert store.pain_told() == []
    assert [p.session_id for p in history(store)] == [second]


def test_what_was_kept_is_a_share_of_what_was_known(store: ProfileStore) -> None:
    practice = Practice(
        1.0,
        (
            ConstraintKept(Side.LEFT, Coordinate.KNEE_FLEXION_L, True, 45.0, 15.0, 20.0),
            ConstraintKept(Side.LEFT, Coordinate.PELVIS_TILT, False, 0.0, 0.0, 80.0),
            ConstraintKept(Side.RIGHT, Coordinate.KNEE_FLEXION_R, True),
        ),
    )
    kept(store, of_day(1, practice=practice))
    found = looking_back(store, history(store)[0].session_id)
    assert [(k.name, k.ratio) for k in found.kept] == [
        ("Left knee bend", 0.75),
        ("Pelvis tip", None),
    ]
    assert set(found.not_seen) == {"Right knee bend", "Pelvis tip"}


def test_a_session_of_nobody_is_refused(store: ProfileStore) -> None:
    with pytest.raises(InputError):
        looking_back(store, "20260109T080000Z-abcdef")
