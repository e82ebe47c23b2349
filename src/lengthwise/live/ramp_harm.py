"""Use case: pain told after a session takes back what a ramp to tolerance in it measured."""

from msgspec.structs import replace

from lengthwise.contracts.person import MarkKind
from lengthwise.record.store import ProfileStore
from lengthwise.reference.constants import constant

_PAIN_MOST_NRS = constant("coach", "pain_ease_nrs")
"""As in the session itself (`coach.tolerance_ramp`)."""


def take_back(store: ProfileStore, session_id: str, nrs: float) -> None:
    """Above what may be told with a ramp it was too far: no tolerance of it is kept, and nothing is
    ramped any more that day. Of a session without one nothing changes."""
    person = store.person()
    if nrs <= _PAIN_MOST_NRS or all(r.session_id != session_id for r in person.ramps):
        return
    ramps = tuple(
        replace(r, harmed=True) if r.session_id == session_id else r for r in person.ramps
    )
    marks = tuple(
        m for m in person.marks if m.session_id != session_id or m.kind is not MarkKind.TOLERANCE
    )
    store.save_person(replace(person, ramps=ramps, marks=marks))
