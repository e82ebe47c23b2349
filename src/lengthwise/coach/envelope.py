"""The last word over everything that the coach proposes: it can only ease, pause or release.

    allowed = min(proposal, every limit)      over STOP < RELEASE < PAUSE < EASE < HOLD < DEEPEN

The order is that of permissiveness, so the result is never more permissive than the proposal and
asking twice changes nothing. What is missing or not a number counts as the strictest answer: a
release. Limits are never weighed against each other or against a goal.
"""

from enum import IntEnum
from math import isfinite

from msgspec import Struct

from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.decision import Reason
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.tissue.window import TargetPosition, over_ceiling, surely


class Action(IntEnum):
    """What the person is asked to do, from the least to the most permissive."""

    STOP = 0
    RELEASE = 1
    PAUSE = 2
    EASE = 3
    HOLD = 4
    DEEPEN = 5


class Sight(Struct, frozen=True):
    """What the envelope knows. None always means: not known.

    `body_age_s`: since any part of the body was last seen. `calibrated`: whether the stretch has
    a numeric window; without one nobody is asked to go deeper. `position`: the latest window
    position, of the target that is furthest on, `position_age_s` its age. `targets`: the present
    position of every target that has one, however unsure; they can forbid and never permit.
    `over_ceiling_s`: how long the ceiling has been passed without a pause, 0 while it is not.
    """

    stop: bool | None = None
    body_age_s: float | None = None
    calibrated: bool | None = None
    window: Window | None = None
    position: Estimate | None = None
    position_age_s: float | None = None
    targets: tuple[TargetPosition, ...] | None = None
    over_ceiling_s: float | None = None


class Limits(Struct, frozen=True):
    """`tolerance_position_ratio`: estimates beyond it are released at once."""

    stale_s: float
    lost_release_s: float
    over_ceiling_release_s: float
    tolerance_position_ratio: float


class Verdict(Struct, frozen=True):
    """`reasons` is empty where the proposal stands unchanged."""

    action: Action
    reasons: tuple[Reason, ...] = ()


def evaluate(proposal: Action, sight: Sight, limits: Limits) -> Verdict:
    """The proposal, or something gentler with the reasons for it."""
    if sight.stop is True:
        return Verdict(Action.STOP, (Reason(ReasonId.STOP_PERSON),))
    if proposal <= Action.RELEASE:
        return Verdict(proposal)
    found = [_stop_known(sight), _body(sight, limits), *_stretch(sight, limits)]
    strictest = min((limit.action for limit in found), default=proposal)
    if strictest >= proposal:
        return Verdict(proposal)
    reasons: dict[str, Reason] = {}
    for limit in found:
        for why in limit.reasons if limit.action == strictest else ():
            reasons.setdefault(why.id, why)
    return Verdict(strictest, tuple(reasons.values()))


_FREE = Verdict(Action.DEEPEN)
_NO_WINDOW = Verdict(Action.HOLD, (Reason(ReasonId.NOT_KNOWN_WINDOW),))


def _missing(what: str) -> Verdict:
    return Verdict(Action.RELEASE, (Reason(ReasonId.ENVELOPE_MISSING, {what: 0.0}),))


def _stop_known(sight: Sight) -> Verdict:
    return _missing("stop_known") if sight.stop is None else _FREE


def _body(sight: Sight, limits: Limits) -> Verdict:
    return _aged(sight.body_age_s, "body_known", "body_age_s", limits)


def _stretch(sight: Sight, limits: Limits) -> list[Verdict]:
    if sight.calibrated is None:
        return [_missing("calibrated_known")]
    if sight.targets is None:
        return [_missing("targets_known")]
    found = [_target(target, sight.over_ceiling_s, limits) for target in sight.targets]
    if not sight.calibrated:
        return [_NO_WINDOW, *found]
    age = _aged(sight.position_age_s, "position_known", "position_age_s", limits)
    latest = _ceiling(sight.position, sight.window, sight.over_ceiling_s, limits)
    return [age, latest, *found]


def _target(target: TargetPosition, over_s: float | None, limits: Limits) -> Verdict:
    """One target now. Where its position is not known it is held against the same limits as far
    as it is sure, and nobody is asked to go deeper.
    """
    held = _ceiling(surely(target.position), target.window, over_s, limits)
    return held if target.known or held.action <= Action.HOLD else _NO_WINDOW


def _aged(age_s: float | None, missing: str, name: str, limits: Limits) -> Verdict:
    if age_s is None or not isfinite(age_s) or age_s < 0.0:
        return _missing(missing)
    reason = (Reason(ReasonId.KNOWN_LOST, {name: age_s}),)
    if age_s > limits.lost_release_s:
        return Verdict(Action.RELEASE, reason)
    return Verdict(Action.PAUSE, reason) if age_s > limits.stale_s else _FREE


def _ceiling(
    position: Estimate | None, window: Window | None, over_s: float | None, limits: Limits
) -> Verdict:
    if position is None or not (isfinite(position.mean) and isfinite(position.sd)):
        return _missing("position_known")
    if position.sd < 0.0:
        return _missing("position_sd_known")
    if window is None or not isfinite(window.ceiling):
        return _missing("ceiling_known")
    if over_s is None or not isfinite(over_s) or over_s < 0.0:
        return _missing("over_ceiling_known")
    numbers = {"position": position.mean, "sd": position.sd, "ceiling": window.ceiling}
    if position.mean > limits.tolerance_position_ratio:
        return Verdict(Action.RELEASE, (Reason(ReasonId.ENVELOPE_TOLERANCE, numbers),))
    if over_s > limits.over_ceiling_release_s:
        numbers["over_ceiling_s"] = over_s
        return Verdict(Action.RELEASE, (Reason(ReasonId.ENVELOPE_CEILING_HELD, numbers),))
    if over_ceiling(position, window):
        return Verdict(Action.EASE, (Reason(ReasonId.ENVELOPE_CEILING, numbers),))
    return _FREE
