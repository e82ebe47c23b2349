"""The parts that an exercise file is made of: enums and small values, as written in the file."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Earcon
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import Posture, Segment


class ExerciseKind(StrEnum):
    STATIC_STRETCH = "static_stretch"
    ACTIVE_MOBILITY = "active_mobility"
    ISOMETRIC_HOLD = "isometric_hold"
    ECCENTRIC_LENGTHENING = "eccentric_lengthening"
    DYNAMIC_CONTROL = "dynamic_control"
    LOADED_TASK = "loaded_task"
    NERVE_SLIDER = "nerve_slider"
    BREATHING = "breathing"
    REST_POSITION = "rest_position"
    WALKING = "walking"


class Behaviour(StrEnum):
    """How an exercise is led and counted; code asks for this and never for a kind or an id.

    `held_in_window`: seconds inside the stretch window; `held_still`: seconds at the end of the
    path; `to_and_fro`: slow movements along the path; `timed`: seconds of doing it, no path.
    """

    HELD_IN_WINDOW = "held_in_window"
    HELD_STILL = "held_still"
    TO_AND_FRO = "to_and_fro"
    TIMED = "timed"


BEHAVIOUR: dict[ExerciseKind, Behaviour] = {
    ExerciseKind.STATIC_STRETCH: Behaviour.HELD_IN_WINDOW,
    ExerciseKind.ISOMETRIC_HOLD: Behaviour.HELD_STILL,
    ExerciseKind.ACTIVE_MOBILITY: Behaviour.TO_AND_FRO,
    ExerciseKind.ECCENTRIC_LENGTHENING: Behaviour.TO_AND_FRO,
    ExerciseKind.DYNAMIC_CONTROL: Behaviour.TO_AND_FRO,
    ExerciseKind.LOADED_TASK: Behaviour.TO_AND_FRO,
    ExerciseKind.NERVE_SLIDER: Behaviour.TO_AND_FRO,
    ExerciseKind.BREATHING: Behaviour.TIMED,
    ExerciseKind.REST_POSITION: Behaviour.TIMED,
    ExerciseKind.WALKING: Behaviour.TIMED,
}

LENGTHENING = frozenset({ExerciseKind.STATIC_STRETCH, ExerciseKind.ECCENTRIC_LENGTHENING})
"""Kinds whose purpose is length: they name a target, and never a stabiliser."""

TRAINING = frozenset(
    {ExerciseKind.ISOMETRIC_HOLD, ExerciseKind.DYNAMIC_CONTROL, ExerciseKind.LOADED_TASK}
)
"""Kinds whose purpose is work: they name what they train."""

UNTARGETED = frozenset(
    {
        ExerciseKind.ISOMETRIC_HOLD,
        ExerciseKind.NERVE_SLIDER,
        ExerciseKind.BREATHING,
        ExerciseKind.REST_POSITION,
        ExerciseKind.WALKING,
    }
)
"""Kinds that lengthen no muscle on purpose, so they name no target."""

MOVES_ABOUT = frozenset({ExerciseKind.WALKING})
"""Kinds in which the person leaves the place of the sensors: nothing need be seen, and it is
counted by the clock alone."""

STABILISERS = frozenset({MuscleGroup.MULTIFIDUS})
"""Groups of the length model that are trained by holds and never stretched. Transversus abdominis
is one too; it cannot be a target because it has no length engine."""


class TrainedMuscle(StrEnum):
    """Muscles that an exercise may train: all groups of the length model, and some that have no
    length engine, transversus abdominis among them. Of these nothing is measured or drawn.
    """

    PSOAS = "psoas"
    ILIACUS = "iliacus"
    RECTUS_FEMORIS = "rectus_femoris"
    TENSOR_FASCIAE_LATAE = "tensor_fasciae_latae"
    HAMSTRINGS = "hamstrings"
    GLUTEUS_MAXIMUS = "gluteus_maximus"
    GLUTEUS_MEDIUS = "gluteus_medius"
    GLUTEUS_MINIMUS = "gluteus_minimus"
    PIRIFORMIS = "piriformis"
    ADDUCTORS = "adductors"
    CALF = "calf"
    LONGISSIMUS = "longissimus"
    ILIOCOSTALIS = "iliocostalis"
    MULTIFIDUS = "multifidus"
    QUADRATUS_LUMBORUM = "quadratus_lumborum"
    RECTUS_ABDOMINIS = "rectus_abdominis"
    TRANSVERSUS_ABDOMINIS = "transversus_abdominis"
    OBLIQUES = "obliques"
    QUADRICEPS = "quadriceps"
    DEEP_HIP_ROTATORS = "deep_hip_rotators"
    DIAPHRAGM = "diaphragm"
    PELVIC_FLOOR = "pelvic_floor"

    @property
    def group(self) -> MuscleGroup | None:
        """The same muscle in the length model; None where it has no length engine."""
        return MuscleGroup(self.value) if self.value in _GROUPS else None


_GROUPS = frozenset(g.value for g in MuscleGroup)


class Place(StrEnum):
    """Where it is done. A place, with the start posture, says what the person must be able to."""

    FLOOR = "floor"
    BED = "bed"
    CHAIR = "chair"
    STANDING = "standing"
    DESK = "desk"


POSTURES_AT: dict[Place, frozenset[Posture]] = {
    Place.FLOOR: frozenset(Posture) - {Posture.STANDING, Posture.UNKNOWN},
    Place.BED: frozenset(
        {Posture.SUPINE, Posture.PRONE, Posture.SIDE_LYING, Posture.SITTING, Posture.FOUR_POINT}
    ),
    Place.CHAIR: frozenset({Posture.SITTING, Posture.STANDING}),
    Place.STANDING: frozenset({Posture.STANDING}),
    Place.DESK: frozenset({Posture.SITTING, Posture.STANDING}),
}
"""Start postures that a place allows."""

KNEELING = frozenset({Posture.HALF_KNEELING, Posture.FOUR_POINT})


class Need(StrEnum):
    """What the person must be able to do to begin."""

    KNEEL = "kneel"
    GET_DOWN_TO_FLOOR = "get_down_to_floor"


class ViewSide(StrEnum):
    """Where the camera stands, relative to the working side."""

    FRONT = "front"
    WORKING = "working"
    OTHER = "other"


EARCON_OF: dict[str, Earcon | None] = {
    "get_ready": Earcon.BEGIN,
    "ease_in": None,
    "hold": Earcon.IN_WINDOW,
    "deeper": None,
    "slower": None,
    "ease": Earcon.EASE,
    "release": None,
    "switch_side": Earcon.SIDE_SWITCH,
    "done": Earcon.END,
}
"""The sound of a cue where the file names none; None: words alone, and so are corrections and
praise."""

SHORT_WORDS = 6
"""A short phrase has at most so many words."""


class Target(Struct, frozen=True, forbid_unknown_fields=True):
    """A muscle group that is lengthened; `side` is l or r as written for the left working side."""

    group: MuscleGroup
    side: Side


class Trained(Struct, frozen=True, forbid_unknown_fields=True):
    """A muscle that works; `side` as of a target."""

    muscle: TrainedMuscle
    side: Side


class Motion(Struct, frozen=True, forbid_unknown_fields=True):
    """A coordinate that the exercise moves: from `start_deg` to `end_deg`.

    `other_end_deg`: of a movement to and fro, the opposite end; it goes between the two ends
    through the start. None: there is one end, and the start is the other turn.
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


