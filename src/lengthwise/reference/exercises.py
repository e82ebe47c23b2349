"""Exercises as versioned data: what it is for, from where, along what, and what must not move.

Files are written for the LEFT working side in degrees, with coordinate names of the left side as
the working one; `for_side` mirrors them. Angles become radians here, once. `docs/exercise-guide.md`
tells how to write one.
"""

from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from math import radians
from typing import Literal

import msgspec
from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate, Side, mirrored
from lengthwise.contracts.decision import Earcon
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import Posture, Segment, View
from lengthwise.reference.exercise_parts import (
    BEHAVIOUR,
    EARCON_OF,
    KNEELING,
    LENGTHENING,
    SHORT_WORDS,
    STABILISERS,
    TRAINING,
    UNTARGETED,
    BandPull,
    Behaviour,
    Constraint,
    Dose,
    Effort,
    ExerciseKind,
    Level,
    Motion,
    Need,
    Observe,
    Place,
    Short,
    Target,
    Trained,
    ViewSide,
)
from lengthwise.reference.exercise_picture import Picture
from lengthwise.reference.exercise_taken import Part, Taken
from lengthwise.reference.exercise_taken import disagreement as of_taken

__all__ = [
    "STABILISERS",
    "Behaviour",
    "Constraint",
    "Dose",
    "Exercise",
    "ExerciseKind",
    "Motion",
    "Place",
    "Target",
    "Trained",
    "ViewSide",
    "exercise",
    "exercises",
    "guided_tests",
    "led_exercises",
    "read_exercise",
]

TIMED_CUES = ("get_ready", "ease_in", "hold", "ease", "release", "done")
"""Cues that every exercise words; those on both sides also `switch_side`."""
PHASE_CUES = (*TIMED_CUES, "deeper", "switch_side")
"""Cues of every exercise with a path; movements to and fro also word `slower`."""
SMALLEST_REGION = 5
"""A target must not win because its region holds nobody else."""


