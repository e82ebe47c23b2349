"""The safety filter: how far ahead of the force a set-point may stand, in closed form.

The device follows as dF/dt = a (S - F) with a at most 1 / follow. With what is left to the cap,
h = cap - F, asking dF/dt <= alpha h keeps h from passing 0, and gives

    S <= F + alpha follow (cap - F).

F is taken where it may be by now: the last reading, carried on at the rate at which it rose for as
long as a command needs. One constraint in one unknown: the nearest set-point that keeps it is the
smaller of the two.
"""

from lengthwise.reference.constants import constant

_PER_S = constant("band", "filter_per_s")


def filtered(
    wanted_n: float,
    *,
    cap_n: float,
    force_n: float,
    rising_n_s: float,
    ahead_s: float,
    follow_s: float,
) -> float:
    """The wanted set-point, or the most that may be."""
    by_now_n = force_n + max(rising_n_s, 0.0) * ahead_s
    return min(wanted_n, cap_n, by_now_n + _PER_S * follow_s * (cap_n - by_now_n))
