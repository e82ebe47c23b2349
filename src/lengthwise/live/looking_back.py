"""Use case: what a session was, and all of them side by side, as a page shows them."""

import time
from math import degrees, hypot

from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.session import MuscleReached, SessionTotals
from lengthwise.contracts.told import PainMoment, PainTold
from lengthwise.live.plan_book import book_of
from lengthwise.live.ramp_found import RampFound, ramp_found
from lengthwise.live.ramp_harm import take_back
from lengthwise.live.relaxed_over_weeks import over_weeks, pulled_sessions
from lengthwise.record.session_folder import REPORT_NAME
from lengthwise.record.store import ProfileStore
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise, led_exercises
from lengthwise.report.asked import asked_seconds
from lengthwise.report.words import coordinate_name, muscle_place

_STOP_RISE = constant("plan", "high_baseline_stop_nrs")
_DETECTABLE = 1.96
"""Times the sd of a difference: less cannot be told from noise, and is not told as a change."""
_MENTIONED_RATIO = 0.5


class Reached(Struct, frozen=True):
    """How far into its range a muscle was in the holds; `ratio` 0 to 1. `about`: what the exercise
    is for. `since`: the change against the session before that knew it, None where it cannot be
    told from noise."""

    group: MuscleGroup
    side: Side
    name: str
    ratio: float
    sd: float
    since: float | None = None


class Pulled(Struct, frozen=True):
    """A result of a gauge or band: the angle of a joint at the pull `standard_nm`, or at tolerance
    where that is None. `alike`: results that are told the same can be set beside each other."""

    name: str
    standard_nm: float | None
    angle_deg: float
    sd_deg: float
    alike: str


class Relaxed(Struct, frozen=True):
    """By which share the pull fell in the holds of a session at an angle. `alike`: results that are
    told the same can be set beside each other (`relaxed_over_weeks`). `per_week`: the change of
    all of these, with the last of them; None with too few sessions or within too few weeks.
    `surely`: it is none of chance."""

    name: str
    angle_deg: float
    held_s: float
    loss_ratio: float
    sd: float
    alike: str
    per_week: float | None = None
    per_week_sd: float | None = None
    surely: bool = False


class Past(Struct, frozen=True):
    """One session in a list. `asked_s`: seconds of hold that the exercise asks for; `movement_…`:
    pain of the person's own painful movement beside it."""

    session_id: str
    started_utc: str
    duration_s: float
    exercise_id: str | None
    plain_name: str | None
    effective_s: float | None
    uncertain_s: float | None
    asked_s: float | None
    complete: bool
    pain_before: float | None
    pain_after: float | None
    reached: tuple[Reached, ...]
    has_report: bool
    movement_before: float | None = None
    movement_after: float | None = None
    pulled: tuple[Pulled, ...] = ()
    relaxed: tuple[Relaxed, ...] = ()


class Kept(Struct, frozen=True):
    """One part that was to stay in place: the share of the known time in which it did."""

    name: str
    side: Side | None
    ratio: float | None
    known_s: float
    unsure_s: float


class LookingBack(Struct, frozen=True):
    """One session afterwards. `not_seen`: what mattered and was not known most of the time; `ramp`:
    what came of one to tolerance, None where none was led."""

    past: Past
    kept: tuple[Kept, ...]
    not_seen: tuple[str, ...]
    ramp: RampFound | None = None


def history(store: ProfileStore) -> list[Past]:
    """All sessions of the person, the oldest first."""
    told = {(p.session_id, p.moment): p.nrs for p in store.pain_told()}
    moved = {m.session_id: m for m in book_of(store).movements}
    before: dict[tuple[str | None, MuscleGroup, Side], MuscleReached] = {}
    found = []
    sessions = store.sessions()
    relaxed = _relaxed(sessions)
    for totals in sessions:
        done = led_exercises().get(totals.exercise_id or "")
        reached = _reached(totals, done, before)
        before |= {(totals.exercise_id, r.group, r.side): r for r in totals.reached}
        found.append(
            Past(
                session_id=totals.session_id,
                started_utc=totals.started_utc,
                duration_s=totals.duration_s,
                exercise_id=totals.exercise_id,
                plain_name=None if done is None else done.plain_name,
                effective_s=totals.effective_s,
                uncertain_s=totals.uncertain_s,
                asked_s=None if done is None else asked_seconds(done, None),
                complete=totals.complete,
                pain_before=told.get((totals.session_id, PainMoment.BEFORE)),
                pain_after=told.get((totals.session_id, PainMoment.AFTER)),
                reached=reached,
                has_report=store.recording(totals.session_id).with_name(REPORT_NAME).is_file(),
                movement_before=m.before if (m := moved.get(totals.session_id)) else None,
                movement_after=m.after if m else None,
                pulled=_pulled(totals),
                relaxed=relaxed.get(totals.started_utc, ()),
            )
        )
    return found


