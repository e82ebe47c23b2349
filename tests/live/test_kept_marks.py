"""What is said of marks that a session does not use."""

from msgspec.structs import replace

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import ANATOMY_EDITION, MuscleGroup
from lengthwise.contracts.person import FractionMark, Mark, MarkKind, Person
from lengthwise.live.kept_marks import kept_marks, mark_notes
from lengthwise.live.todays_windows import person_at, window_notes

PSOAS = (MuscleGroup.PSOAS, Side.LEFT)
NOW = "2026-03-01T08:00:00Z"


def _mark(expires_utc: str | None) -> Mark:
    return Mark(
        *PSOAS, MarkKind.TOLERANCE, 0.33, 0.001, 0.31, "2026-02-01T08:00:00Z", "imu6", expires_utc
    )


OLD = FractionMark(*PSOAS, MarkKind.TOLERANCE, 0.8, 0.02, "2026-01-01T08:00:00Z", "imu6")


def test_a_mark_kept_as_a_share_of_a_range_is_named_and_not_used() -> None:
    person = Person("anna", fraction_marks=(OLD,))
    assert kept_marks(person, NOW) == ()
    (note,) = mark_notes(person, NOW)
    assert "tolerance of psoas, left (2026-01-01)" in note
    assert "share of a range" in note
    assert "\n" not in note


def test_an_expired_mark_is_named_and_not_used() -> None:
    person = Person("anna", marks=(_mark("2026-02-15T00:00:00Z"),))
    assert kept_marks(person, NOW) == ()
    (note,) = mark_notes(person, NOW)
    assert "expired" in note and "2026-02-01" in note


def test_what_was_marked_again_is_not_asked_for() -> None:
    person = Person("anna", marks=(_mark(None),), fraction_marks=(OLD,))
    assert kept_marks(person, NOW) == (_mark(None),)
    assert mark_notes(person, NOW) == ()


def test_a_length_of_another_edition_of_the_model_is_named_and_not_used() -> None:
    """Of a muscle whose path has changed: earlier editions and, for all, later ones."""
    calf = replace(_mark(None), group=MuscleGroup.CALF)
    later = replace(_mark(None), edition=ANATOMY_EDITION + 1)
    person = Person("anna", marks=(calf, later))
    assert kept_marks(person, NOW) == ()
    (note,) = mark_notes(person, NOW)
    assert "calf, left (2026-02-01)" in note and "psoas, left" in note
    assert "\n" not in note
    assert window_notes(person, NOW, setup="imu6") == (note,)
    assert person_at(person, NOW, setup="imu6").marks == ()


def test_a_length_of_an_earlier_edition_holds_where_the_path_is_the_same() -> None:
    person = Person("anna", marks=(_mark(None),))
    assert kept_marks(person, NOW) == person.marks


def test_a_muscle_marked_again_is_read_by_its_new_marks_alone() -> None:
    calf = replace(_mark(None), group=MuscleGroup.CALF)
    anew = replace(calf, length_m=0.36, edition=ANATOMY_EDITION, measured_utc=NOW)
    person = Person("anna", marks=(calf, anew))
    assert kept_marks(person, NOW) == (anew,)
    assert mark_notes(person, NOW) == ()


def test_what_a_session_is_given_is_of_todays_edition() -> None:
    first = replace(_mark(None), kind=MarkKind.FIRST_RESISTANCE, length_m=0.32, measured_utc=NOW)
    person = Person("anna", marks=(first, replace(_mark(None), measured_utc=NOW)))
    given = person_at(person, NOW, setup="imu6").marks
    assert {m.kind for m in given} == set(MarkKind)
    assert {m.edition for m in given} == {ANATOMY_EDITION}
