"""Use case: what the sessions of each day come to for the plan: pain, its most too, and stops."""

from collections import defaultdict
from datetime import datetime

from lengthwise.contracts.progress import SessionTold
from lengthwise.contracts.screening import FLARE_STOP
from lengthwise.contracts.told import PainMoment
from lengthwise.record.store import ProfileStore
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import guided_tests

_WELL_BORNE_NRS = constant("plan", "green_most_nrs")


def day_of(at_s: float) -> int:
    """The day of this machine's calendar at a time in seconds since 1970."""
    return datetime.fromtimestamp(at_s).date().toordinal()


def sessions_told(store: ProfileStore, *, from_day: int) -> dict[int, SessionTold]:
    """What the sessions of each day come to, with every stop of it as one of `stops`. Pain that
    nobody told stays unknown; of several sessions the first tells before, the worst its most."""
    pains = {(p.session_id, p.moment): p.nrs for p in store.pain_told()}
    of_day: dict[int, list[str]] = defaultdict(list)
    trained: set[int] = set()
    for totals in store.sessions():
        day = datetime.fromisoformat(totals.started_utc).astimezone().date().toordinal()
        of_day[day].append(totals.session_id)
        if totals.exercise_id not in guided_tests():
            trained.add(day)
    stops: dict[int, list[str]] = defaultdict(list)
    for session_id, at_s in store.safety_stops():
        if not session_id.startswith(FLARE_STOP):
            stops[day_of(at_s)].append("symptom")
    found = {}
    for day in sorted({*of_day, *stops}):
        if day < from_day:
            continue
        before = [n for s in of_day[day] if (n := pains.get((s, PainMoment.BEFORE))) is not None]
        during = _during(
            [
                (pains.get((s, PainMoment.MOST)), pains.get((s, PainMoment.AFTER)))
                for s in of_day[day]
            ]
        )
        found[day] = SessionTold(
            before[0] if before else None,
            during,
            tuple(stops[day]),
            trained=day in trained or not of_day[day],
        )
    return found


def _during(told: list[tuple[float | None, float | None]]) -> float | None:
    """Pain at its most out of (most, after) of each session of a day. Where nobody told it of the
    last one it is not known, unless what was told is bad already."""
    numbers = [n for both in told for n in both if n is not None]
    if not numbers or (told[-1][0] is None and max(numbers) <= _WELL_BORNE_NRS):
        return None
    return max(numbers)
