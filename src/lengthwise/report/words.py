"""Numbers and names as a person reads them. Nothing is written for what is not known."""

from enum import StrEnum
from functools import cache
from html import escape
from importlib.resources import files
from math import degrees

import msgspec
from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.states import Estimate, Unseen
from lengthwise.reference.reasons import reason_evidence, reason_sentences, reasons

ABOUT_ABOVE_DEG = 3.0
"""An angle with a larger sd is given as "about"."""

_ABOUT_ABOVE_FRACTION = 0.05
_COORDINATE_VALUES = frozenset(c.value for c in Coordinate)
_SIDE = {Side.LEFT: "left", Side.RIGHT: "right"}


class ClearedBy(StrEnum):
    """What makes a part visible that a camera does not show now: a phone among what is worn, other
    sensors, or where the camera and the person are."""

    PHONE = "phone"
    SENSORS = "sensors"
    PLACE = "place"


class Area(Struct, frozen=True):
    """A part of the body in the table of what was not seen, with the way to make it visible."""

    name: str
    coordinates: tuple[Coordinate, ...]
    clear: str
    by: ClearedBy


class Never(Struct, frozen=True):
    """Angles that no sensor shows, whatever is worn: `short` in a plot, `sentence` in the table."""

    coordinates: tuple[Coordinate, ...]
    short: str
    sentence: str


class Labels(Struct, frozen=True):
    """The texts of `labels.toml`."""

    phase: dict[str, str]
    coordinate: dict[Coordinate, tuple[str, str, str]]
    muscle: dict[MuscleGroup, tuple[str, str]]
    decision: dict[str, str]
    waiting: dict[str, str]
    unseen: dict[Unseen, tuple[str, str]]
    never: tuple[Never, ...]
    area: tuple[Area, ...]
    rejection: dict[str, str]
    source: dict[str, tuple[str, str]]
    limits: dict[str, str]
    afterwards: str
    borne: dict[str, str]
    resisted: dict[str, str]
    band: dict[str, str]
    how_far: dict[str, str]
    learnt: dict[str, str]
    repositioned: dict[str, str]
    evenness: dict[str, str]


@cache
def labels() -> Labels:
    raw = (files("lengthwise.report") / "labels.toml").read_bytes()
    return msgspec.toml.decode(raw, type=Labels)


def safe(text: str) -> str:
    """Text from outside, made harmless for HTML, attributes included."""
    return escape(text, quote=True)


def side_word(side: Side) -> str:
    return _SIDE[side]


def coordinate_name(coordinate: Coordinate) -> str:
    return labels().coordinate[coordinate][0]


def direction_words(coordinate: Coordinate) -> tuple[str, str]:
    """The words for the + and the - direction."""
    _, plus, minus = labels().coordinate[coordinate]
    return plus, minus


def muscle_place(group: MuscleGroup, side: Side) -> str:
    """Plain anatomy: "front of the left hip, deep"."""
    return labels().muscle[group][0].format(side=_SIDE[side])


def muscle_name(group: MuscleGroup, side: Side) -> str:
    """The muscle's name with its side: "psoas, left"."""
    return f"{labels().muscle[group][1]}, {_SIDE[side]}"


def muscle_both(group: MuscleGroup, side: Side) -> str:
    """Plain anatomy first, then the name: "front of the left hip, deep (psoas)"."""
    return f"{muscle_place(group, side)} ({labels().muscle[group][1]})"


def angle(coordinate: Coordinate, estimate: Estimate | None) -> str:
    """Whole degrees with the direction in words, "about" where unsure, nothing where unknown."""
    if estimate is None:
        return ""
    whole = round(degrees(estimate.mean))
    about = "about " if degrees(estimate.sd) > ABOUT_ABOVE_DEG else ""
    plus, minus = direction_words(coordinate)
    way = "" if whole == 0 else f" {plus if whole > 0 else minus}"
    return f"{about}{abs(whole)}°{way}"


def range_share(estimate: Estimate | None) -> str:
    """A range fraction in whole percent; nothing where unknown."""
    if estimate is None:
        return ""
    about = "about " if estimate.sd > _ABOUT_ABOVE_FRACTION else ""
    return f"{about}{round(100 * min(max(estimate.mean, 0.0), 1.0))} %"


def duration(seconds: float) -> str:
    """ "48 s", "2 min 5 s", "1 h 3 min"."""
    whole = max(round(seconds), 0)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours} h {minutes} min"
    if minutes:
        return f"{minutes} min {left} s" if left else f"{minutes} min"
    return f"{left} s"


def clock(seconds: float) -> str:
    """A moment of the session, "1:07"."""
    whole = int(max(seconds, 0.0))
    return f"{whole // 60}:{whole % 60:02d}"


def waiting_short(reason_id: str) -> str:
    """Why the clock waited, in at most five words."""
    known = labels().waiting.get(reason_id)
    if known is not None:
        return known
    area, _, subject = reason_id.partition(".")
    if area == "not_known" and subject in _COORDINATE_VALUES:
        return f"not seen: {coordinate_name(Coordinate(subject)).lower()}"
    return reason_id.replace(".", " ").replace("_", " ")


def reason_text(reason_id: str) -> str:
    """The sentence behind a reason; a reason that has none shows its id in plain letters."""
    known = reason_sentences().get(reason_id)
    return known if known is not None else reason_id.replace(".", ": ").replace("_", " ")


def evidence_text(reason_id: str) -> str:
    """How well founded a reason is: "Your own word."; nothing for a reason that is not listed."""
    found = reason_evidence(reason_id)
    if found is None:
        return ""
    about = f": {found.about}" if found.about else ""
    return f"{reasons().grade[found.grade]}{about}."


def never_shown(coordinate: Coordinate) -> Never | None:
    """What is said of an angle that no sensor shows; None of all others."""
    return next((n for n in labels().never if coordinate in n.coordinates), None)


def unseen_short(unseen: Unseen) -> str:
    return labels().unseen[unseen][0]


def unseen_sentence(unseen: Unseen) -> str:
    return labels().unseen[unseen][1]


def joined_words(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def whole(value: float) -> str:
    """A whole number with a true minus, and none before a zero."""
    return f"{round(value)}".replace("-", "\N{MINUS SIGN}")


def first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
