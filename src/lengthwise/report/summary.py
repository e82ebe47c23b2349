"""The few facts at the head of the page, in sentences."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from html import escape

from lengthwise.contracts.coordinates import COORDINATES, Coordinate, Side
from lengthwise.contracts.decision import Decision
from lengthwise.contracts.session import FrameLogged, SessionStarted, SessionTotals
from lengthwise.reference.exercises import Exercise
from lengthwise.report import words
from lengthwise.report.asked import asked_seconds
from lengthwise.report.holds import WINDOW_UNSURE, Counted, Hold, kept_in_place
from lengthwise.report.not_seen import main_reason, unseen_text
from lengthwise.report.timeline import ring

_CYCLE, _UNSURE_CYCLE = "cycle.counted", "cycle.unsure"
_MENTIONED_S = 0.5
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def day_words(started_utc: str) -> str:
    """ "22 November 2025, 10:04 UTC"; the text itself where it is no ISO time."""
    try:
        at = datetime.fromisoformat(started_utc)
    except ValueError:
        return started_utc
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"


def headline(started: SessionStarted, totals: SessionTotals, exercise: Exercise | None) -> str:
    """What was done, for how long, when, from what."""
    title = exercise.plain_name if exercise else "Measured, not coached"
    parts = [exercise.name] if exercise else []
    if exercise and exercise.bilateral:
        side = started.config.side
        parts.append(f"{words.side_word(side)} side" if side else "left and right")
    parts += [
        words.duration(totals.duration_s),
        day_words(totals.started_utc),
        f"from “{started.recording.name}”",
    ]
    sub = " · ".join(escape(p) for p in parts)
    return f'<h1>{escape(title)}</h1><p class="sub">{sub}</p>'


def coached_facts(
    frames: Sequence[FrameLogged],
    decisions: Sequence[Decision],
    totals: SessionTotals,
    exercise: Exercise,
    holds: Sequence[Hold],
    side: Side | None,
) -> str:
    """The ring of seconds with what it means, and beside it what the ring does not say."""
    effective, uncertain = totals.effective_s or 0.0, totals.uncertain_s or 0.0
    asked = asked_seconds(exercise, side)
    likely = min(sum(h.likely_s for h in holds), uncertain)
    cards = [*_longest_fact(holds), *_likely_fact(likely), *_waited_fact(holds)]
    if uncertain - likely >= _MENTIONED_S:
        cards.append(
            _fact(
                words.duration(uncertain - likely),
                "held, but not knowable",
                _why_uncertain(holds, frames),
                kind="hollow",
            )
        )
    if exercise.dose.cycles is not None:
        counted, unsure = _told(decisions, _CYCLE), _told(decisions, _UNSURE_CYCLE)
        note = f"and {unsure} more, not known in all that matters" if unsure else ""
        cards.append(
            _fact(f"{counted} of {exercise.dose.cycles}", "slow movements to and fro", note)
        )
    cards += _without_fact(frames)
    cards += _kept_facts(frames, exercise, holds)
    counted_words = "Seconds that count: in the position, in line, steady, and seen."
    drawn = ring(effective, uncertain, asked, likely)
    return (
        f'<div class="facts"><figure class="ring-of">{drawn}'
        f"<figcaption>{counted_words}</figcaption></figure><ul>{''.join(cards)}</ul></div>"
    )


def _told(decisions: Sequence[Decision], reason_id: str) -> int:
    return sum(r.id == reason_id for d in decisions for r in d.reasons)


def _without_fact(frames: Sequence[FrameLogged]) -> list[str]:
    """Seconds that count although a constraint was not known; which ones is said elsewhere."""
    seconds: dict[tuple[Side | None, int], float] = {}
    for g in (f.guidance for f in frames):
        if g is not None:
            hold = g.side, g.repetition
            seconds[hold] = max(seconds.get(hold, 0.0), g.without_s)
    total_s = sum(seconds.values())
    if total_s < _MENTIONED_S:
        return []
    note = "What could not be seen is not taken as kept; it is named below."
    return [_fact(words.duration(total_s), "counted without seeing all of it", note, kind="fogged")]


def _likely_fact(likely_s: float) -> list[str]:
    """Seconds whose estimate was in the window and could not be sure of it."""
    if likely_s < _MENTIONED_S:
        return []
    note = "Your sensors place you inside it, not surely enough to count."
    return [_fact(words.duration(likely_s), "likely in your window", note, kind="likely")]


def _longest_fact(holds: Sequence[Hold]) -> list[str]:
    """The longest stretch of counted seconds without a pause."""
    counted = [
        (piece.seconds, hold)
        for hold in holds
        for piece in hold.pieces
        if piece.counted is Counted.EFFECTIVE
    ]
    if not counted:
        return []
    seconds, hold = max(counted, key=lambda found: found[0])
    where = f"on the {words.side_word(hold.side)} side" if hold.side else ""
    return [_fact(words.duration(seconds), "held well in one go", where, kind="counted")]


def _waited_fact(holds: Sequence[Hold]) -> list[str]:
    """How long the clock waited in the holds, and what for most of the time."""
    total: dict[str, float] = defaultdict(float)
    for hold in holds:
        for piece in hold.pieces:
            if piece.counted is Counted.WAITING:
                total[piece.reason or ""] += piece.seconds
    waited_s = sum(total.values())
    if waited_s < _MENTIONED_S:
        return []
    most = max(total, key=lambda reason: total[reason])
    note = f"mostly: {words.waiting_short(most)}" if most else "while making sure"
    return [_fact(words.duration(waited_s), "the clock waited", note)]


def _why_uncertain(holds: Sequence[Hold], frames: Sequence[FrameLogged]) -> str:
    total: dict[str, float] = defaultdict(float)
    for hold in holds:
        for (counted, reason), seconds in hold.waited_s().items():
            if counted is Counted.UNCERTAIN and reason != WINDOW_UNSURE:
                total[reason] += seconds
    if not total:
        return "Something that matters could not be seen."
    most = max(total, key=lambda k: total[k])
    unknown = next((c for c in COORDINATES if most == f"not_known.{c.value}"), None)
    if unknown is None:
        # Not the sentence of the session: it may ask for something, and it is over.
        return f"{words.first_upper(words.waiting_short(most))}."
    return unseen_text(unknown, main_reason(unknown, frames))


def _kept_facts(
    frames: Sequence[FrameLogged], exercise: Exercise, holds: Sequence[Hold]
) -> list[str]:
    """What stayed in place, as shares of the hold; what was not seen is said so."""
    if not holds:
        return []
    cards: list[str] = []
    unseen: list[str] = []
    sides = list(dict.fromkeys(h.side for h in holds))
    for side in sides:
        written = exercise.for_side(side) if side is not None else exercise
        of_side = [f for f in frames if f.guidance is not None and f.guidance.side is side]
        wanted: dict[Coordinate, None] = dict.fromkeys(c.coordinate for c in written.constraints)
        tail = f", {words.side_word(side)} side" if side and len(sides) > 1 else ""
        for kept in kept_in_place(of_side, list(wanted)):
            name = words.coordinate_name(kept.coordinate).lower()
            if kept.ratio is None:
                unseen.append(name)
                continue
            share = f"{round(100 * kept.ratio)} %"
            title = f"{words.first_upper(name)}{tail}"
            cards.append(_fact(share, title, "kept in place while holding", kind="kept"))
    if unseen:
        names = words.joined_words(list(dict.fromkeys(unseen)))
        cards.append(
            _fact("Not seen", f"whether these stayed in place: {names}", "", kind="fogged")
        )
    return cards


def _fact(value: str, name: str, note: str, *, kind: str = "") -> str:
    small = f"<small>{escape(note)}</small>" if note else ""
    head = f"<strong>{escape(value)}</strong> <span>{escape(name)}</span>"
    return f'<li class="{kind}">{head}{small}</li>'


def measured_facts(known: int, of: int, changed: Sequence[tuple[str, str]]) -> str:
    """Without an exercise: how much was known, and what changed most."""
    cards = [_fact(f"{known} of {of}", "angles known for at least part of the time", "")]
    cards += [_fact(value, name, "") for value, name in changed]
    return f'<div class="facts plain"><ul>{"".join(cards)}</ul></div>'
