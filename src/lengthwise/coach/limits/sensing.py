"""Limits of what is seen: stale or lost sensing, and the person leaving."""

from lengthwise.coach.limits.actions import FREE, Action, Verdict, is_amount, missing
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.settings import Settings
from lengthwise.contracts.decision import Reason


def aged(age_s: float | None, what: str, name: str, settings: Settings) -> Verdict:
    """Something last seen `age_s` ago: stale pauses, lost releases."""
    if age_s is None or not is_amount(age_s):
        return missing(what)
    reason = (Reason(ReasonId.KNOWN_LOST, {name: age_s}),)
    if age_s > settings.lost_release_s:
        return Verdict(Action.RELEASE, reason)
    return Verdict(Action.PAUSE, reason) if age_s > settings.stale_s else FREE
