"""Use case: what is told for the plan, kept beside a person's store and read again."""

from collections.abc import Iterator
from datetime import date

from msgspec import structs

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.handover import DecidedTold, GoalTold, PlannedTold
from lengthwise.contracts.ladder import Rung
from lengthwise.contracts.plan_book import MovementTold, PlanBook
from lengthwise.live.known_exercises import check_known
from lengthwise.record.plan_book import change_book, read_book
from lengthwise.record.store import ProfileStore
from lengthwise.reference.rules import rules
from lengthwise.report.clinician_words import CLINICIAN_CHANGE, clinician_words

CLINICIAN = ("clinician",)


def book_of(store: ProfileStore) -> PlanBook:
    """An empty one where nothing was told. Raises InputError where the file is none of this
    version."""
    return read_book(store.folder)


def none_kept(what: str, *, value: str, allowed: str) -> InputError:
    """That something was never told for the book, as what is raised."""
    return InputError(
        what,
        value=value,
        allowed=f"{allowed} in what is kept",
        remedy="see: lengthwise plan example --of book, then: lengthwise plan keep",
    )


def keep_told(store: ProfileStore, told: PlanBook) -> PlanBook:
    """Keep what was told beside what was kept; the book afterwards. What is told again takes the
    place of what was, lists grow, and nothing that is left out or empty is forgotten. A clinician's
    word stands in what was decided, with its reason and day, also once another took its place.
    Raises InputError for an exercise or a rule that is not known."""
    check_known("the book", _exercises_of(told))
    for rule in () if told.clinician is None else told.clinician.lifted:
        if rule not in rules():
            raise InputError(
                "the book",
                value=f"lifted: {rule}",
                allowed=", ".join(r for r in rules() if r.startswith(("P.", "F."))),
                remedy="correct or leave it out",
            )
    return change_book(store.folder, lambda kept: merged(kept, _logged(kept, told)))


def _logged(kept: PlanBook, told: PlanBook) -> PlanBook:
    """With a clinician's word among what was decided, where it is a new one."""
    word = told.clinician
    if word is None or word == kept.clinician:
        return told
    said = DecidedTold(date.today(), CLINICIAN, clinician_words(word), CLINICIAN_CHANGE)
    return structs.replace(told, decided=(*told.decided, said))


def tell_movement(
    store: ProfileStore,
    session_id: str,
    *,
    before: float | None = None,
    after: float | None = None,
) -> PlanBook:
    """Keep how the person's own painful movement was at a session, before it or after it. Raises
    InputError for a session that is not this person's."""
    store.recording(session_id)
    return keep_told(store, PlanBook(movements=(MovementTold(session_id, before, after),)))


def merged(kept: PlanBook, told: PlanBook) -> PlanBook:
    """Lists with what is new in them, and each other value as told last."""
    nothing, newer = PlanBook(), {}
    for name in PlanBook.__struct_fields__:
        value, before = getattr(told, name), getattr(kept, name)
        if value == getattr(nothing, name) or (isinstance(value, str) and not value.strip()):
            continue
        if isinstance(value, tuple):
            value = _joined(before, value)
        elif isinstance(value, GoalTold):
            value = _goal(before, value)
        newer[name] = value
    return structs.replace(kept, **newer)


def _joined(kept: tuple[object, ...], told: tuple[object, ...]) -> tuple[object, ...]:
    """Two entries about the same are one, in the place of the first."""
    of = {_about(entry): entry for entry in kept}
    for entry in told:
        before = of.get(_about(entry))
        if isinstance(entry, MovementTold) and isinstance(before, MovementTold):
            entry = MovementTold(
                entry.session_id,
                before.before if entry.before is None else entry.before,
                before.after if entry.after is None else entry.after,
            )
        of[_about(entry)] = entry
    return tuple(of.values())


def _goal(kept: GoalTold | None, told: GoalTold) -> GoalTold | None:
    """Ratings of the same activity go on; another activity begins anew. Without a text no activity
    was told: ratings are of the one that is kept, and of none they are of nothing."""
    if not told.text.strip():
        if kept is None:
            return None
    elif kept is None or kept.text != told.text:
        return told
    of = {r.on: r for r in (*kept.ratings, *told.ratings)}
    return GoalTold(kept.text, tuple(of[day] for day in sorted(of)))


def _exercises_of(told: PlanBook) -> Iterator[str]:
    yield from (p.exercise_id for p in told.planned)
    yield from (r.exercise_id for r in told.rungs if r.exercise_id is not None)
    for visit in told.visits:
        yield from visit.exercises
    yield from () if told.clinician is None else told.clinician.left_out


def _about(entry: object) -> object:
    if isinstance(entry, Rung):
        return entry.id
    if isinstance(entry, PlannedTold):
        return entry.exercise_id
    return entry.session_id if isinstance(entry, MovementTold) else entry
