"""Totals of a whole session at once, as a session counts them while it goes on."""

from collections.abc import Iterable

from lengthwise.contracts.session import SessionEvent, SessionTotals
from lengthwise.record.totals import TotalsCount


def totals_of(events: Iterable[SessionEvent]) -> SessionTotals | None:
    """None where they do not say which session it is."""
    count = TotalsCount()
    for event in events:
        count.take(event)
    return count.totals()
