"""The last word over everything that the coach proposes: it can only ease, pause or release.

    allowed = min(proposal, every limit)      over STOP < RELEASE < PAUSE < EASE < HOLD < DEEPEN

The order is that of permissiveness, so the result is never more permissive than the proposal and
asking twice changes nothing. What is missing or not a number counts as the strictest answer: a
release. Limits are never weighed against each other or against a goal.

The limits, each a function of `coach/limits`: what the person said (symptom, pain, sensation),
sensing (body, position), the ceiling of each target, nerve strain, lumbar load, speed, guarding,
and the time after an ease. `coach/abstraction.py` is the finite picture of it all.
"""

from msgspec import Struct

from lengthwise.coach.limits import ceiling, movement, said, sensing, tissue
from lengthwise.coach.limits.actions import FREE, Action, Verdict, answer, missing
from lengthwise.coach.limits.movement import Pace
from lengthwise.coach.limits.said import Now
from lengthwise.coach.limits.tissue import LumbarSight, NerveSight
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.settings import Settings
from lengthwise.contracts.decision import Reason
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.tissue.window import TargetPosition

__all__ = ["Action", "Limits", "Sight", "Verdict", "cut", "evaluate", "strictest"]

_STOP, _RELEASE = Action.STOP, Action.RELEASE


class Sight(Struct, frozen=True, gc=False):
    """What the envelope knows. None always means: not known.

    `now`: what the person has said, and where they are. `body_age_s`: since any part of the body
    was last seen. `calibrated`: whether the stretch has a numeric window; without one nobody is
    asked to go deeper. `remarked`: whether today's first gentle pull was marked on this side;
    without it no window leads deeper. `position`: the latest window position, of the target that
    is furthest on, `position_age_s` its age. `targets`: the present position of every target that
    has one, however unsure; they can forbid and never permit. `over_ceiling_s`: how long the
    ceiling has been passed without a pause, 0 while it is not. `nerves`: those that the exercise
    lengthens. `guarding`: what makes it suspected now, empty for nothing. `since_ease_s`: infinite
    before the first ease.
    """

    stop: bool | None = None
    now: Now | None = None
    body_age_s: float | None = None
    calibrated: bool | None = None
    remarked: bool | None = None
    window: Window | None = None
    position: Estimate | None = None
    position_age_s: float | None = None
    targets: tuple[TargetPosition, ...] | None = None
    over_ceiling_s: float | None = None
    nerves: tuple[NerveSight, ...] | None = None
    lumbar: LumbarSight | None = None
    pace: Pace | None = None
    guarding: tuple[Reason, ...] | None = None
    since_ease_s: float | None = None


class Limits(Struct, frozen=True):
    """What stays fixed in a session. `baseline_nrs`: pain before it; None: not asked.

    `comfort`: the exercise is breathing, a comfort position or walking, without a load: even much
    pain before the session leaves it (rule D). `timed`: it goes by the clock and nothing need be
    seen; a stop, the person's words, a strain that shows, a held breath and, with a load, all
    guarding limit it. `moves_about`: it does so by steps, which turn the ribs as a breath does.
    `window_leads`: the person may be led by a window, and not by the first gentle pull alone.
    """

    settings: Settings
    baseline_nrs: float | None = None
    comfort: bool = False
    timed: bool = False
    moves_about: bool = False
    window_leads: bool = True


def evaluate(proposal: Action, sight: Sight, limits: Limits) -> Verdict:
    """The proposal, or something gentler with the reasons for it."""
    return cut(proposal, strictest(sight, limits))


def cut(proposal: Action, standing: Verdict) -> Verdict:
    """The proposal under what all limits allow together."""
    if standing.action is _STOP:
        return standing
    if proposal <= _RELEASE or standing.action >= proposal:
        return Verdict(proposal)
    return standing


