"""Constants of the plan that a clinician has changed: who, when and why, in the data home.

The file is only ever added to, one line for each change, so that what held on a day can be told.
One that cannot be read is not passed over: a limit that somebody drew tighter would be loose again.
"""

import os
from enum import StrEnum
from functools import cache
from importlib.resources import files
from math import isfinite
from pathlib import Path

import msgspec
from msgspec import Struct

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.home import data_home

EDITS_NAME = "edited_constants.jsonl"
AREAS = (
    "plan", "answers", "learning", "screening", "impairments", "ladder", "workday", "teaching",
    "own_plan", "handover", "tests",
)  # fmt: skip
"""Areas that can be changed at all: nothing of them is compiled."""


class Way(StrEnum):
    """`LOWER`, `HIGHER`: a limit of safety, which may only be drawn tighter that way."""

    LOWER = "lower"
    HIGHER = "higher"
    EITHER = "either"


class Editable(Struct, frozen=True, forbid_unknown_fields=True):
    way: Way


class Edit(Struct, frozen=True, forbid_unknown_fields=True):
    """One change of one constant (`area.name`). `value` None: back to what it ships with. `default`
    that it shipped with then; `at_utc` ISO 8601."""

    constant: str
    value: float | None
    default: float
    by: str
    reason: str
    at_utc: str


@cache
def editable() -> dict[str, Editable]:
    """Which may be changed, by `area.name`; treat as read-only."""
    raw = (files("lengthwise.reference") / "editable.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, Editable])


def edits_path(home: Path | None = None) -> Path:
    return (data_home() if home is None else home) / EDITS_NAME


def edits(home: Path | None = None) -> tuple[Edit, ...]:
    """Every change that was made, the oldest first. Raises InputError where one cannot be read."""
    path = edits_path(home)
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return ()
    except OSError as cause:
        raise _unreadable(path, cause.strerror or str(cause)) from cause
    try:
        return tuple(msgspec.json.decode(line, type=Edit) for line in lines if line.strip())
    except (msgspec.MsgspecError, ValueError) as cause:
        raise _unreadable(path, " ".join(str(cause).split())) from cause


def in_force(home: Path | None = None) -> dict[str, Edit]:
    """The change that holds of each constant that is changed now."""
    latest = {edit.constant: edit for edit in edits(home)}
    return {name: edit for name, edit in latest.items() if edit.value is not None}


@cache
def in_force_here() -> dict[str, Edit]:
    """Those of this data home as they were when this program began: nothing changes under a session
    that is going on."""
    return in_force()


def add_edit(edit: Edit, home: Path | None = None) -> None:
    """Keep it behind those before. Raises InputError where those cannot be read."""
    edits(home)
    path = edits_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, msgspec.json.encode(edit) + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def refused(name: str, value: float, *, default: float, low: float, high: float) -> str | None:
    """What is allowed instead, where that value of a constant is not; None: it is."""
    found = editable().get(name)
    if found is None:
        return (
            "no change: only constants of the plan can be changed, not those of the envelope, "
            "the body or a compiled kernel"
        )
    least = max(low, default) if found.way is Way.HIGHER else low
    most = min(high, default) if found.way is Way.LOWER else high
    if isfinite(value) and least <= value <= most:
        return None
    tighter = "" if found.way is Way.EITHER else ", as a limit of safety can only be drawn tighter"
    return f"{least:g} to {most:g}{tighter}"


def usable(edit: Edit, *, default: float, low: float, high: float) -> float:
    """The value that holds. Raises InputError for one that a newer version no longer allows: what
    somebody chose is not quietly exchanged for something looser."""
    value = default if edit.value is None else edit.value
    allowed = refused(edit.constant, value, default=default, low=low, high=high)
    if allowed is not None:
        raise InputError(
            f"{edit.constant} as changed by {edit.by}",
            value=value,
            allowed=allowed,
            remedy=f"set it anew or take it back: lengthwise evidence unset {edit.constant}",
        )
    return value


def _unreadable(path: Path, found: str) -> InputError:
    return InputError(
        str(path),
        value=found,
        allowed="one change a line, as lengthwise evidence set writes them",
        remedy="correct it or put it aside; it may hold limits that somebody drew tighter",
    )
