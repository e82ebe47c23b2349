"""What the coach is given: what stays fixed in a session, and one frame of it."""

from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.envelope import Limits
from lengthwise.coach.fading import SHARES
from lengthwise.coach.plan import SidePlan, side_plan
from lengthwise.coach.ramping import RAMPS, REST_S, RampLead
from lengthwise.coach.settings import Settings, published_settings
from lengthwise.coach.state import State
from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import BodyState, Estimate, TissueState
from lengthwise.reference.exercise_parts import MOVES_ABOUT
from lengthwise.reference.exercise_rules import is_loaded
from lengthwise.reference.exercises import Behaviour, Exercise
from lengthwise.reference.translations import ENGLISH, translation


@dataclass(frozen=True)
class Params:
    """What stays fixed during a session.

    `exercise` as loaded; `sides` the working sides in the order they are done (a single one for an
    exercise that is not bilateral); `windows` the person's own, general ones where absent; `care`
    what the person's state asks of the limits; `inertial` the coordinates that inertial sensors
    carry, the only ones in which a tremor can show; `language` of what is said; `cue_share` of the
    corrections, invitations and praise is said, one of `fading.SHARES`; `ready_from_s` when the
    person may first be led, as upright standing for the zero pose comes before; `window_leads`:
    false where the person's case allows no tolerance (rule D); `sides_told`: false where left and
    right may be exchanged, as in an image that may be a mirror image; `check`: a retention check,
    in which nothing tells how it goes, with a share of 0; `ramp`: a ramp to tolerance of the first
    side is led, twice with a rest, before any hold. The other fields follow; `held_plan`: what is
    held after both ramps, where that was asked for.
    Raises InputError for a language that is not there.
    """

    exercise: Exercise
    sides: tuple[Side, ...] = (Side.LEFT, Side.RIGHT)
    windows: tuple[Window, ...] = ()
    settings: Settings = field(default_factory=published_settings)
    care: Care = field(default_factory=Care)
    inertial: frozenset[Coordinate] = frozenset()
    language: str = ENGLISH
    cue_share: float = 1.0
    ready_from_s: float = 0.0
    window_leads: bool = True
    sides_told: bool = True
    check: bool = False
    ramp: RampLead | None = None
    plans: tuple[SidePlan, ...] = field(init=False)
    held_plan: SidePlan | None = field(init=False)
    limits: Limits = field(init=False)

    def __post_init__(self) -> None:
        if not self.sides:
            raise ValueError("an exercise needs at least one working side")
        if self.cue_share not in SHARES:
            raise ValueError(f"cue_share is one of {SHARES}, not {self.cue_share}")
        if self.check and self.cue_share != 0.0:
            raise ValueError(f"a retention check is without cues, not with {self.cue_share}")
        words = translation(self.language)
        several = self.exercise.bilateral and self.ramp is None
        sides = self.sides if several else self.sides[:1]

        def plan(exercise: Exercise, side: Side) -> SidePlan:
            return side_plan(
                exercise,
                side,
                self.windows,
                care=self.care,
                settings=self.settings,
                words=words,
                ready_from_s=self.ready_from_s,
                sides_told=self.sides_told,
                inertial=self.inertial,
            )

        held = None
        if self.ramp is not None:
            if self.ramp.permitted and self.ramp.holds:
                held = plan(self.exercise, sides[0])
            sets = RAMPS if self.ramp.permitted else 1
            dose = replace(self.exercise.dose, repetitions=1, sets=sets, rest_s=REST_S)
            object.__setattr__(self, "exercise", replace(self.exercise, dose=dose))
        plans = tuple(plan(self.exercise, s) for s in sides)
        timed = self.exercise.behaviour is Behaviour.TIMED
        comfort, pain = timed and not is_loaded(self.exercise), self.care.baseline_nrs
        limits = Limits(
            self.settings,
            pain,
            comfort,
            timed,
            moves_about=self.exercise.kind in MOVES_ABOUT,
            window_leads=self.window_leads,
        )
        object.__setattr__(self, "sides", sides)
        object.__setattr__(self, "plans", plans)
        object.__setattr__(self, "held_plan", held)
        object.__setattr__(self, "limits", limits)


def plan_of(params: Params, state: State) -> SidePlan:
    """What is done now: that of the working side, or what is held after a ramp."""
    held = state.ramping is not None and state.ramping.held
    return params.held_plan if held and params.held_plan else params.plans[state.side_index]


class CoachFrame(Struct, frozen=True, gc=False):
    """The body and its tissue at one instant; both carry the same time.

    `breath_held_s`: how long the breath has been held, 0 while it goes; `pull_n`: a measured pull
    on what is stretched; `heart_effort_per_min`: by how much the heart beats faster in a static
    hold than at rest in the posture, where that is reason to ease; `muscle_works_ratio`: how many
    times as active as at rest a stretched muscle is, likewise; `breath_s`: how long the person's
    own breath lasts. None: no sensor tells of it. `sensor_slid`: a worn one may be turned
    on the body since its zero. `if_moved`: body and tissue had none ever been doubted, from the
    first doubt on.
    """

    body: BodyState
    tissue: TissueState
    breath_held_s: float | None = None
    pull_n: Estimate | None = None
    heart_effort_per_min: float | None = None
    muscle_works_ratio: float | None = None
    breath_s: float | None = None
    sensor_slid: bool = False
    if_moved: tuple[BodyState, TissueState] | None = None
