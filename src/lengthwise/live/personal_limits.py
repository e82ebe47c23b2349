"""What is known of how far a person's joints go, at the time of a session."""

from datetime import UTC, datetime

from lengthwise.contracts.movements import MeasuredLimit
from lengthwise.contracts.person import MeasureName, Person
from lengthwise.contracts.session import SessionConfig
from lengthwise.live.kept_findings import valid
from lengthwise.tissue.joint_ends import PersonEnds, person_ends

_YEAR_S = 365.25 * 24 * 3600


def ends_at(config: SessionConfig, person: Person, at_utc: str) -> PersonEnds:
    """Measured where that has not expired, else by age and sex, else everybody's."""
    return person_ends(
        age_years=age_years(config, person, at_utc),
        sex=config.sex or person.sex,
        measured=kept_limits(person, at_utc),
    )


def age_years(config: SessionConfig, person: Person, at_utc: str) -> float | None:
    """As stated for the session, else as kept and grown older since."""
    kept = person.measure(MeasureName.AGE)
    if config.age_years is not None or kept is None:
        return config.age_years
    since_s = (_utc(at_utc) - _utc(kept.measured_utc)).total_seconds()
    return max(kept.value + since_s / _YEAR_S, 0.0)


def kept_limits(person: Person, at_utc: str) -> tuple[MeasuredLimit, ...]:
    """Measured limits that have not expired at a time."""
    return tuple(m for m in person.limits if valid(m.expires_utc, at_utc))


def limit_notes(config: SessionConfig, person: Person, at_utc: str) -> tuple[str, ...]:
    """What of the person's joint limits is not used, with the reason, a sentence each."""
    notes = []
    if (config.sex or person.sex) and age_years(config, person, at_utc) is None:
        notes.append("sex changes no joint limit without an age; state it with --age-years")
    fresh = {m.name for m in kept_limits(person, at_utc)}
    if gone := [m for m in person.limits if m.name not in fresh]:
        named = ", ".join(f"{m.name} ({m.measured_utc[:10]})" for m in gone)
        notes.append(f"no longer used, since it has expired: {named}; measure it again")
    return tuple(notes)


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
