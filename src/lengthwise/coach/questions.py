"""One question each for the stretch and for pain after every set. A pure step.

They are put at rest, when the body is back from the last repetition of a set and before anything
follows: one at a time, in the order stretch, pain. The first is asked of stretches only. Nobody is
pressed: what is not answered within `question_wait_s` is written down as not answered, which is no
number, and the session goes on as far as the envelope allows.

While pain keeps the next stretch from being begun, it is asked about again every
`question_again_s`: a lower one said at rest is how it falls.
"""

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.limits.said import PainLevel, pain_level, usable
from lengthwise.coach.phases import Scene, came_back
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.settings import Settings
from lengthwise.coach.state import Asking, State
from lengthwise.contracts.decision import Phase, Question, QuestionId, Reason
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.reference.exercises import Behaviour

REASON_OF = {
    QuestionId.SENSATION: ReasonId.QUESTION_SENSATION,
    QuestionId.PAIN: ReasonId.QUESTION_PAIN,
}
_ANSWERED_BY = {SignalKind.SENSATION: QuestionId.SENSATION, SignalKind.PAIN: QuestionId.PAIN}


class Left(Struct, frozen=True):
    """A question that nobody answered, and why."""

    id: QuestionId
    reasons: tuple[Reason, ...]


def followed(scene: Scene, baseline_nrs: float | None) -> tuple[Asking, tuple[Left, ...]]:
    """One frame: what is to be asked now, and what has waited long enough."""
    asking, t_s = scene.state.asking, scene.reading.t_s
    if asking.pending:
        return _waited(asking, t_s, scene.settings)
    if _set_over(scene) and not asking.begun:
        of_ramp = scene.state.on_ramp is not None
        pending = (QuestionId.PAIN,) if of_ramp else _of_a_set(scene.plan)
        return replace(asking, pending=pending, begun=True, due_s=t_s), ()
    if _barred_by_pain(scene, baseline_nrs):
        return replace(asking, pending=(QuestionId.PAIN,), due_s=t_s), ()
    return asking, ()


def _waited(asking: Asking, t_s: float, s: Settings) -> tuple[Asking, tuple[Left, ...]]:
    """One that cannot be put, for other words that keep coming, does not hold the session up."""
    since_s = asking.due_s if asking.asked_s is None else asking.asked_s
    if since_s is not None and t_s - since_s < s.question_wait_s:
        return asking, ()
    waited_s = None if asking.asked_s is None else t_s - asking.asked_s
    first = asking.pending[0]
    return _without(asking, first, t_s), (Left(first, (_not_answered(waited_s),)),)


def _of_a_set(plan: SidePlan) -> tuple[QuestionId, ...]:
    if plan.exercise.behaviour is Behaviour.HELD_IN_WINDOW:
        return (QuestionId.SENSATION, QuestionId.PAIN)
    return (QuestionId.PAIN,)


def _set_over(scene: Scene) -> bool:
    """Back at rest from the last repetition of a set, or from one after which nothing follows."""
    state, dose = scene.state, scene.plan.exercise.dose
    back = state.phase is Phase.RELEASE and state.repetition_over and came_back(scene)
    if not back:
        return False
    last = state.postponed or state.repetition >= dose.rounds + state.extra
    last = last or state.on_ramp is not None
    return last or state.repetition % dose.repetitions == 0


def _barred_by_pain(scene: Scene, baseline_nrs: float | None) -> bool:
    state, settings = scene.state, scene.settings
    if state.phase is not Phase.GET_READY:
        return False
    level = pain_level(state.said, baseline_nrs, settings)
    over = level is PainLevel.EASE and state.said.eased_to is None
    if not over and level is not PainLevel.NOT_KNOWN:
        return False
    asked_s = state.asking.pain_s
    return asked_s is None or scene.reading.t_s - asked_s >= settings.question_again_s


def put(asking: Asking, t_s: float) -> Asking:
    """The first of the pending questions has been asked."""
    about_pain = asking.pending[:1] == (QuestionId.PAIN,)
    return replace(asking, asked_s=t_s, pain_s=t_s if about_pain else asking.pain_s)


def answered(
    asking: Asking, signal: PersonSignal, t_s: float
) -> tuple[Asking, QuestionId | None, tuple[Reason, ...]]:
    """What a rating answers, also before it was asked; one without a usable number answers none."""
    found = _ANSWERED_BY.get(signal.kind)
    if found is None or found not in asking.pending or usable(signal.value) is None:
        return asking, None, ()
    waited_s = None if found != asking.open or asking.asked_s is None else t_s - asking.asked_s
    why = reason(ReasonId.QUESTION_ANSWERED, waited_s=waited_s)
    return _without(asking, found, t_s), found, (why,)


def left(asking: Asking, why: tuple[Reason, ...], t_s: float) -> tuple[Asking, tuple[Left, ...]]:
    """The person goes on without an answer."""
    waited_s = None if asking.asked_s is None else t_s - asking.asked_s
    open_one = asking.open
    found = tuple(
        Left(q, (_not_answered(waited_s if q is open_one else None), *why)) for q in asking.pending
    )
    return replace(asking, pending=(), asked_s=None), found


def _not_answered(waited_s: float | None) -> Reason:
    return reason(ReasonId.QUESTION_NOT_ANSWERED, waited_s=waited_s)


def _without(asking: Asking, gone: QuestionId, t_s: float) -> Asking:
    pending = tuple(q for q in asking.pending if q is not gone)
    if gone is not asking.pending[0]:
        return replace(asking, pending=pending)
    return replace(asking, pending=pending, asked_s=None, due_s=t_s)


def question(plan: SidePlan, state: State) -> Question | None:
    """The open question as a screen and a voice put it."""
    asked, asked_s = state.asking.open, state.asking.asked_s
    if asked is None or asked_s is None:
        return None
    said = plan.words.reasons[REASON_OF[asked]]
    return Question(asked, said.text, said.short, said.language, asked_s)
