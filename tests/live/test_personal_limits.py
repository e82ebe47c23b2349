"""What a session takes of a person's age, sex, weight and measured joint limits."""

from math import radians

import pytest

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.movements import MeasuredLimit, Movement, Sex
from lengthwise.contracts.person import Measure, MeasureName, Person
from lengthwise.contracts.session import SessionConfig
from lengthwise.live.params import body_mass_kg
from lengthwise.live.personal_limits import age_years, ends_at, limit_notes
from lengthwise.tissue.joint_ends import EVERYBODY, HIP, person_ends

BORN = Measure(MeasureName.AGE, 40.0, 0.5, "2020-01-01T00:00:00Z")
STIFF = MeasuredLimit(
    Movement.HIP_EXTENSION, Side.LEFT, radians(4.0), radians(3.0), "2025-06-01", "2026-01-01"
)
NOTHING = SessionConfig()


def test_a_kept_age_grows_and_a_stated_one_comes_first() -> None:
    person = Person("anna", measures=(BORN,))
    assert age_years(NOTHING, person, "2026-01-01T00:00:00Z") == pytest.approx(46.0, abs=0.01)
    assert age_years(SessionConfig(age_years=30.0), person, "2026-01-01T00:00:00Z") == 30.0
    assert age_years(NOTHING, Person("anna"), "2026-01-01") is None


def test_nothing_known_is_everybody_and_sex_alone_changes_nothing_and_says_so() -> None:
    assert ends_at(NOTHING, Person("anna"), "2026-01-01") == EVERYBODY
    person = Person("anna", sex=Sex.MALE)
    assert ends_at(NOTHING, person, "2026-01-01") == EVERYBODY
    (note,) = limit_notes(NOTHING, person, "2026-01-01")
    assert "--age-years" in note


def test_a_measured_limit_counts_until_it_expires() -> None:
    person = Person("anna", measures=(BORN,), limits=(STIFF,))
    assert limit_notes(NOTHING, person, "2025-12-31") == ()
    found = ends_at(NOTHING, person, "2025-12-31").left.value_rad[HIP]
    assert found == pytest.approx(radians(-4.0))
    assert ends_at(NOTHING, person, "2026-01-02") == person_ends(age_years=46.0, sex=None)
    (note,) = limit_notes(NOTHING, person, "2026-01-02")
    assert "hip_extension_l (2025-06-01)" in note


def test_a_stated_mass_comes_before_a_kept_one_and_that_before_anybodys() -> None:
    kept = Person("anna", measures=(Measure(MeasureName.MASS, 81.0, 1.0, "2026-01-01"),))
    assert body_mass_kg(SessionConfig(mass_kg=64.0), kept).mean == 64.0
    assert body_mass_kg(NOTHING, kept).mean == 81.0
    assert body_mass_kg(NOTHING, Person("anna")).sd > body_mass_kg(NOTHING, kept).sd


def test_measures_and_limits_stated_again_take_the_place_of_the_old() -> None:
    person = Person("anna", measures=(BORN,), limits=(STIFF,))
    again = person.with_measures((Measure(MeasureName.AGE, 41.0, 0.5, "2021-01-01"),))
    assert [m.value for m in again.measures] == [41.0]
    assert person.with_limits((STIFF,)).limits == (STIFF,)