class Exercise(Struct, frozen=True, forbid_unknown_fields=True):
    """One exercise, as its file has it.

    `summary` one plain sentence of what it is for. `targets` are lengthened, `trained` work.
    `region`: the groups among which it is judged what is lengthened most; `region_note` says why a
    group that gains much is left out. `required`: coordinates that must be known to coach more
    than sensation; `observe`: what to wear for it. `levels` 0 to 5 at which it is used.
    `contraindications`: ids of `rules.toml`; `evidence`: ids of `evidence.toml`. `variant_of`: id
    of the exercise it stands in for. `lies_on_working_side`: of who lies on the side, else the
    working side is the upper one. `carries_load`: a weight is in the hands. `short`: cues in a few
    words. `effort`: how hard it works; None: not known, which is more than is allowed when pain is
    new. `picture`: what a drawing needs. `taken`: it is a test, with how its result is taken;
    its path is then a direction and its end no goal. Raises ValueError for parts that do not agree;
    `exercise_check` finds the rest.
    """

    schema_version: Literal[2]
    id: str
    version: int
    name: str
    plain_name: str
    summary: str
    kind: ExerciseKind
    place: Place
    start_posture: Posture
    view: ViewSide
    bilateral: bool
    levels: tuple[Level, ...]
    dose: Dose
    cues: dict[str, str]
    contraindications: tuple[str, ...]
    evidence: tuple[str, ...]
    targets: tuple[Target, ...] = ()
    trained: tuple[Trained, ...] = ()
    region: tuple[MuscleGroup, ...] = ()
    region_note: str = ""
    start: dict[Coordinate, float] = {}
    path: tuple[Motion, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    required: tuple[Coordinate, ...] = ()
    observe: tuple[Observe, ...] = ()
    short: dict[str, Short] = {}
    variant_of: str | None = None
    screen_visible: bool = True
    lies_on_working_side: bool = False
    equipment: tuple[str, ...] = ()
    carries_load: bool = False
    effort: Effort | None = None
    picture: Picture = Picture()
    taken: Taken | None = None
    band: BandPull | None = None
    written_for: Side = Side.LEFT

    def __post_init__(self) -> None:
        problem = _disagreement(self)
        if problem is not None:
            raise ValueError(f"exercise {self.id}: {problem}")

    @property
    def behaviour(self) -> Behaviour:
        """How it is led and counted."""
        return BEHAVIOUR[self.kind]

    @property
    def needs(self) -> tuple[Need, ...]:
        """What the person must be able to do to begin, by place and start posture."""
        floor = self.place is Place.FLOOR
        found = {Need.KNEEL: self.start_posture in KNEELING, Need.GET_DOWN_TO_FLOOR: floor}
        return tuple(need for need, asked in found.items() if asked)

    @property
    def about(self) -> tuple[Target, ...]:
        """The groups whose length is told of: what is lengthened, else what works and has a
        length engine."""
        worked = [Target(t.muscle.group, t.side) for t in self.trained if t.muscle.group]
        return self.targets or tuple(worked)

    @property
    def pelvis_kept(self) -> bool:
        """Whether it asks to keep the pelvis where it is."""
        return any(c.coordinate is Coordinate.PELVIS_TILT for c in self.constraints)

    @property
    def side_down(self) -> Side | None:
        """The side on the floor of one who lies on the side."""
        if self.start_posture is not Posture.SIDE_LYING:
            return None
        return self.written_for if self.lies_on_working_side else self.written_for.other

    def cue_text(self, cue: str) -> str:
        """The words of a cue; `{side}` and `{other}` name the working side and its opposite."""
        return self._worded(self.cues[cue])

    def short_words(self, cue: str) -> str | None:
        """A cue in a few words, its sides unnamed: as written, as the words that exercises share,
        else its own text where that is short, else None."""
        text = self.cues[cue]
        written = self.short.get(cue, Short()).say or shared_short_phrases().get(text)
        return written or (text if len(text.split()) <= SHORT_WORDS else None)

    def short_text(self, cue: str) -> str | None:
        """`short_words` with its sides named."""
        short = self.short_words(cue)
        return None if short is None else self._worded(short)

    def sound(self, cue: str) -> Earcon | None:
        """The sound of a cue: as written, else the usual one; None: words alone."""
        return self.short.get(cue, Short()).sound or EARCON_OF.get(cue)

    def _worded(self, text: str) -> str:
        side, other = ("left", "right") if self.written_for is Side.LEFT else ("right", "left")
        named = text.format(side=side, other=other)
        return named[:1].upper() + named[1:]

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
            trained=tuple(Trained(t.muscle, t.side.other) for t in self.trained),
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
            taken=None if self.taken is None else _taken_mirrored(self.taken),
            required=tuple(mirrored(c)[0] for c in self.required),
            picture=self.picture.other,
            observe=tuple(
                Observe(mirrored(o.coordinate)[0], tuple(_other_segment(s) for s in o.by))
                for o in self.observe
            ),
        )

    def camera_view(self) -> View:
        """The declared view for this working side."""
        if self.view is ViewSide.FRONT:
            return View.FRONT
        near = self.written_for if self.view is ViewSide.WORKING else self.written_for.other
        return View.LEFT if near is Side.LEFT else View.RIGHT


def _taken_mirrored(taken: Taken) -> Taken:
    return msgspec.structs.replace(
        taken,
        parts=tuple(
            Part(mirrored(p.coordinate)[0], p.factor * mirrored(p.coordinate)[1])
            for p in taken.parts
        ),
        controls=tuple(mirrored(c)[0] for c in taken.controls),
    )


def _other_segment(segment: Segment) -> Segment:
    name, _, side = segment.value.rpartition("_")
    return Segment(f"{name}_{Side(side).other.value}") if name else segment


def cues_needed(e: Exercise) -> tuple[str, ...]:
    """Cues that an exercise has to word for itself."""
    if e.behaviour is Behaviour.TIMED:
        return (*TIMED_CUES, "switch_side") if e.bilateral else TIMED_CUES
    return (*PHASE_CUES, "slower") if e.behaviour is Behaviour.TO_AND_FRO else PHASE_CUES


def _disagreement(e: Exercise) -> str | None:
    """The first thing that does not fit together; what the published schema says too."""
    return _of_muscles(e) or _of_movement(e) or _of_cues(e) or _of_test(e)


