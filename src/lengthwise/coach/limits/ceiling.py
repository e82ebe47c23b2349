"""The limits of a stretch between the person's own marks: the ceiling and the tolerance."""

from math import isfinite

from lengthwise.coach.limits.actions import FREE, Action, Verdict, is_amount, missing
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.settings import Settings
from lengthwise.contracts.decision import Reason
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.tissue.window import TargetPosition, over_ceiling, surely

NO_WINDOW = Verdict(Action.HOLD, (Reason(ReasonId.NOT_KNOWN_WINDOW),))
OF_ANOTHER_DAY = Verdict(Action.HOLD, (Reason(ReasonId.NOT_KNOWN_TODAY),))
"""A window without today's first gentle pull forbids as before and leads nobody further."""

FIRST_PULL_LEADS = Verdict(Action.HOLD, (Reason(ReasonId.ENVELOPE_FIRST_PULL),))
"""Where rule D allows first resistance alone, a window forbids and does not lead."""


def target(target: TargetPosition, over_s: float | None, settings: Settings) -> Verdict:
    """One target now. Where its position is not known it is held against the same limits as far
    as it is sure, and nobody is asked to go deeper.
    """
    held = ceiling(surely(target.position), target.window, over_s, settings)
    return held if target.known or held.action <= Action.HOLD else NO_WINDOW


def passed(over_s: float | None, settings: Settings) -> Verdict:
    """A ceiling that was passed, and now no position says that it is passed no more."""
    if over_s is None or not is_amount(over_s):
        return missing("over_ceiling_known")
    held = over_s > settings.over_ceiling_release_s
    if not (held or over_s):
        return FREE
    numbers = {"over_ceiling_s": over_s}
    if held:
        return Verdict(Action.RELEASE, (Reason(ReasonId.ENVELOPE_CEILING_HELD, numbers),))
    return Verdict(Action.EASE, (Reason(ReasonId.ENVELOPE_CEILING, numbers),))


def ceiling(
    position: Estimate | None, window: Window | None, over_s: float | None, settings: Settings
) -> Verdict:
    if position is None or not (isfinite(position.mean) and isfinite(position.sd)):
        return missing("position_known")
    if position.sd < 0.0:
        return missing("position_sd_known")
    if window is None or not isfinite(window.ceiling):
        return missing("ceiling_known")
    if over_s is None or not is_amount(over_s):
        return missing("over_ceiling_known")
    beyond = position.mean > settings.tolerance_position_ratio
    held = over_s > settings.over_ceiling_release_s
    if not (beyond or held or over_ceiling(position, window)):
        return FREE
    numbers = {"position": position.mean, "sd": position.sd, "ceiling": window.ceiling}
    if beyond:
        return Verdict(Action.RELEASE, (Reason(ReasonId.ENVELOPE_TOLERANCE, numbers),))
    if held:
        numbers["over_ceiling_s"] = over_s
        return Verdict(Action.RELEASE, (Reason(ReasonId.ENVELOPE_CEILING_HELD, numbers),))
    return Verdict(Action.EASE, (Reason(ReasonId.ENVELOPE_CEILING, numbers),))
