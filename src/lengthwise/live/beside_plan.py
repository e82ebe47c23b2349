"""Use cases beside the plan that read all that is kept and load much: called by `live/apart`."""

import time
from pathlib import Path

from msgspec import Struct

from lengthwise.contracts.plan_book import PlanBook
from lengthwise.contracts.teaching import FlarePlan, Opening, Track
from lengthwise.live.handover import told_by
from lengthwise.live.plan_book import keep_told
from lengthwise.live.teaching import decided, taught_by
from lengthwise.plan.handover import handover
from lengthwise.record.store import ProfileStore
from lengthwise.reference.curriculum import curriculum
from lengthwise.reference.exercises import exercises
from lengthwise.report.handover_page import handover_page


class Unlocked(Struct, frozen=True):
    """How far one exercise is open: done led, at home, or without cues too."""

    plain_name: str
    opening: Opening
    reason: str
    would_change: str


class TaughtShown(Struct, frozen=True):
    """What is learnt next, and what each exercise that was done is open for; with whom one learns,
    and the plan for worse days."""

    next: str
    unlocked: tuple[Unlocked, ...]
    track: Track
    flare_plan: FlarePlan


def handover_sheet(home: Path, profile: str, name: str | None) -> str:
    """The one page for the physiotherapist, as of now. `name` to stand on it; None: the profile's.
    Raises InputError."""
    with ProfileStore.open(home, profile) as store:
        return handover_page(handover(told_by(store, now_s=time.time(), name=name)))


def taught_shown(home: Path, profile: str) -> TaughtShown:
    """By the same criteria as `lengthwise plan teach`. Raises InputError."""
    with ProfileStore.open(home, profile) as store:
        told = taught_by(store)
    found = decided(told, curriculum())
    rows = zip(found.teaching.opened, found.reasons, found.would_change, strict=True)
    return TaughtShown(
        next=found.action,
        unlocked=tuple(
            Unlocked(exercises()[o.exercise_id].plain_name, o.action, reason, change)
            for o, reason, change in rows
        ),
        track=told.track,
        flare_plan=told.flare_plan,
    )


def tell_learning(
    home: Path, profile: str, track: Track | None, flare_plan: FlarePlan | None
) -> TaughtShown:
    """Keep with whom one learns, and the plan for worse days; None: not told now."""
    with ProfileStore.open(home, profile) as store:
        keep_told(store, PlanBook(track=track, flare_plan=flare_plan))
    return taught_shown(home, profile)
