"""What the coach says and why: wire types, no behaviour."""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.states import Estimate


class Phase(StrEnum):
    GET_READY = "get_ready"
    EASE_IN = "ease_in"
    HOLD = "hold"
    RELEASE = "release"
    SWITCH_SIDE = "switch_side"
    REST = "rest"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


class DecisionKind(StrEnum):
    """`FADED`: a cue that was due and is left to the person; nothing is said.

    `QUESTION`: something is asked, `cue_id` says what. What answers it is a `MARK` of the same
    `cue_id` with the number; `UNANSWERED`: nobody answered, which is no number. A stop takes an
    open question away. `COUNTDOWN`: one number of three, two, one, heard as a sound.
    """

    PHASE = "phase"
    CUE = "cue"
    FADED = "faded"
    HOLD_COUNTING = "hold_counting"
    HOLD_PAUSED = "hold_paused"
    EASE = "ease"
    MARK = "mark"
    STOP = "stop"
    NOT_KNOWN = "not_known"
    QUESTION = "question"
    UNANSWERED = "unanswered"
    COUNTDOWN = "countdown"


class Earcon(StrEnum):
    """Short sounds that need no words."""

    BEGIN = "begin"
    IN_WINDOW = "in_window"
    EASE = "ease"
    SIDE_SWITCH = "side_switch"
    END = "end"
    QUESTION = "question"
    COUNT = "count"


class QuestionId(StrEnum):
    """Each is answered by the signal of the same name, with its number."""

    SENSATION = "sensation"
    PAIN = "pain"
    REACH = "reach"
    CHANGED = "changed"


class Reason(Struct, frozen=True):
    """One rule that decided, with the numbers it saw. `id` is stable, e.g. `hold.in_window`."""

    id: str
    numbers: dict[str, float] = {}


class Decision(Struct, frozen=True):
    """A change in what the person is told or in what is counted. Never without a reason.

    `text` is said, `short` the same in a few words, `earcon` its sound (None: none); `language` the
    one of both texts, which is English where a translation is missing. `held_back`: what would have
    been said by a cue that fades. All None where they do not apply, and in older records.
    """

    t_s: float
    kind: DecisionKind
    phase: Phase
    exercise_id: str
    side: Side | None
    reasons: tuple[Reason, ...]
    cue_id: str | None = None
    text: str | None = None
    short: str | None = None
    earcon: Earcon | None = None
    language: str | None = None
    held_back: str | None = None


class BreathPhase(StrEnum):
    IN = "in"
    OUT = "out"


class BreathPace(Struct, frozen=True):
    """Where in a paced breath the person is led to be: `progress` 0 to 1 through this phase, which
    lasts `phase_s` as a whole. It is offered, never asked for, and nothing is judged by it."""

    phase: BreathPhase
    progress: float
    phase_s: float


class Question(Struct, frozen=True):
    """What is asked now, to be answered by a signal with a number from `least` to `most`.

    `asked_s`: since when it is open. Whoever does not answer is not pressed; no answer is no zero.
    """

    id: QuestionId
    text: str
    short: str | None
    language: str
    asked_s: float
    least: float = 0.0
    most: float = 10.0


class Guidance(Struct, frozen=True):
    """What a screen shows at one instant.

    `effective_s` seconds that count; `uncertain_s` seconds at a gentle sensation that cannot be
    known (the hollow ring); `hold_target_s` seconds asked for; `in_window` None: not known;
    `gauge` window position of the first target, None where no numeric window leads;
    `waiting_for` reason ids that keep the clock from counting now; `cue_text` in `cue_language`,
    `cue_id` the exercise's cue or the reason that it says, the same in every language;
    `cycles` slow movements to and fro that were counted and `unsure_cycles` hollow ones, made
    while something that matters was not known, None for exercises without them.
    `counted_without` reason ids of constraints that are not known while the clock counts all the
    same, and `without_s` how many of the effective seconds: a screen marks them as such.
    `screening_needed`: the session was stopped by a symptom or by pain, and the safety questions
    come before the next one. `question`: the one that is open, None for none. `countdown`: 3, 2, 1
    before it begins, None while it does not run. `breath`: the pacer, None where breathing is not
    led. `uncued`: a retention check; a screen shows how long a hold has lasted (`phase_s`) and not
    what of it counts, and there is no gauge and nothing that the clock waits for.
    """

    t_s: float
    phase: Phase
    exercise_id: str
    side: Side | None
    repetition: int
    repetitions: int
    phase_s: float
    effective_s: float
    uncertain_s: float
    hold_target_s: float
    in_window: bool | None
    gauge: Estimate | None
    waiting_for: tuple[str, ...] = ()
    cue_text: str | None = None
    cycles: int | None = None
    screening_needed: bool = False
    cue_language: str | None = None
    cue_id: str | None = None
    unsure_cycles: int | None = None
    without_s: float = 0.0
    counted_without: tuple[str, ...] = ()
    breath: BreathPace | None = None
    question: Question | None = None
    countdown: int | None = None
    uncued: bool = False


class CoachOutput(Struct, frozen=True):
    guidance: Guidance
    decisions: tuple[Decision, ...] = ()
