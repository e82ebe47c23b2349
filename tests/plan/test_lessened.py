"""A day with less than its week: whole rounds, never below what is asked for, never more."""

from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.week import PlannedItem, Purpose
from lengthwise.plan.lessened import lessened

items = st.lists(
    st.builds(
        lambda rounds, each_s: PlannedItem(
            "seated_hamstring", (), Purpose.LENGTH, rounds, 30.0, rounds * each_s
        ),
        st.integers(1, 3),
        st.floats(20.0, 200.0),
    ),
    max_size=5,
)


@given(items, st.floats(0.8, 1.2))
def test_a_day_keeps_its_share_of_the_time_and_a_round_of_each(
    planned: list[PlannedItem], factor: float
) -> None:
    found = lessened(planned, factor)
    whole, left = (sum(i.takes_s for i in each) for each in (planned, found))
    assert min(factor, 1.0) * whole - 1e-3 <= left <= whole + 1e-9
    assert all(1 <= b.rounds <= a.rounds for a, b in zip(planned, found, strict=True))
    assert factor < 1.0 or found == tuple(planned)


def test_the_last_goes_first() -> None:
    one = PlannedItem("seated_hamstring", (), Purpose.LENGTH, 2, 30.0, 100.0)
    assert [i.rounds for i in lessened([one, one], 0.75)] == [2, 1]
    assert [i.rounds for i in lessened([one, one], 0.8)] == [2, 2]