def _of_test(e: Exercise) -> str | None:
    if e.taken is None:
        return None
    if e.targets:
        return "a test lengthens nothing on purpose: it names no target"
    kept = {c.coordinate for c in e.constraints}
    loose = [c.value for c in e.taken.controls if c not in kept]
    return f"taken controls {loose[0]}, which no constraint keeps" if loose else of_taken(e.taken)


def _of_muscles(e: Exercise) -> str | None:
    if e.kind in LENGTHENING:
        barred = [t.group.value for t in e.targets if t.group in STABILISERS]
        if barred:
            return f"a stretch cannot target a stabiliser: {barred[0]}"
        if not e.targets:
            return f"{e.kind.value} names no target"
    if e.kind in UNTARGETED and e.targets:
        return f"{e.kind.value} lengthens nothing on purpose: name it in trained, not in targets"
    if e.kind in TRAINING and not e.trained:
        return f"{e.kind.value} names nothing in trained"
    if e.effort is not None:
        if e.kind not in TRAINING:
            return f"{e.kind.value} is no work: effort belongs to kinds that train"
        if e.effort.muscle not in {t.muscle for t in e.trained}:
            return f"its effort is of {e.effort.muscle.value}, which trained does not name"
        if e.effort.low_mvc > e.effort.high_mvc:
            return "its effort has low_mvc above high_mvc"
    if e.targets and len(set(e.region)) < SMALLEST_REGION:
        return f"its region holds fewer than {SMALLEST_REGION} muscle groups"
    outside = [t.group.value for t in e.targets if t.group not in e.region]
    return f"target {outside[0]} is not in its region" if outside else None


def _of_movement(e: Exercise) -> str | None:
    timed, cycled = e.behaviour is Behaviour.TIMED, e.behaviour is Behaviour.TO_AND_FRO
    if timed and (e.path or e.constraints or e.required):
        return f"{e.kind.value} is timed: it has no path, constraints or required coordinates"
    if not timed and not e.path:
        return "it moves nothing: path is empty"
    if cycled != (e.dose.cycles is not None):
        return "cycles belong to movements to and fro, and only there"
    return None


def _of_cues(e: Exercise) -> str | None:
    for constraint in e.constraints:
        if constraint.cue not in e.cues or (constraint.kept or constraint.cue) not in e.cues:
            return f"constraint on {constraint.coordinate.value} names no known cue"
    unworded = [cue for cue in cues_needed(e) if cue not in e.cues]
    if unworded:
        return f"it words no cue {unworded[0]}"
    unknown = [cue for cue in e.short if cue not in e.cues]
    return f"short names no known cue: {unknown[0]}" if unknown else None


@cache
def shared_short_phrases() -> dict[str, str]:
    """Cues in a few words, by their text; treat as read-only."""
    raw = (files("lengthwise.reference") / "short_phrases.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, str])


def read_exercise(text: bytes) -> Exercise:
    """An exercise from the bytes of its file. Raises msgspec.MsgspecError with the place."""
    return msgspec.toml.decode(text, type=Exercise)


@cache
def exercises() -> dict[str, Exercise]:
    """All exercises by id; tests are none of them."""
    return _in_folder("exercises_data")


@cache
def guided_tests() -> dict[str, Exercise]:
    """All tests by id: exercises that are done to learn something, and never planned."""
    return _in_folder("tests_data")


@cache
def led_exercises() -> dict[str, Exercise]:
    """Everything that a session may be led through: exercises and tests by id."""
    return exercises() | guided_tests()


def _in_folder(name: str) -> dict[str, Exercise]:
    folder = files("lengthwise.reference") / name
    found = [
        read_exercise(entry.read_bytes())
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    ]
    return {e.id: e for e in sorted(found, key=lambda e: e.id)}


def exercise(exercise_id: str) -> Exercise:
    """One exercise or test, written for the left side. Raises InputError with the ids that are
    nearest."""
    known = led_exercises()
    if exercise_id not in known:
        near = get_close_matches(exercise_id, known, n=3)
        raise InputError(
            "exercise",
            value=exercise_id,
            allowed="an id of the list that lengthwise exercises prints",
            remedy=f"perhaps {' or '.join(near)}" if near else "choose one of these",
        )
    return known[exercise_id]