def strictest(sight: Sight, limits: Limits) -> Verdict:
    """What all limits allow together, with the reasons of the strictest."""
    if sight.stop is True:
        return Verdict(Action.STOP, (Reason(ReasonId.STOP_PERSON),))
    found = _words(sight, limits) + _tissue(sight)
    found += _of_time(sight, limits) if limits.timed else _of_movement(sight, limits)
    if sight.stop is None:
        found.insert(0, missing("stop_known"))
    held = [verdict for verdict in found if verdict is not FREE]
    if len(held) < 2:
        return held[0] if held else FREE
    least = FREE.action
    reasons: dict[str, Reason] = {}
    for verdict in held:
        action = verdict.action
        if action < least:
            least, reasons = action, {}
        if action is least:
            for why in verdict.reasons:
                reasons.setdefault(why.id, why)
    return Verdict(least, tuple(reasons.values()))


def _of_time(sight: Sight, limits: Limits) -> list[Verdict]:
    settled = movement.settling(sight.since_ease_s, limits.settings)
    if not limits.comfort:
        return [settled, _guards(sight)]
    return [settled] if limits.moves_about else [settled, _breath_at_rest(sight)]


def _of_movement(sight: Sight, limits: Limits) -> list[Verdict]:
    s = limits.settings
    body = sensing.aged(sight.body_age_s, "body_known", "body_age_s", s)
    return [body, *_stretch(sight, limits), *_doing(sight, s)]


def _words(sight: Sight, limits: Limits) -> list[Verdict]:
    now, s = sight.now, limits.settings
    if now is None:
        return [missing("said_known")]
    if limits.baseline_nrs is None and now.said == said.NOTHING:
        return []
    pain = said.pain(now, baseline_nrs=limits.baseline_nrs, comfort=limits.comfort, settings=s)
    felt, last = said.sensation(now, settings=s), said.last_set(now, settings=s)
    return [said.symptom(now), pain, felt, last]


def _stretch(sight: Sight, limits: Limits) -> list[Verdict]:
    settings = limits.settings
    if sight.calibrated is None:
        return [missing("calibrated_known")]
    if sight.targets is None:
        return [missing("targets_known")]
    found, known = [], False
    for target in sight.targets:
        found.append(ceiling.target(target, sight.over_ceiling_s, settings))
        known = known or target.known
    if not known:
        found.append(ceiling.passed(sight.over_ceiling_s, settings))
    if not sight.calibrated:
        return [ceiling.NO_WINDOW, *found]
    if sight.remarked is None:
        return [missing("remarked_known")]
    if not sight.remarked:
        found.append(ceiling.OF_ANOTHER_DAY)
    if not limits.window_leads:
        found.append(ceiling.FIRST_PULL_LEADS)
    age = sensing.aged(sight.position_age_s, "position_known", "position_age_s", settings)
    latest = ceiling.ceiling(sight.position, sight.window, sight.over_ceiling_s, settings)
    return [age, latest, *found]


def _tissue(sight: Sight) -> list[Verdict]:
    lumbar = missing("lumbar_asked") if sight.lumbar is None else tissue.lumbar(sight.lumbar)
    if sight.nerves is None:
        return [lumbar, missing("nerves_asked")]
    return [lumbar, *map(tissue.nerve, sight.nerves)]


def _doing(sight: Sight, settings: Settings) -> list[Verdict]:
    pace = missing("pace_asked") if sight.pace is None else movement.speed(sight.pace, settings)
    settled = movement.settling(sight.since_ease_s, settings)
    return [pace, settled, _guards(sight)]


def _breath_at_rest(sight: Sight) -> Verdict:
    """Where nothing is stretched or held against a load there is only the breath to let go of."""
    if sight.guarding is None:
        return missing("guarding_asked")
    held = next((why for why in sight.guarding if why.id == ReasonId.GUARDING_BREATH), None)
    if held is None:
        return FREE
    return answer(Action.EASE, ReasonId.GUARDING_BREATH_REST, **held.numbers)


def _guards(sight: Sight) -> Verdict:
    if sight.guarding is None:
        return missing("guarding_asked")
    return Verdict(Action.EASE, sight.guarding) if sight.guarding else FREE
