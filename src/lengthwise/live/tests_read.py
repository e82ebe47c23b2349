"""Use case: what sessions of tests have told, taken over into the plan once each.

A session keeps its results in its record. From there they are read as soon as anything is decided,
so that a page that was closed, or a session that was brought back, loses none.
"""

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.own_plan import TestsTaken
from lengthwise.live.tests_kept import Kept, day_on, tested_of, told_by
from lengthwise.record.store import ProfileStore
from lengthwise.reference.exercises import guided_tests


def keep_tests(store: ProfileStore, *, at_s: float) -> None:
    """Keep what is not kept yet. A record that cannot be read now is tried again the next time."""
    found = untaken(store)
    if found:
        store.add_plan_events(found, at_s=at_s)


def untaken(store: ProfileStore) -> tuple[TestsTaken, ...]:
    """What sessions of tests told that is not kept in the plan yet."""
    sessions = [s for s in store.sessions() if s.exercise_id in guided_tests()]
    if not sessions:
        return ()
    known = {k.event.session_id for k in store.plan_events() if isinstance(k.event, TestsTaken)}
    found = []
    for session in sessions:
        on = day_on(session.started_utc)
        if on is None or session.session_id in known:
            continue
        try:
            tested = tested_of(store.recording(session.session_id))
        except InputError:
            continue
        kept = [Kept(session.session_id, on.toordinal(), on.isoformat(), t) for t in tested]
        told = told_by(kept, on.toordinal())
        found.append(TestsTaken(session.session_id, tested, told.results, told.directions))
    return tuple(found)