def looking_back(store: ProfileStore, session_id: str) -> LookingBack:
    """One session. Raises InputError where it is not of this person."""
    past = next((p for p in history(store) if p.session_id == session_id), None)
    totals = next((t for t in store.sessions() if t.session_id == session_id), None)
    if past is None or totals is None:
        raise InputError(
            "session", value=session_id, allowed="one of the history", remedy="choose one there"
        )
    kept = () if totals.practice is None else totals.practice.constraints
    return LookingBack(
        past,
        tuple(
            Kept(coordinate_name(c.coordinate), c.side, c.kept_ratio, c.known_s, c.unsure_s)
            for c in kept
            if c.known_s + c.unsure_s > 0.0
        ),
        _not_seen(totals),
        ramp_found(store, session_id, totals.exercise_id),
    )


def tell_pain(store: ProfileStore, session_id: str, moment: PainMoment, nrs: float) -> None:
    """Keep the pain of the back at a moment of a session. A rise by as much as stops a session is
    kept as a stop (rule X): the safety questions come first. What a ramp measured is taken back by
    too much. Raises InputError for one that is not this person's."""
    store.recording(session_id)
    told = {p.moment: p.nrs for p in store.pain_told() if p.session_id == session_id}
    told[moment] = nrs
    before = told.pop(PainMoment.BEFORE, None)
    if before is not None and any(since - before >= _STOP_RISE for since in told.values()):
        store.add_safety_stop(session_id, at_s=time.time())
    store.tell_pain(PainTold(session_id, moment, nrs, time.time()))
    if moment is not PainMoment.BEFORE:
        take_back(store, session_id, nrs)


def _reached(
    totals: SessionTotals,
    done: Exercise | None,
    before: dict[tuple[str | None, MuscleGroup, Side], MuscleReached],
) -> tuple[Reached, ...]:
    """Of what the exercise is about, on either side."""
    about = set() if done is None else {t.group for t in done.about}
    found = []
    for r in totals.reached:
        if r.group not in about:
            continue
        last = before.get((totals.exercise_id, r.group, r.side))
        since = None
        if last is not None and abs(r.ratio - last.ratio) > _DETECTABLE * hypot(r.sd, last.sd):
            since = r.ratio - last.ratio
        name = muscle_place(r.group, r.side)
        found.append(Reached(r.group, r.side, name, r.ratio, r.sd, since))
    return tuple(found)


def _pulled(totals: SessionTotals) -> tuple[Pulled, ...]:
    """Both results, each for itself. Where the weight of the limb is in a torque, only days of the
    same exercise are alike, as in `pull_listing.comparable`."""
    now = totals.pulled
    if now is None:
        return ()
    same = totals.exercise_id if now.weight_nm is None else "weight taken out"
    found = []
    for standard_nm, angle in ((now.standard_nm, now.extensible_rad), (None, now.borne_rad)):
        if angle is not None:
            name = coordinate_name(now.coordinate)
            alike = f"{now.coordinate.value}, {same}, {standard_nm}"
            angle_deg, sd_deg = degrees(angle.mean), degrees(angle.sd)
            found.append(Pulled(name, standard_nm, angle_deg, sd_deg, alike))
    return tuple(found)


def _relaxed(sessions: list[SessionTotals]) -> dict[str, tuple[Relaxed, ...]]:
    """By the start of a session."""
    found: dict[str, tuple[Relaxed, ...]] = {}
    for n, one in enumerate(over_weeks(pulled_sessions(sessions))):
        name, angle_deg = coordinate_name(one.coordinate), degrees(one.first.angle_rad.mean)
        weeks = one.change
        for day in one.days:
            loss, last = day.loss_ratio, weeks if day is one.days[-1] else None
            shown = Relaxed(
                name,
                angle_deg,
                one.first.held_s,
                loss.mean,
                loss.sd,
                f"{one.coordinate.value}, {n}",
                None if last is None else last.per_week.mean,
                None if last is None else last.per_week.sd,
                last is not None and last.told,
            )
            found[day.started_utc] = (*found.get(day.started_utc, ()), shown)
    return found


def _not_seen(totals: SessionTotals) -> tuple[str, ...]:
    return tuple(coordinate_name(c) for c in not_seen(totals))


def not_seen(totals: SessionTotals) -> tuple[Coordinate, ...]:
    """Angles that the exercise requires or keeps and that were mostly not known."""
    done = led_exercises().get(totals.exercise_id or "")
    if done is None or not totals.frames:
        return ()
    wanted: dict[Coordinate, None] = {}
    for side in Side if done.bilateral else (Side.LEFT,):
        written = done.for_side(side)
        wanted |= dict.fromkeys((*written.required, *(c.coordinate for c in written.constraints)))
    ratio = totals.claimed_ratio
    return tuple(c for c in wanted if ratio.get(c.value, 0.0) < _MENTIONED_RATIO)
