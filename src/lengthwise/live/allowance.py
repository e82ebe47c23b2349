"""How much of something may come in a second."""

_BURST_S = 2.0
"""Whoever was held up may catch up by so much."""


class Allowance:
    """So many a second, and after a silence those of `burst_s` at once."""

    def __init__(self, most_hz: float, *, burst_s: float = _BURST_S) -> None:
        self._most_hz, self._burst_s, self._spent, self._at_s = most_hz, burst_s, 0.0, 0.0

    def spend(self, count: int, t_s: float) -> bool:
        """False, and nothing spent, where it would be too many."""
        regained = self._most_hz * max(t_s - self._at_s, 0.0)
        spent = max(self._spent - regained, 0.0) + count
        if spent > self._most_hz * self._burst_s:
            return False
        self._spent, self._at_s = spent, max(t_s, self._at_s)
        return True
