"""Use case: what a person states of themselves, kept with their profile."""

from datetime import UTC, datetime, timedelta
from math import degrees, radians

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.answers import Answer
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.home import data_home
from lengthwise.contracts.movements import MeasuredLimit, Movement, Sex
from lengthwise.contracts.person import Measure, MeasureName, Person
from lengthwise.live.session_name import now_utc
from lengthwise.record.store import ProfileStore
from lengthwise.reference.constants import constant
from lengthwise.reference.joint_norms import norm_table

_SD = {
    MeasureName.HEIGHT: "stated_height_sd_m",
    MeasureName.MASS: "stated_mass_sd_kg",
    MeasureName.AGE: "stated_age_sd_years",
}


class StatedLimit(Struct, frozen=True):
    """How far a movement went, in degrees."""

    movement: Movement
    side: Side | None
    value_deg: float


class PersonRequest(Struct, frozen=True):
    """None, or nothing in it: left as it is. `forget`: names of limits and
    answers to be taken out. `answers`: as `kept_answers.answer` makes them.

    `measured_utc` of everything that is stated; None: now.
    """

    profile: str
    height_m: float | None = None
    mass_kg: float | None = None
    age_years: float | None = None
    sex: Sex | None = None
    limits: tuple[StatedLimit, ...] = ()
    limit_sd_deg: float | None = None
    limit_days: float | None = None
    measured_utc: str | None = None
    forget: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()


def state_person(request: PersonRequest) -> Person:
    """Keep what was stated; the person as kept afterwards. Where nothing is stated, a profile that
    is not there is not made. Raises InputError with one line."""
    measured = request.measured_utc or now_utc()
    stated = {
        MeasureName.HEIGHT: request.height_m,
        MeasureName.MASS: request.mass_kg,
        MeasureName.AGE: request.age_years,
    }
    measures = tuple(
        Measure(name, value, constant("calibration", _SD[name]), measured)
        for name, value in stated.items()
        if value is not None
    )
    limits = tuple(_limit(limit, request, measured) for limit in request.limits)
    states = measures or limits or request.answers or request.sex is not None
    opened = ProfileStore.open if states else ProfileStore.open_known
    with opened(data_home(), request.profile) as store:
        before = store.person()
        person = before.with_measures(measures).with_limits(limits).with_answers(request.answers)
        if request.sex is not None:
            person = replace(person, sex=request.sex)
        for name in request.forget:
            person = _without(person, name)
        if person != before:
            store.save_person(person)
    return person


def kept_person(profile: str) -> Person:
    """The person as kept."""
    with ProfileStore.open(data_home(), profile) as store:
        return store.person()


def named_limit(text: str) -> StatedLimit:
    """`hip_extension_l=12`. Raises InputError with what is allowed."""
    name, _, number = text.partition("=")
    movement, side = _movement(name.strip())
    low, high = norm_table()[movement].allowed
    try:
        value_deg = float(number)
    except ValueError:
        value_deg = float("nan")
    if not low <= value_deg <= high:
        raise InputError(
            f"--limit {name}",
            value=number or "no number",
            allowed=f"degrees from {low:g} to {high:g}",
            remedy="give it as NAME=DEGREES, + in the direction of its name",
        )
    return StatedLimit(movement, side, value_deg)


def limit_names() -> tuple[str, ...]:
    """All limits that may be stated: `hip_flexion_l`, ..., `lumbar_extension`."""
    return tuple(
        name
        for m in Movement
        for name in ([f"{m.value}_{s.value}" for s in Side] if m.sided else [m.value])
    )


def limit_words(limit: MeasuredLimit) -> str:
    """`hip_extension_l 12° (sd 5°), 2026-01-31, until 2026-07-30`."""
    return (
        f"{limit.name} {degrees(limit.value_rad):.0f}° (sd {degrees(limit.sd_rad):.0f}°), "
        f"{limit.measured_utc[:10]}, until {limit.expires_utc[:10]}"
    )


def _movement(name: str) -> tuple[Movement, Side | None]:
    if name not in limit_names():
        raise InputError(
            "--limit",
            value=name or "no name",
            allowed=", ".join(m.value + ("_l or _r" if m.sided else "") for m in Movement),
            remedy="correct the name",
        )
    stem, _, end = name.rpartition("_")
    sided = end in tuple(s.value for s in Side)
    return (Movement(stem), Side(end)) if sided else (Movement(name), None)


def _limit(limit: StatedLimit, request: PersonRequest, measured_utc: str) -> MeasuredLimit:
    sd_rad = constant("calibration", "measured_limit_sd_rad")
    if request.limit_sd_deg is not None:
        sd_rad = radians(request.limit_sd_deg)
    days = request.limit_days or constant("calibration", "measured_limit_valid_days")
    return MeasuredLimit(
        limit.movement,
        limit.side,
        radians(limit.value_deg),
        sd_rad,
        measured_utc,
        _after(measured_utc, days),
    )


def _after(utc: str, days: float) -> str:
    moment = datetime.fromisoformat(utc)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    after = (aware + timedelta(days=days)).astimezone(UTC)
    return after.isoformat(timespec="seconds").replace("+00:00", "Z")


def _without(person: Person, name: str) -> Person:
    if any(a.name == name for a in person.answers):
        return replace(person, answers=tuple(a for a in person.answers if a.name != name))
    kept = tuple(m for m in person.limits if m.name != name)
    if len(kept) == len(person.limits):
        raise InputError(
            "--forget",
            value=name,
            allowed=", ".join([*(m.name for m in person.limits), *(a.name for a in person.answers)])
            or "nothing: no limit is kept",
            remedy="see: lengthwise person --profile NAME",
        )
    return replace(person, limits=kept)
