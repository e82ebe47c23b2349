"""What a person's kept sessions of an exercise come to, asked of the plan, and saying so."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.home import data_home
from lengthwise.contracts.practice import Practice
from lengthwise.contracts.session import SessionConfig, SessionStarted, SessionTotals
from lengthwise.plan.learning import (
    CheckDue,
    CheckKind,
    CheckMade,
    CheckResult,
    Doubt,
    Learning,
    Outcome,
    Practised,
    Why,
    learning,
    outcome_of,
)
from lengthwise.reference.exercises import exercise, exercises, guided_tests
from lengthwise.report.learnt import KeptRow, LearningReport
from lengthwise.report.repositioned import error_words
from lengthwise.report.words import coordinate_name, joined_words, side_word

_ALL_CUES = 1.0
SHARES = {1.0: "all corrections are said", 0.5: "half of the corrections are said",
          0.0: "no correction is said"}  # fmt: skip
_WHY = {
    Why.FIRST: "nothing is known yet",
    Why.KEPT: "it was kept on two days",
    Why.ERRORS: "it was left too often the last time",
    Why.STAYS: "nothing that was seen asks for more or fewer",
}
KINDS = {CheckKind.WEEK: "after a week", CheckKind.MONTH: "after four weeks"}
_DOUBTS = {
    Doubt.NOT_SEEN: "too little of it was seen",
    Doubt.TOO_EARLY: "it came too soon after the last cues",
    Doubt.CUES_NOT_KNOWN: "no session with cues is kept before it",
}
OUTCOMES = {
    Outcome.KEPT: "kept",
    Outcome.BETWEEN: "left at times",
    Outcome.ERRORS: "left too often",
    Outcome.NOT_SEEN: "not seen well enough to tell",
}


def learning_of(
    sessions: Sequence[SessionTotals], exercise_id: str, at_utc: str, *, side: Side | None = None
) -> Learning:
    """Of one exercise, of both its sides where none is stated; sessions of which no constraint was
    counted were led with all cues."""
    sides: tuple[Side | None, ...] = ()
    if exercise_id in exercises() and exercises()[exercise_id].bilateral:
        sides = tuple(Side) if side is None else (side,)
    return learning(practised(sessions, exercise_id), _day(at_utc) or 0, sides)


def practised(sessions: Sequence[SessionTotals], exercise_id: str) -> list[Practised]:
    """The kept sessions of an exercise whose day is known."""
    of_it = (s for s in sessions if s.exercise_id == exercise_id and s.repositioning is None)
    days = ((_day(s.started_utc), s) for s in of_it)
    unknown = Practice(_ALL_CUES, ())
    return [Practised(day, s.practice or unknown) for day, s in days if day is not None]


def sessions_of(profile: str | None) -> list[SessionTotals]:
    """All that is kept in a profile; nothing without one."""
    if profile is None:
        return []
    # Imported here: needed with a profile only, and it takes 0.3 s.
    from lengthwise.record.store import ProfileStore

    with ProfileStore.open(data_home(), profile) as store:
        return store.sessions()


def with_cues(
    config: SessionConfig,
    sessions: Sequence[SessionTotals],
    at_utc: str,
    *,
    recorded: SessionStarted | None,
) -> tuple[SessionConfig, tuple[str, ...]]:
    """The choices of a session with the share of its cues, and a sentence where the plan chose it.

    As stated, else as recorded: who was led then with all cues was not led with half of them.
    Raises InputError for a check of nothing, or one with cues.
    """
    check_stated(config)
    if config.exercise_id is None or config.repositioning is not None or _is_test(config):
        return config, ()
    if config.check or config.cue_share is not None:
        return config, ()
    was_led = recorded is not None and recorded.config.exercise_id == config.exercise_id
    if was_led or not any(s.exercise_id == config.exercise_id for s in sessions):
        return config, ()
    found = learning_of(sessions, config.exercise_id, at_utc, side=config.side)
    notes = [f"{SHARES[found.cue_share]}: {_WHY[found.why]}"]
    if found.due is not None and found.due.from_day <= (_day(at_utc) or 0):
        notes.append(f"the retention check {KINDS[found.due.kind]} can be made now, with --check")
    return replace(config, cue_share=found.cue_share), tuple(notes)


def check_stated(config: SessionConfig) -> None:
    """Raises InputError for a check of nothing or one with cues, for a place of an angle that
    cannot be looked for in the exercise, and for either beside a ramp."""
    beside = "--check" if config.check else "--repositioning" if config.repositioning else None
    _alone(config, "--ramp" if config.ramp is not None else beside)
    if config.ramp is not None and beside is not None:
        raise InputError(
            "--ramp",
            value=f"with {beside}",
            allowed="a ramp, a retention check or a place to find, one in a session",
            remedy=f"leave {beside} out, or --ramp",
        )
    if config.repositioning is not None:
        _place_stated(config, config.repositioning)
    if not config.check:
        return
    if config.exercise_id is None:
        raise InputError(
            "--check", value="no exercise", allowed="only with an exercise", remedy="name one"
        )
    if config.cue_share:
        raise InputError(
            "--check",
            value=f"a check with {SHARES[config.cue_share]}",
            allowed="a retention check without cues",
            remedy="leave --cues out, or --check",
        )


def _is_test(config: SessionConfig) -> bool:
    return config.exercise_id in guided_tests()


def _alone(config: SessionConfig, beside: str | None) -> None:
    if _is_test(config) and beside is not None:
        raise InputError(
            beside,
            value=f"with {config.exercise_id}",
            allowed="a test alone, as nothing may be stretched or learnt beside it",
            remedy=f"leave {beside} out, or name an exercise",
        )


def _place_stated(config: SessionConfig, coordinate: Coordinate) -> None:
    if config.exercise_id is None or config.check:
        raise InputError(
            "--repositioning",
            value="a retention check" if config.check else "no exercise",
            allowed="an exercise whose way there is half gone, and nothing else beside it",
            remedy="leave --check out" if config.check else "name one with --exercise",
        )
    # The whole coach: not for who only asks how a session would be led.
    from lengthwise.coach.repositioning_led import askable, unsuitable

    of_side = exercise(config.exercise_id).for_side(config.side or Side.LEFT)
    against = unsuitable(of_side, coordinate)
    if against is not None:
        angles = ", ".join(askable(of_side)) or "none in this exercise"
        raise InputError(
            "--repositioning",
            value=f"{coordinate.value} in {config.exercise_id}: {against}",
            allowed=angles,
            remedy="choose another angle, or an exercise sitting, lying or on all fours",
        )


def learning_report(
    practice: Practice | None, before: Sequence[Practised], started_utc: str
) -> LearningReport | None:
    """What the page says of a session; None where nothing was to be kept."""
    if practice is None or not practice.constraints:
        return None
    rows = tuple(
        KeptRow(
            c.side, c.coordinate, OUTCOMES[outcome_of(c)], c.known_ratio, c.kept_ratio,
            c.said, c.faded,
        )
        for c in practice.constraints
    )  # fmt: skip
    said = [f"In this session {SHARES[practice.cue_share]}."]
    day = _day(started_utc)
    if practice.check and day is not None:
        made = learning([*before, Practised(day, practice)], day).checks[-1]
        said = [f"Uncued retention check{_when(made)}: {check_words(made)}."]
    return LearningReport(rows, tuple(said))


def check_words(made: CheckMade) -> str:
    """The result in plain words; of each constraint where they differ."""
    if made.result is CheckResult.LEARNT:
        kept = _named(made.learnt)
        return f"learnt: {kept} kept without a correction said" + _between(made)
    if made.result is CheckResult.NOT_YET:
        rest = f"; kept: {_named(made.learnt)}" if made.learnt else ""
        return f"not yet: {_named(made.not_yet)} left its place{rest}"
    why = "" if made.doubt is None else f": {_DOUBTS[made.doubt]}"
    if made.doubt is Doubt.NOT_SEEN and made.not_told:
        why += f" ({_named(made.not_told)})"
    rest = f"; kept: {_named(made.learnt)}" if made.learnt else ""
    return f"cannot be told{why}{rest}"


def due_words(due: CheckDue) -> str:
    return (
        f"retention check {KINDS[due.kind]}: from {_date(due.from_day)} to {_date(due.until_day)}"
    )


def share_words(found: Learning) -> str:
    return f"{SHARES[found.cue_share]}: {_WHY[found.why]}"


def made_words(made: CheckMade) -> str:
    return f"check of {_date(made.day)}{_when(made)}: {check_words(made)}"


def _when(made: CheckMade) -> str:
    return "" if made.after_days is None else f", {made.after_days} days after the last cues"


def _between(made: CheckMade) -> str:
    if not made.uncued:
        return ""
    sessions = "1 session" if made.uncued == 1 else f"{made.uncued} sessions"
    return f" ({sessions} without cues lay between)"


def _named(places: Sequence[tuple[Side | None, Coordinate]]) -> str:
    return joined_words(
        [
            coordinate_name(c).lower()
            + ("" if side is None else f" (working side {side_word(side)})")
            for side, c in places
        ]
    )


def _day(utc: str) -> int | None:
    """Whole days from any day, in UTC; None where the text is no time."""
    try:
        moment = datetime.fromisoformat(utc)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).toordinal()


def _date(day: int) -> str:
    return datetime.fromordinal(day).date().isoformat()


def practice_words(session: SessionTotals, sessions: Sequence[SessionTotals]) -> list[str]:
    """How a listed session was led, and what its check says; nothing where that is not known."""
    practice, day = session.practice, _day(session.started_utc)
    if session.repositioning is not None:
        return [
            "a place looked for again, nothing told"
            if session.repositioning.errors is None
            else error_words(session.repositioning.coordinate, session.repositioning.errors)
        ]
    if practice is None or not practice.constraints:
        return []
    if not practice.check or day is None or session.exercise_id is None:
        return [SHARES[practice.cue_share]]
    # The oldest first: what a check says rests on those before it alone.
    before = sessions[: sessions.index(session)]
    made = learning([*practised(before, session.exercise_id), Practised(day, practice)], day)
    return [f"retention check{_when(made.checks[-1])}: {check_words(made.checks[-1])}"]