class Observe(Struct, frozen=True, forbid_unknown_fields=True):
    """The segments to wear sensors on, all of them together, that make a coordinate known where
    the camera alone does not."""

    coordinate: Coordinate
    by: tuple[Segment, ...]


Share = Annotated[float, Meta(ge=0, le=1)]


class Effort(Struct, frozen=True, forbid_unknown_fields=True):
    """How hard it works the muscle of the trunk that it works hardest, as far as known: `low_mvc`
    to `high_mvc` of its maximal voluntary contraction, 0 to 1, by the muscle's own signal (EMG).

    `source` says where the figures come from, or `expert default`; `evidence`: the entry of
    `evidence.toml` that holds them; empty: there is none.
    """

    muscle: TrainedMuscle
    low_mvc: Share
    high_mvc: Share
    source: str
    evidence: str = ""


class BandPull(Struct, frozen=True, forbid_unknown_fields=True):
    """A motorised band may pull in this stretch, along its path. `support`: what else carries the
    limb all the while, since a band that lets go is never the only support."""

    support: str


Seconds = Annotated[float, Meta(ge=0)]
Count = Annotated[int, Meta(ge=1)]
Level = Annotated[int, Meta(ge=0, le=5)]


class Tempo(Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds of each part of one movement to and fro: out to the end, the pause there, and back.

    None where that part does not matter.
    """

    out_s: Seconds | None = None
    pause_s: Seconds | None = None
    back_s: Seconds | None = None

    @property
    def cycle_s(self) -> float | None:
        """Seconds of a whole cycle; None unless both ways are stated."""
        if self.out_s is None or self.back_s is None:
            return None
        return self.out_s + (self.pause_s or 0.0) + self.back_s


class Dose(Struct, frozen=True, forbid_unknown_fields=True):
    """`source` says where the figures come from, or `expert default`.

    `hold_s`: seconds asked for in each repetition, of movements to and fro all cycles together.
    `cycles`: how many slow movements fill them; None for holds and what is timed. `sets`: how
    often the repetitions are done, with `rest_s` between all of them.
    """

    hold_s: float
    repetitions: Count
    ease_in_s: Seconds
    rest_s: Seconds
    source: str
    cycles: Count | None = None
    tempo: Tempo = Tempo()
    sets: Count = 1

    @property
    def rounds(self) -> int:
        """Repetitions of all sets, on one side."""
        return self.sets * self.repetitions


class Short(Struct, frozen=True, forbid_unknown_fields=True):
    """A cue in a few words and as a sound, for someone who knows the exercise; both optional."""

    say: str | None = None
    sound: Earcon | None = None
