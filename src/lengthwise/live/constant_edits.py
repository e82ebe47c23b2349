"""Use case: a clinician changes a constant of the plan, or takes that back; with a reason."""

from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from lengthwise.contracts.errors import InputError, SafetyRefusedError
from lengthwise.reference.constants import Constant
from lengthwise.reference.edits import (
    Edit,
    Way,
    add_edit,
    editable,
    edits,
    in_force,
    in_force_here,
    refused,
)
from lengthwise.reference.leaning import all_constants

_MOST_LETTERS = 300


class ConstantNow(Struct, frozen=True):
    """A constant of the plan as it holds. `way` None: it cannot be changed. `edit`: the change that
    holds; None: it is as it ships. `history`: every change of it."""

    shipped: Constant
    value: float
    way: Way | None
    edit: Edit | None
    history: tuple[Edit, ...]


def constant_now(name: str, home: Path | None = None) -> ConstantNow:
    """Of `area.name`, which is known. Raises InputError where changes cannot be read."""
    shipped, edit = all_constants()[name], in_force(home).get(name)
    way = editable()[name].way if name in editable() else None
    value = shipped.value if edit is None or edit.value is None else edit.value
    history = tuple(e for e in edits(home) if e.constant == name)
    return ConstantNow(shipped, value, way, edit, history)


def set_constant(
    name: str, value: float, *, by: str, reason: str, home: Path | None = None
) -> ConstantNow:
    """Raises InputError on a name that is not known or a value that is not allowed, and
    SafetyRefusedError on one that would be looser than what ships."""
    shipped = _known(name)
    allowed = refused(name, value, default=shipped.value, low=shipped.low, high=shipped.high)
    if allowed is not None:
        in_range = shipped.low <= value <= shipped.high
        if name in editable() and in_range:
            raise SafetyRefusedError(
                f"{name} = {value:g}",
                reason=f"it is a limit of safety and ships at {shipped.value:g}",
                remedy=f"allowed: {allowed}",
            )
        raise InputError(
            name, value=f"{value:g}", allowed=allowed, remedy=f"see: lengthwise evidence {name}"
        )
    return _kept(name, value, by=by, reason=reason, home=home)


def unset_constant(name: str, *, by: str, reason: str, home: Path | None = None) -> ConstantNow:
    """Back to what it ships with. Raises InputError."""
    _known(name)
    if in_force(home).get(name) is None:
        raise InputError(
            name,
            value="as it ships",
            allowed="a constant that was changed",
            remedy="see them: lengthwise evidence changed",
        )
    return _kept(name, None, by=by, reason=reason, home=home)


def edit_notes() -> tuple[str, ...]:
    """What a record, or a decision, says of the constants that hold here as somebody has changed
    them; empty where all are as they ship."""
    return tuple(edit_words(edit) for edit in in_force_here().values())


_UNITS = {"d": "days", "s": "seconds", "h": "hours", "min": "minutes", "deg": "degrees", "1": ""}


def edits_in_words() -> tuple[str, ...]:
    """The same for a person who reads it: what a constant is for, in place of its name."""
    return tuple(_in_words(edit) for edit in in_force_here().values() if edit.value is not None)


def _in_words(edit: Edit) -> str:
    c = all_constants()[edit.constant]
    unit = _UNITS.get(c.unit, f"({c.unit})")
    about = (c.note or c.source).rstrip(".")
    said = f"{edit.by} has chosen {edit.value:g} in place of {edit.default:g} {unit}".rstrip()
    return f"{said}. {about[:1].upper()}{about[1:]}. Reason: {edit.reason.rstrip('.')}."


def edit_words(edit: Edit) -> str:
    """`plan.up_green_days is 4 (ships as 3), by NAME on 2026-01-31: reason`."""
    value = f"{edit.default:g} again" if edit.value is None else f"{edit.value:g}"
    ships = "" if edit.value is None else f" (ships as {edit.default:g})"
    return f"{edit.constant} is {value}{ships}, by {edit.by} on {edit.at_utc[:10]}: {edit.reason}"


def _known(name: str) -> Constant:
    found = all_constants().get(name)
    if found is None:
        raise InputError(
            "constant",
            value=name,
            allowed="one by area and name, such as plan.up_green_days",
            remedy="list constants: lengthwise evidence plan; each says if it can be changed",
        )
    return found


def _kept(
    name: str, value: float | None, *, by: str, reason: str, home: Path | None
) -> ConstantNow:
    for what, text in (("--by", by), ("--reason", reason)):
        if not text.strip() or len(text) > _MOST_LETTERS or not text.isprintable():
            raise InputError(
                what,
                value=text.strip()[:40] or "nothing",
                allowed=f"one line of at most {_MOST_LETTERS} letters",
                remedy="say who changes it and why: it is kept beside the value",
            )
    at_utc = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    default = all_constants()[name].value
    add_edit(Edit(name, value, default, by.strip(), reason.strip(), at_utc), home)
    return constant_now(name, home)
