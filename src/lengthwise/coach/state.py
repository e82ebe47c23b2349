"""Everything the coach remembers between two frames."""

from msgspec import Struct

from lengthwise.coach.cycles import CycleCount
from lengthwise.coach.guarding import NOTHING, Guarding
from lengthwise.coach.hold_clock import HoldClock
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.limits.movement import Pace
from lengthwise.coach.limits.said import NOTHING as NOTHING_SAID
from lengthwise.coach.limits.said import Said
from lengthwise.coach.limits.tissue import LumbarSight, NerveSight
from lengthwise.coach.other_side import OtherSide
from lengthwise.coach.ramping import Ramping
from lengthwise.coach.settings import Settings
from lengthwise.coach.stillness import Pose, Stillness
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Phase, QuestionId, Reason
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.reference.translations import ENGLISH
from lengthwise.tissue.window import TargetPosition

LOADED = frozenset({Phase.EASE_IN, Phase.HOLD})
"""Phases in which tissue is under load: only from here is there something to release."""

ENDED = frozenset({Phase.DONE, Phase.STOPPED})


class Sighting(Struct, frozen=True, gc=False):
    """What was last seen, and since when something is amiss. Times in seconds; None: never.

    `calibrated`: a numeric window is known for this repetition; no longer where the targets are in
    sight and only too unsure, as the first gentle pull leads then. `no_room`: nor does a window
    lead any more in this repetition that was found too unsure to leave room below its ceiling; it
    forbids as before. `leads_since_s`: since when a window has had that room, `settled` long enough
    for it to lead: at the first mark itself a position is surer than anywhere in the window.
    `markable`: a mark said now is taken of all targets that have a position. `position`, `window`:
    the latest of the target closest to its ceiling. `targets`: the present positions, however
    unsure. `over_ceiling_since_s`: since when some are over their ceiling, and `over_ceiling`
    which, kept until these are known to be below for a lapse; `below_ceiling_since_s`: since when
    they are.
    `required_seen`, `path_seen`: at some time in this repetition. `lost_since_s`: what the hold
    needs is out of sight. `let_go_since_s`: the body is on its way back. `easing`: an ease was told
    and still holds, `easing_since_s` since when. `allowed`: what the envelope allowed at the latest
    frame. `way`: what was claimed of the path then.
    """

    body_seen_s: float | None = None
    calibrated: bool = False
    no_room: bool = False
    leads_since_s: float | None = None
    settled: bool = False
    markable: bool = False
    position: Estimate | None = None
    window: Window | None = None
    position_seen_s: float | None = None
    targets: tuple[TargetPosition, ...] | None = None
    over_ceiling: tuple[tuple[MuscleGroup, Side], ...] = ()
    over_ceiling_since_s: float | None = None
    below_ceiling_since_s: float | None = None
    required_seen: bool = False
    path_seen: bool = False
    lost_since_s: float | None = None
    let_go_since_s: float | None = None
    progress: float | None = None
    range_fraction: Estimate | None = None
    gauge: Estimate | None = None
    in_window: bool | None = None
    easing: bool = False
    easing_since_s: float | None = None
    nerves: tuple[NerveSight, ...] | None = None
    lumbar: LumbarSight | None = None
    pace: Pace = Pace()
    allowed: Action | None = None
    way: Pose = {}

    @property
    def window_leads(self) -> bool:
        return self.calibrated and self.settled and not self.no_room


class HoldEntry(Struct, frozen=True, gc=False):
    """How the hold began: at which progress and where along the path, and whether the person's own
    mark began it."""

    progress: float | None = None
    by_signal: bool = False
    way: Pose = {}


class Speech(Struct, frozen=True, gc=False):
    """What was said: the last phrase, when each was last due, and the praise that waits.

    `phase_said`: the instruction of the present phase was given. `told`: phrases that are said once
    a session, and of what is left once in each hold. `praise_cue` None: none earned. `cue_id` of
    the last phrase. `asked`: the person asked to hear the instruction once more. `again`: the
    reason id of what is to be said of a wish to do it once more, None for nothing. `language` of
    the text. `turns`: how often each cue that fades has come due; empty while nothing fades.
    `corrected`: the last phrase was a correction; `yielded`: it would have yielded to one.
    `led_out`: the reason id by which the present release came before its time, else None.
    """

    last_s: float | None = None
    text: str | None = None
    said_s: dict[str, float] = {}
    phase_said: bool = False
    told: tuple[str, ...] = ()
    praise_cue: str | None = None
    cue_id: str | None = None
    asked: bool = False
    again: str | None = None
    language: str = ENGLISH
    turns: dict[str, int] = {}
    corrected: bool = False
    yielded: bool = False
    led_out: str | None = None


