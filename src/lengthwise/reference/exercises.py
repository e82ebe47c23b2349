"""Exercises as versioned data: what is stretched, from where, along what, and what must not move.

Files are written for the LEFT working side in degrees, with coordinate names of the left side as
the working one; `for_side` mirrors them. Angles become radians here, once.
"""

from enum import StrEnum
from functools import cache
from importlib.resources import files
from math import radians
from typing import Any

import msgspec
from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate, Side, mirrored
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import Posture, View


class ExerciseKind(StrEnum):
    STATIC_STRETCH = "static_stretch"
    ACTIVE_MOBILITY = "active_mobility"
    ISOMETRIC_HOLD = "isometric_hold"


class ViewSide(StrEnum):
    """Where the camera stands, relative to the working side."""

    FRONT = "front"
    WORKING = "working"
    OTHER = "other"


STABILISERS = frozenset({MuscleGroup.MULTIFIDUS})
"""Muscles that are trained by holds and never stretched (transversus is not in the model)."""


class Target(Struct, frozen=True, forbid_unknown_fields=True):
    """A muscle group; `side` is l or r as written for the left working side."""

    group: MuscleGroup
    side: Side


PHASE_CUES = ("get_ready", "ease_in", "hold", "deeper", "ease", "release", "switch_side", "done")
"""Cues that every exercise words for itself; active mobility also words `slower`."""


class Motion(Struct, frozen=True, forbid_unknown_fields=True):
    """A coordinate that the exercise moves: from `start_deg` to `end_deg`.

    `other_end_deg`: for active mobility, the opposite end; the movement goes to and fro between
    the two ends through the start. None: there is one end, and the start is the other turn.
    """

    coordinate: Coordinate
    start_deg: float
    end_deg: float
    other_end_deg: float | None = None


class Constraint(Struct, frozen=True, forbid_unknown_fields=True):
    """A coordinate that should stay within `tolerance_deg` of its start value.

    `direction` +1 or -1 when only that way is a compensation, 0 for both.
    `cue` names an entry of `cues`; `why` is one plain sentence. `kept` names the cue that may be
    said, as a fact, after a hold in which the coordinate was known and stayed in place throughout.
    """

    coordinate: Coordinate
    tolerance_deg: float
    direction: int
    cue: str
    why: str
    kept: str | None = None


class Dose(Struct, frozen=True, forbid_unknown_fields=True):
    """`source` says where the figures come from, or `expert default`.

    `hold_s`: seconds asked for in each repetition. `cycles`: for active mobility, how many slow
    movements to and fro fill them; None for holds.
    """

    hold_s: float
    repetitions: int
    ease_in_s: float
    rest_s: float
    source: str
    cycles: int | None = None


