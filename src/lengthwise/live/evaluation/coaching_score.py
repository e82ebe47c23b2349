"""What a led hold was worth, by what the coach said and by what was really so."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from lengthwise.coach.compensation import Keeping
from lengthwise.coach.hold_clock import Counting
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.decision import Decision, DecisionKind, Phase
from lengthwise.live.evaluation.coaching_ceiling import above
from lengthwise.live.evaluation.coaching_pieces import (
    WITHIN_S,
    Heard,
    Moment,
    Outcome,
    Piece,
    Run,
    fault_of,
    times_other_side,
)
from lengthwise.live.evaluation.coaching_truth import Truth
from lengthwise.reference.exercises import Behaviour, exercise

_LAPSE_S = 1.0


def scored(piece: Piece, heard: Heard, plan: SidePlan, truth: Truth, at_s: np.ndarray) -> Run:
    moments = heard.moments
    lasts_s = np.diff(at_s, append=at_s[-1])
    counting = np.array([m.counting for m in moments])
    gauges = np.array([m.gauge for m in moments])
    windowed = gauges >= 0
    told = counting == Counting.EFFECTIVE
    due = truth.effective(plan, gauges)
    abstains = (counting == Counting.UNCERTAIN) | _lost(moments)
    known = ~abstains & _could_count(plan, moments, windowed)
    unknown = np.array([[k is Keeping.NOT_KNOWN for k in m.keeping] for m in moments], dtype=bool)
    kept = replace(truth, beyond=truth.beyond & ~unknown.reshape(truth.beyond.shape))
    unseen = ~due & kept.effective(plan, gauges)
    corrected = _corrections(heard, plan)
    cued = [i for i in np.searchsorted(at_s, [d.t_s for d in corrected]) if i < len(at_s)]
    cycled = plan.exercise.behaviour is Behaviour.TO_AND_FRO
    effective_s = np.array([m.guidance.effective_s for m in moments])
    gained_s = np.diff(effective_s, prepend=effective_s[0])
    return Run(
        piece,
        began=True,
        began_by=why_entered(heard, Phase.HOLD),
        ended_by=why_entered(heard, Phase.RELEASE),
        led_from_s=heard.begun_s,
        hold_s=float(at_s[-1] - at_s[0]),
        told_s=float(lasts_s[told].sum()),
        false_s=float(lasts_s[told & ~due & ~unseen].sum()),
        unseen_false_s=float(lasts_s[told & ~due & unseen].sum()),
        unsaid_s=float(lasts_s[told & ~due & unseen & ~_marked(moments)].sum()),
        due_s=float(lasts_s[due & known].sum()),
        missed_s=float(lasts_s[due & known & ~told].sum()),
        abstained_s=float(lasts_s[abstains].sum()),
        above=above(plan, truth, [m.sight for m in moments], lasts_s),
        windowed_s=float(lasts_s[windowed].sum()),
        unknown_effective_s=float(gained_s[~_could_count(plan, moments, windowed)].sum()),
        unexplained_s=float(lasts_s[abstains & _unexplained(moments, at_s)].sum()),
        reasons=_reasons(moments, lasts_s, abstains),
        missed_reasons=_reasons(moments, lasts_s, due & known & ~told),
        corrections=tuple(d.cue_id or "" for d in corrected),
        false_corrections=sum(not truth.beyond[i].any() for i in cued),
        other_side=times_other_side(heard),
        cycles=_told(heard, ReasonId.CYCLE_COUNTED) if cycled else None,
        unsure_cycles=_told(heard, ReasonId.CYCLE_UNSURE) if cycled else None,
        true_cycles=truth.cycles(plan) if cycled else None,
        truly_beyond_s=float(lasts_s[truth.beyond.any(axis=1)].sum()),
        outcome=None if piece.fault is None else _outcome(piece, heard, plan, truth, at_s),
    )


def _lost(moments: list[Moment]) -> np.ndarray:
    return np.array(["known.lost" in m.guidance.waiting_for for m in moments])


def _marked(moments: list[Moment]) -> np.ndarray:
    return np.array([bool(m.guidance.counted_without) for m in moments])


def _could_count(plan: SidePlan, moments: list[Moment], windowed: np.ndarray) -> np.ndarray:
    """(n,) whether all that is required was known, and for a stretch a numeric window."""
    there = np.array([not m.missing for m in moments])
    stretch = plan.exercise.behaviour is Behaviour.HELD_IN_WINDOW
    return np.asarray(there & windowed if stretch else there)


def _unexplained(moments: list[Moment], at_s: np.ndarray) -> np.ndarray:
    """(n,) no reason on the screen, and no lapse so short that it is not spoken of."""
    found, counted_s = np.zeros(len(moments), dtype=bool), -np.inf
    for n, (m, t_s) in enumerate(zip(moments, at_s, strict=True)):
        if m.counting is Counting.EFFECTIVE:
            counted_s = t_s
        found[n] = not m.guidance.waiting_for and t_s - counted_s > _LAPSE_S + 0.1
    return found


def _reasons(moments: list[Moment], lasts_s: np.ndarray, chosen: np.ndarray) -> dict[str, float]:
    found: dict[str, float] = {}
    for m, seconds, asked in zip(moments, lasts_s, chosen, strict=True):
        for why in m.guidance.waiting_for if asked else ():
            found[why] = found.get(why, 0.0) + float(seconds)
    return {why: round(s, 2) for why, s in found.items()}


def why_entered(heard: Heard, phase: Phase) -> tuple[str, ...]:
    """Why this phase was first entered; empty where it was not."""
    entered = (d for d in heard.decisions if d.kind is DecisionKind.PHASE and d.phase is phase)
    first = next(entered, None)
    return () if first is None else tuple(r.id for r in first.reasons)


def _told(heard: Heard, reason_id: ReasonId) -> int:
    """The last cycle is counted as the hold ends, so it stands in no guidance of the hold."""
    return sum(r.id == reason_id for d in heard.decisions for r in d.reasons)


def _corrections(heard: Heard, plan: SidePlan) -> list[Decision]:
    """Said about a constraint during the hold."""
    cues = {limit.cue for limit in plan.limits}
    return [
        d
        for d in heard.decisions
        if d.kind is DecisionKind.CUE and d.phase is Phase.HOLD and d.cue_id in cues
    ]


def first_words(
    decisions: Iterable[Decision], cue: str, *, onset_s: float, visible_s: float
) -> Decision | None:
    """What is said first once a constraint has visibly passed its tolerance. Its own `cue` counts
    from when it began to leave: it is no wrong word for having come before."""
    said = (d for d in decisions if d.kind is DecisionKind.CUE)
    counts = (d for d in said if d.t_s >= (onset_s if d.cue_id == cue else visible_s))
    return next(counts, None)


def _outcome(piece: Piece, heard: Heard, plan: SidePlan, truth: Truth, at_s: np.ndarray) -> Outcome:
    """By the constraint that is broken on purpose, from when it is broken on purpose."""
    which = next(i for i, x in enumerate(plan.limits) if x.coordinate is piece.fault)
    assert heard.hold_s is not None and piece.fault is not None
    onset_s = heard.hold_s + fault_of(exercise(piece.exercise_id), piece.fault).from_s
    passed = np.flatnonzero(truth.beyond[:, which] & (at_s >= onset_s))
    if not len(passed):
        return Outcome()
    visible_s = float(at_s[passed[0]])
    cue = plan.limits[which].cue
    first = first_words(heard.decisions, cue, onset_s=onset_s, visible_s=visible_s)
    delay_s = None if first is None else first.t_s - visible_s
    soon = [m.keeping[which] for m in heard.moments if 0 <= m.t_s - visible_s <= WITHIN_S]
    keeping = Counter(soon)
    known = keeping[Keeping.NOT_KNOWN] < 0.5 * len(soon)
    on_it = first is not None and first.cue_id == cue
    return Outcome(
        visible_s=visible_s - heard.hold_s,
        first_cue=first.cue_id if first else None,
        delay_s=delay_s,
        known=known,
        doubted=known and not keeping[Keeping.BEYOND] and keeping[Keeping.DOUBTFUL] > 0,
        noticed=keeping[Keeping.BEYOND] > 0,
        on_it=on_it,
        right=on_it and delay_s is not None and delay_s <= WITHIN_S,
    )
