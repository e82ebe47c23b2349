"""Order by alike days and variants in turn: nothing is opened, and everything can be replayed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.adaptation import Case, Choice, NoChoice
from lengthwise.plan.neighbours import distance, equivalents, family, ordered
from lengthwise.plan.variants import chosen, propensities
from lengthwise.reference.exercise_parts import LENGTHENING, STABILISERS
from lengthwise.reference.exercises import exercise, exercises

HAMSTRINGS = ("seated_hamstring", "standing_hamstring", "supine_hamstring")
SAME = tuple(exercise(i) for i in HAMSTRINGS)
maybe = st.one_of(st.none(), st.floats(0.0, 10.0))
cases = st.builds(
    Case,
    day=st.integers(0, 40),
    exercise_id=st.sampled_from(sorted(exercises())),
    well=st.booleans(),
    level=st.integers(0, 5),
    pain=maybe,
    stress=maybe,
    sleep_h=maybe,
)
kept = st.lists(cases, max_size=25)
names = st.sampled_from(sorted(exercises()))


@given(name=names, seed=st.sets(names))
def test_equivalents_are_among_those_that_may_be_given(name: str, seed: set[str]) -> None:
    able = [exercise(i) for i in seed]
    found = equivalents(name, able)
    assert {e.id for e in found} <= seed
    assert len({family(e) for e in found}) <= 1
    assert found == () if name not in seed else name in {e.id for e in found}
    if exercise(name).kind in LENGTHENING:
        assert not {t.group for e in found for t in e.targets} & STABILISERS


@given(kept=kept, today=cases)
def test_an_order_keeps_every_exercise_and_adds_none(kept: list[Case], today: Case) -> None:
    found = ordered(SAME, kept, today)
    assert sorted(o.exercise_id for o in found) == list(HAMSTRINGS)
    for o in found:
        assert all(n.case.exercise_id == o.exercise_id for n in o.neighbours)
        assert all(n.case.day < today.day and 0.0 <= n.distance <= 1.0 for n in o.neighbours)
        assert (o.score is None) == (not o.neighbours)


@given(kept=kept, today=cases, seed=st.randoms(use_true_random=False))
def test_the_order_of_kept_days_changes_nothing(
    kept: list[Case], today: Case, seed: object
) -> None:
    mixed = list(kept)
    seed.shuffle(mixed)  # type: ignore[attr-defined]
    for one, other in zip(ordered(SAME, kept, today), ordered(SAME, mixed, today), strict=True):
        assert (one.exercise_id, one.score) == (other.exercise_id, other.score)


@given(one=cases, other=cases)
def test_a_distance_is_alike_both_ways_and_what_is_not_told_is_far(one: Case, other: Case) -> None:
    assert distance(one, other) == distance(other, one)
    told = replace(one, pain=1.0, stress=2.0, sleep_h=7.0)
    assert distance(told, told)[0] == 0.0
    assert distance(replace(told, stress=None), told)[0] == 0.25


def test_what_went_well_on_alike_days_comes_first_and_says_why() -> None:
    today = Case(30, "", False, 3, pain=2.0, stress=3.0, sleep_h=7.0)
    like = replace(today, day=10, exercise_id="standing_hamstring", well=True)
    bad = replace(today, day=11, exercise_id="supine_hamstring", well=False)
    far = replace(today, day=12, exercise_id="supine_hamstring", well=True, pain=9.0, level=0)
    first, middle, last = ordered(SAME, [like, bad, far, bad, bad], today)
    assert (first.exercise_id, first.score) == ("standing_hamstring", 1.0)
    assert first.neighbours[0].case == like and first.neighbours[0].distance == 0.0
    assert (middle.exercise_id, middle.score) == ("seated_hamstring", None)
    assert (last.exercise_id, last.score) == ("supine_hamstring", 0.0)


counts = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda t: (t[0], t[0] + t[1])),
    min_size=2,
    max_size=5,
)


@given(counts=counts)
def test_chances_sum_to_one_and_each_is_tried(counts: list[tuple[int, int]]) -> None:
    names = [str(i) for i in range(len(counts))]
    found = propensities(names, dict(zip(names, counts, strict=True)))
    assert sum(found) == pytest.approx(1.0, abs=1e-12)
    assert all(p >= 0.1 - 1e-9 for p in found)


def test_the_chance_of_two_is_what_is_known_of_their_beta_laws() -> None:
    """One of one against none of one: P(Beta(2, 1) > Beta(1, 2)) = 5/6, with .1 of each kept."""
    found = propensities(["a", "b"], {"a": (1, 1), "b": (0, 1)})
    assert found[0] == pytest.approx(0.8 * 5.0 / 6.0 + 0.1, abs=1e-4)
    even = propensities(["a", "b", "c"], dict.fromkeys("abc", (3, 5)))
    assert even == pytest.approx((1 / 3,) * 3, abs=1e-9)


@given(kept=kept, day=st.integers(0, 50), seed=st.integers(0, 10**6))
def test_a_choice_is_replayed_and_lies_among_its_variants(
    kept: list[Case], day: int, seed: int
) -> None:
    one = chosen(SAME, kept, day=day, seed=seed, enabled=True)
    assert isinstance(one, Choice) and one.chosen in HAMSTRINGS == one.variants
    assert chosen(SAME[::-1], kept[::-1], day=day, seed=seed, enabled=True) == one


def test_it_is_off_and_refuses_where_there_is_no_choice() -> None:
    assert chosen(SAME, [], day=1, seed=1) is NoChoice.OFF
    assert chosen(SAME[:1], [], day=1, seed=1, enabled=True) is NoChoice.FEWER_THAN_TWO
    assert chosen((), [], day=1, seed=1, enabled=True) is NoChoice.FEWER_THAN_TWO
    unlike = (*SAME, exercise("walking"))
    assert chosen(unlike, [], day=1, seed=1, enabled=True) is NoChoice.NOT_EQUIVALENT


def test_over_many_days_each_is_drawn_as_often_as_was_logged() -> None:
    """Of 2000 days with even chances each of three is drawn 600 to 735 times (3.3 sd)."""
    drawn = [chosen(SAME, [], day=d, seed=7, enabled=True) for d in range(2000)]
    for name in HAMSTRINGS:
        count = sum(isinstance(c, Choice) and c.chosen == name for c in drawn)
        assert 600 <= count <= 735