class Exercise(Struct, frozen=True, forbid_unknown_fields=True):
    """One exercise. `required`: coordinates that must be known to coach more than sensation."""

    schema_version: int
    id: str
    version: int
    name: str
    plain_name: str
    kind: ExerciseKind
    start_posture: Posture
    view: ViewSide
    bilateral: bool
    targets: tuple[Target, ...]
    region: tuple[MuscleGroup, ...]
    start: dict[Coordinate, float]
    path: tuple[Motion, ...]
    constraints: tuple[Constraint, ...]
    required: tuple[Coordinate, ...]
    dose: Dose
    cues: dict[str, str]
    evidence: tuple[str, ...]
    screen_visible: bool = True
    equipment: tuple[str, ...] = ()
    written_for: Side = Side.LEFT

    def cue_text(self, cue: str) -> str:
        """The words of a cue; `{side}` and `{other}` name the working side and its opposite."""
        side, other = ("left", "right") if self.written_for is Side.LEFT else ("right", "left")
        return self.cues[cue].format(side=side, other=other)

    def __post_init__(self) -> None:
        if self.kind is ExerciseKind.STATIC_STRETCH:
            barred = [t.group for t in self.targets if t.group in STABILISERS]
            if barred:
                raise ValueError(f"a stretch cannot target a stabiliser: {barred[0]}")
        for constraint in self.constraints:
            if constraint.cue not in self.cues or (constraint.kept or "ease") not in self.cues:
                raise ValueError(f"constraint on {constraint.coordinate} names no known cue")
        unworded = [cue for cue in PHASE_CUES if cue not in self.cues]
        if unworded:
            raise ValueError(f"exercise {self.id} words no cue {unworded[0]}")
        if (self.kind is ExerciseKind.ACTIVE_MOBILITY) != (self.dose.cycles is not None):
            raise ValueError(
                f"exercise {self.id}: cycles belong to active mobility, and only there"
            )
        if self.dose.cycles is not None and "slower" not in self.cues:
            raise ValueError(f"exercise {self.id} words no cue slower")

    @property
    def pelvis_kept(self) -> bool:
        """Whether it asks to keep the pelvis where it is."""
        return any(c.coordinate is Coordinate.PELVIS_TILT for c in self.constraints)

    @property
    def side_down(self) -> Side | None:
        """The side on the floor of one who lies on the side: the other than the working one."""
        lies = self.start_posture is Posture.SIDE_LYING
        return self.written_for.other if lies else None

    def start_rad(self) -> dict[Coordinate, float]:
        return {c: radians(v) for c, v in self.start.items()}

    def for_side(self, side: Side) -> "Exercise":
        """The same exercise with `side` as the working side."""
        if side is self.written_for:
            return self

        def flip(value: float, coordinate: Coordinate) -> float:
            return value * mirrored(coordinate)[1]

        return msgspec.structs.replace(
            self,
            written_for=side,
            targets=tuple(Target(t.group, t.side.other) for t in self.targets),
            start={mirrored(c)[0]: flip(v, c) for c, v in self.start.items()},
            path=tuple(
                Motion(
                    mirrored(m.coordinate)[0],
                    flip(m.start_deg, m.coordinate),
                    flip(m.end_deg, m.coordinate),
                    None if m.other_end_deg is None else flip(m.other_end_deg, m.coordinate),
                )
                for m in self.path
            ),
            constraints=tuple(
                msgspec.structs.replace(
                    c,
                    coordinate=mirrored(c.coordinate)[0],
                    direction=int(flip(c.direction, c.coordinate)),
                )
                for c in self.constraints
            ),
            required=tuple(mirrored(c)[0] for c in self.required),
        )

    def camera_view(self) -> View:
        """The declared view for this working side."""
        if self.view is ViewSide.FRONT:
            return View.FRONT
        near = self.written_for if self.view is ViewSide.WORKING else self.written_for.other
        return View.LEFT if near is Side.LEFT else View.RIGHT


def exercise_schema() -> dict[str, Any]:
    """JSON Schema of an exercise file; `exercise.schema.json` beside this module holds a copy.

    The coordinates named in `start` are listed too: the generator leaves mapping keys open.
    """
    schema = msgspec.json.schema(Exercise)
    properties = schema["$defs"]["Exercise"]["properties"]
    properties["start"]["propertyNames"] = {"enum": [c.value for c in Coordinate]}
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(whole))
    return plain


@cache
def exercises() -> dict[str, Exercise]:
    """All exercises by id."""
    folder = files("lengthwise.reference") / "exercises_data"
    found = [
        msgspec.toml.decode(entry.read_bytes(), type=Exercise)
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    ]
    return {e.id: e for e in sorted(found, key=lambda e: e.id)}


def exercise(exercise_id: str) -> Exercise:
    """One exercise, written for the left side. Raises InputError with the known ids."""
    known = exercises()
    if exercise_id not in known:
        raise InputError(
            "exercise",
            value=exercise_id,
            allowed=", ".join(known),
            remedy="choose one of these ids",
        )
    return known[exercise_id]
