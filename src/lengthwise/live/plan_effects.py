"""What the exercises of a week lengthen, as one table that is made once on this machine.

Of the generic body: where nothing but a height is known a person's size is one factor, and a factor
changes no share of a range (a test holds two heights against each other).
"""

from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from msgspec import Struct

from lengthwise.contracts.codec import encode
from lengthwise.contracts.effect import ExerciseEffect
from lengthwise.contracts.home import data_home
from lengthwise.contracts.muscles import ANATOMY_EDITION
from lengthwise.live.params import kept_once
from lengthwise.live.week import effects_of_week
from lengthwise.plan.allocation import purpose_of
from lengthwise.reference.exercises import exercises
from lengthwise.tissue.range import bounds_fingerprint


class Effects(Struct, frozen=True):
    """`digest` changes with any figure of the table."""

    digest: str
    of: dict[str, ExerciseEffect]


class _Table(Struct, frozen=True):
    of: dict[str, ExerciseEffect]


def effects_table(home: Path | None = None) -> Effects:
    """Kept in `home` (None: that of this machine's tables); a minute where it has to be made."""
    home = data_home() if home is None else home
    made = kept_once(home, "effects", _key(), _Table, lambda: _Table(effects_of_week(None)))
    return Effects(sha256(encode(made)).hexdigest()[:16], made.of)


def _key() -> tuple[object, ...]:
    try:
        model = version("myo-sim")
    except PackageNotFoundError:
        model = ""
    plannable = {e.id: e for e in exercises().values() if purpose_of(e) is not None and e.path}
    return ANATOMY_EDITION, model, bounds_fingerprint(), plannable
