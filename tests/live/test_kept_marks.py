"""What is said of marks that a session does not use."""

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import FractionMark, Mark, MarkKind, Person
from lengthwise.live.kept_marks import kept_marks, mark_notes

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
