"""The envelope of a band: it only ever lowers or releases."""

import pytest
from band_inputs import SENSELESS, readings, usual_params, window
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.band import envelope
from lengthwise.band.envelope import Sight
from lengthwise.band.filtering import filtered
from lengthwise.band.readings import Seen, take
from lengthwise.band.signals import Cause, Reading
from lengthwise.contracts.states import Estimate

LIMITS = usual_params(window=window()).limits
wanted = st.one_of(st.none(), st.floats(-10.0, 300.0), SENSELESS)
FINE = Sight(
    1.0,
    forward=True,
    dt_s=0.0125,
    before_n=40.0,
    seen=Seen(recent=(Reading(0.99, 40.0, 0.1, 1, grip=True),)),
    stop=False,
    link=True,
    position=Estimate(0.3, 0.02),
    position_s=0.9,
    allowed=True,
)
sights = st.builds(
    lambda came, dt_s, before_n, forward, stop, link, allowed: Sight(
        1.0,
        forward,
        dt_s,
        before_n,
        take(Seen(), tuple(came), 1.0),
        stop,
        link,
        allowed=allowed,
    ),
    st.lists(readings, max_size=4),
    st.one_of(st.floats(0.0, 0.1), SENSELESS),
    st.one_of(st.floats(0.0, 96.0), SENSELESS),
    st.booleans(),
    st.sampled_from([False, False, True, None]),
    st.sampled_from([True, True, False, None]),
    st.sampled_from([True, True, False, None]),
)


@given(wanted, sights)
def test_never_more_than_was_wanted_and_never_above_the_cap(
    wanted_n: float | None, sight: Sight
) -> None:
    force_n = envelope.last(wanted_n, sight, LIMITS).command.force_n
    assert 0.0 <= force_n <= LIMITS.cap_n
    if wanted_n is not None and wanted_n >= 0.0:
        assert force_n <= wanted_n


@given(st.floats(0.1, 300.0))
def test_asking_twice_changes_nothing(wanted_n: float) -> None:
    once = envelope.last(wanted_n, FINE, LIMITS)
    assert envelope.last(once.command.force_n, FINE, LIMITS) == once


@given(st.floats(0.1, 300.0), st.floats(0.1, 300.0))
def test_who_wants_less_gets_no_more(one_n: float, other_n: float) -> None:
    low, high = sorted((one_n, other_n))
    given_n = [envelope.last(n, FINE, LIMITS).command.force_n for n in (low, high)]
    assert given_n[0] <= given_n[1]


@given(
    st.floats(0.1, 300.0),
    st.sampled_from(["stop", "link", "allowed", "seen", "forward", "dt_s", "before_n", "t_s"]),
)
def test_what_is_missing_releases(wanted_n: float, which: str) -> None:
    gone = {"seen": Seen(), "forward": False, "dt_s": float("nan"), "before_n": float("nan")}
    sight = replace(FINE, **{which: gone.get(which, float("nan") if which == "t_s" else None)})
    verdict = envelope.last(wanted_n, sight, LIMITS)
    assert verdict.command == envelope.release(LIMITS)
    assert verdict.causes


def test_without_anything_wrong_what_is_wanted_passes() -> None:
    assert envelope.last(41.0, FINE, LIMITS).command.force_n == 41.0


def test_a_set_point_stands_no_further_ahead_of_the_force_than_the_lead() -> None:
    assert envelope.last(90.0, FINE, LIMITS).command.force_n == 40.0 + LIMITS.lead_n


def test_above_the_ceiling_it_eases_below_what_was_commanded() -> None:
    sight = replace(FINE, position=Estimate(0.88, 0.02), position_s=0.9)
    eased = envelope.last(41.0, sight, LIMITS).command.force_n
    assert eased == pytest.approx(40.0 - LIMITS.ease_n_s * 0.0125)
    assert envelope.last(41.0, replace(FINE, position=Estimate(0.8, 0.02)), LIMITS) == (
        envelope.last(41.0, FINE, LIMITS)
    )


NAN = float("nan")
UNKNOWN = [
    (None, 0.9),
    (Estimate(0.3, 0.02), None),
    (Estimate(0.3, 0.02), -0.1),
    (Estimate(0.3, 0.02), 1.1),
    (Estimate(0.3, 0.02), NAN),
    (Estimate(NAN, 0.02), 0.9),
    (Estimate(0.3, NAN), 0.9),
    (Estimate(0.3, -0.1), 0.9),
    (Estimate(-float("inf"), 0.02), 0.9),
]


@pytest.mark.parametrize(("position", "taken_s"), UNKNOWN)
def test_under_a_ceiling_a_position_that_is_not_known_eases(
    position: Estimate | None, taken_s: float | None
) -> None:
    sight = replace(FINE, position=position, position_s=taken_s)
    eased = envelope.last(41.0, sight, LIMITS).command.force_n
    assert eased == pytest.approx(40.0 - LIMITS.ease_n_s * 0.0125)
    free = replace(LIMITS, ceiling=None)
    assert envelope.last(41.0, sight, free).command.force_n == 41.0


@pytest.mark.parametrize(("position", "taken_s"), UNKNOWN)
def test_under_a_ceiling_no_pull_begins_without_a_position(
    position: Estimate | None, taken_s: float | None
) -> None:
    sight = replace(FINE, position=position, position_s=taken_s, before_n=0.0)
    assert envelope.causes(sight, LIMITS) == (Cause.CEILING,)
    assert envelope.causes(sight, replace(LIMITS, ceiling=None)) == ()


@given(st.floats(0.0, 200.0), st.floats(0.0, 96.0), st.floats(-50.0, 50.0), st.floats(0.0, 0.3))
def test_the_filter_keeps_the_force_of_a_following_device_below_the_cap(
    wanted_n: float, force_n: float, rising_n_s: float, ahead_s: float
) -> None:
    """One second at dF/dt = (S - F) / follow, from any force below the cap."""
    for _ in range(100):
        left_n = filtered(
            wanted_n,
            cap_n=96.0,
            force_n=force_n,
            rising_n_s=rising_n_s,
            ahead_s=ahead_s,
            follow_s=0.5,
        )
        assert left_n <= wanted_n
        force_n += (left_n - force_n) / 0.5 * 0.01
        assert force_n <= 96.0 + 1e-9