class Countdown(Struct, frozen=True, gc=False):
    """`since_s`: since when it runs; None: it does not. `out_since_s`: since when the posture is
    left, while it goes on. `told`: the last number that was heard.
    """

    since_s: float | None = None
    out_since_s: float | None = None
    told: int | None = None


class Asking(Struct, frozen=True, gc=False):
    """The questions after a set. `pending`: those still without an answer, the first one next.

    `asked_s`: since when the first of them is open; None: not put yet, due since `due_s`. `begun`:
    those of this set have been begun. `pain_s`: when pain was last asked about.
    """

    pending: tuple[QuestionId, ...] = ()
    asked_s: float | None = None
    begun: bool = False
    pain_s: float | None = None
    due_s: float | None = None

    @property
    def open(self) -> QuestionId | None:
        return self.pending[0] if self.pending and self.asked_s is not None else None


class SideLeft(Struct, frozen=True):
    """The side that was done before this one, for the wish to do it once more. `depth`: progress
    at which its last hold began, `along` where its path stood then, and `set_way` where it stood
    in the set whose sensation was said."""

    repetition: int
    extra: int
    set_sensation: float | None
    set_depth: float | None
    depth: float | None = None
    set_way: Pose = {}
    along: Pose = {}


class IfMoved(Struct, frozen=True, gc=False):
    """What `State` would remember under these names had no worn sensor been doubted."""

    sighting: Sighting
    entry: HoldEntry
    start_pose: Pose
    stillness: Stillness
    said: Said
    guarding: Guarding
    other: OtherSide
    left: SideLeft | None
    remarked: bool
    clock: HoldClock


class State(Struct, frozen=True, gc=False):
    """`t_s` capture time of the latest input. `repetition` counts from 1 within a side.
    `remarked`: today's first gentle pull was marked on it.
    `repetition_over`: this repetition needs no further hold. `noted`: what is said only
    once on this side: what is not known, and praise. `kept`: per constraint, whether it was known
    and kept all hold long.
    `waiting_for`: reason ids that keep the clock from counting now; `counted_without`: of what is
    not known while it counts all the same. `eased_s`: when the envelope
    last eased or paused something under load. `postponed`: nothing follows this repetition.
    `extra`: repetitions on this side that the person asked for. `left`: the side before it.
    `stopped_by`: the reason id of the stop; `screening_needed`: it asks the safety questions anew
    before the next session. `ramping`: of a ramp to tolerance that is led; None: none is.
    `breath_s`: how long the person's own breath was before the hold began; None: not known.
    `slid`: a worn sensor is in doubt now. `if_moved`: what stands beside all this from the first
    such doubt on (`coach.if_moved`).
    """

    t_s: float | None = None
    phase: Phase = Phase.GET_READY
    phase_start_s: float | None = None
    side_index: int = 0
    repetition: int = 1
    remarked: bool = False
    repetition_over: bool = False
    stillness: Stillness = Stillness()
    start_pose: Pose = {}
    clock: HoldClock = HoldClock()
    cycles: CycleCount = CycleCount()
    entry: HoldEntry = HoldEntry()
    sighting: Sighting = Sighting()
    kept: tuple[bool, ...] = ()
    speech: Speech = Speech()
    noted: tuple[str, ...] = ()
    waiting_for: tuple[str, ...] = ()
    counted_without: tuple[str, ...] = ()
    said: Said = NOTHING_SAID
    eased_s: float | None = None
    guarding: Guarding = NOTHING
    other: OtherSide = OtherSide()
    postponed: bool = False
    extra: int = 0
    left: SideLeft | None = None
    asking: Asking = Asking()
    countdown: Countdown = Countdown()
    stopped_by: str | None = None
    screening_needed: bool = False
    ramping: Ramping | None = None
    breath_s: float | None = None
    slid: bool = False
    if_moved: IfMoved | None = None

    @property
    def on_ramp(self) -> Ramping | None:
        """The ramp that leads now: none in the holds after it, until something takes it back."""
        led = self.ramping
        return None if led is None or (led.held and not led.ramp.harmed) else led


class Move(Struct, frozen=True):
    """A change of phase that is proposed, with why.

    `by_signal`: the person's mark begins the hold. `next_repetition`: the present one is left.
    `back`: to the side that was just left, once more. `anew`: this repetition is not over with it.
    """

    to: Phase
    reasons: tuple[Reason, ...]
    by_signal: bool = False
    next_repetition: bool = False
    back: bool = False
    anew: bool = False


def settling(state: State, settings: Settings) -> bool:
    """Whether the envelope has just eased: nothing leads further, nor to stay, for a while."""
    eased_s, t_s = state.eased_s, state.t_s
    return eased_s is not None and t_s is not None and t_s - eased_s < settings.ease_lapse_s
