"""Limits of what is seen: stale or lost sensing, and the person leaving."""

from lengthwise.coach.limits.actions import FREE, Action, Verdict, is_amount, missing
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.settings import Settings
from lengthwise.contracts.decision import Reason


def aged(age_s: float | None, what: str, name: str, settings: Settings) -> Verdict:
    """Something last seen `age_s` ago: stale pauses, lost releases."""
    if age_s is None or not is_amount(age_s):
        return missing(what)
    lost = age_s > settings.lost_release_s
    if not (lost or age_s > settings.stale_s):
        return FREE
    reason = (Reason(ReasonId.KNOWN_LOST, {name: age_s}),)
    return Verdict(Action.RELEASE if lost else Action.PAUSE, reason)
