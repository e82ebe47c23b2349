"""The handover in words: each fact with its number, its doubt and where it is from.

The page and the plain text are made of the same sentences.
"""

from datetime import date

from lengthwise.contracts.care import Course
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.handover import (
    Change,
    Compared,
    DecidedTold,
    Handover,
    Mean,
    PartTold,
    PractisedRow,
    RangeRow,
    RangeTold,
    RelaxedTold,
    Screen,
    Share,
)
from lengthwise.reference.constants import constant, constants
from lengthwise.reference.exercises import exercises
from lengthwise.reference.rules import rules
from lengthwise.report.founded_words import by_words
from lengthwise.report.words import coordinate_name, first_upper, joined_words, side_word

_COURSE = {
    Course.ACUTE: "this episode for less than 6 weeks",
    Course.SUBACUTE: "this episode for 6 to 12 weeks",
    Course.CHRONIC: "this episode for 12 weeks or longer",
}
_SCREEN = {
    Screen.CLEAR: "answered, nothing asks for a look first",
    Screen.LOOK_FIRST: "an answer asks for somebody's look before anything is led",
    Screen.OPEN: "not answered, or not all of them: nothing is led",
    Screen.OLD: "answered too long ago to count: nothing is led until they are answered again",
    Screen.STOPPED: "a session ended with a symptom or with pain since they were answered",
}
TOO_FEW = "too few to tell"
_MOST_RULES = 2
RELAXED = "Share of the pull that goes in a held stretch"
RELAXED_HOW = "alike holds of 30 s; no proof of longer tissue"
RELAXED_NONE = "Without a force sensor in a line that does not give, it is not known."
NO_CLAIM = (
    "Nothing here claims that sensing or stretching eases pain. Persistent back pain eases on its "
    "own in the first weeks (Costa 2012), so before and after alone show no effect. Range at "
    "tolerance is what was comfortably borne, not length of tissue."
)
SOURCES = (
    "Pain and goal: told by the person, 0 to 10. Seconds and sessions: counted by the coach; a "
    "second is effective where it is surely in place and known. Angles: estimated from camera or "
    "worn sensors, with the sd of the measurement. Not a medical device."
)


def cut(text: str, most: int) -> str:
    """At most so many characters: one page has room for no more."""
    whole = " ".join(text.split())
    if len(whole) <= most:
        return whole
    kept = whole[:most].rpartition(" ")[0]
    return (kept if len(kept) > most // 2 else whole[: most - 1]).rstrip(" ,;:") + "…"


def who_words(h: Handover) -> str:
    """Age, sex and course, as far as they are known."""
    who = h.told.who
    parts = []
    if who.age_years is not None:
        parts.append(f"{who.age_years:.0f} years")
    if who.sex is not None:
        parts.append(who.sex.value)
    if who.since.strip():
        parts.append(f"back pain since “{cut(who.since, 40)}”")
    if who.course is not None:
        parts.append(_COURSE[who.course])
    return " · ".join(parts) or "age, sex and course were not told"


def period_words(h: Handover) -> str:
    if h.since is None:
        return "no sessions yet"
    stops = f", {h.stops} of them stopped by a limit" if h.stops else ", none stopped by a limit"
    return f"{count(h.sessions, 'session')} since {h.since.isoformat()}{stops}"


def screening_words(h: Handover) -> tuple[str, ...]:
    """How the safety questions stand, and what they leave out."""
    s, known = h.told.screened, rules()
    when = "" if s.on is None else f" ({s.on.isoformat()})"
    lines = [f"{first_upper(_SCREEN[s.state])}{when}."]
    for found in (
        [f"“{cut(q, 85)}”" for q in s.raised],
        [cut(known[r].sentence, 100) if r in known else r for r in s.left_out],
    ):
        more = len(found) - _MOST_RULES
        if found:
            rest = f" And {more} more." if more > 0 else ""
            lines.append(" ".join(found[:_MOST_RULES]) + rest)
    return tuple(lines)


def mean_words(m: Mean | None) -> str:
    """ "4.6 (sd 1.1, n 9)"."""
    if m is None:
        return "not told"
    sd = "" if m.sd is None else f"sd {m.sd:.1f}, "
    return f"{m.mean:.1f} ({sd}n {m.count})"


def compared_words(c: Compared, *, lower: str, higher: str) -> str:
    """The verdict of a comparison, `lower` and `higher` being its two names."""
    if c.verdict is Change.TOO_FEW or c.change is None or c.low is None or c.high is None:
        return TOO_FEW
    interval = f"{signed(c.change)}, 95 % interval {signed(c.low)} to {signed(c.high)}"
    if c.verdict is Change.NOT_TOLD_APART:
        return f"no change that can be told apart ({interval})"
    return f"{lower if c.verdict is Change.LESS else higher} ({interval})"


def pain_words(h: Handover) -> str:
    """Pain before sessions, first against last days."""
    p = h.pain
    if p.first is None and p.last is None:
        return "Pain before sessions was not told."
    words = (
        f"Pain before sessions: {mean_words(p.first)} in the first days, {mean_words(p.last)} in "
        f"the last: {compared_words(p, lower='less', higher='more')}."
    )
    if p.matters is None:
        return words
    size = f"{h.matters_nrs:g} points, from which a change matters"
    return words + (f" Surely beyond {size}." if p.matters else f" Not surely beyond {size}.")


def movement_words(h: Handover) -> str:
    """The person's own painful movement, before and after sessions."""
    if not h.told.movement.strip():
        return "None was named."
    m = h.movement
    named = f"“{cut(h.told.movement, 48)}”: "
    if m.first is None or m.last is None:
        return named + "not rated before and after a session yet."
    return (
        named + f"{mean_words(m.first)} before, {mean_words(m.last)} after a session: "
        f"{compared_words(m, lower='less after', higher='more after')}."
    )


def goal_words(h: Handover) -> str:
    """How well the activity goes, first and last."""
    goal = h.told.goal
    if goal is None or not goal.ratings:
        return "not rated yet."
    ratings = sorted(goal.ratings, key=lambda r: r.on)
    first, last = ratings[0], ratings[-1]
    if first.on == last.on:
        return f"{last.rating:g} of 10 on {last.on.isoformat()} (rated once)."
    verdict = compared_words(h.goal, lower="less", higher="more")
    return (
        f"{first.rating:g} of 10 on {first.on.isoformat()}, {last.rating:g} on "
        f"{last.on.isoformat()} (n {len(ratings)}): {verdict}."
    )


def exercise_words(exercise_id: str) -> str:
    known = exercises().get(exercise_id)
    return exercise_id if known is None else known.plain_name


def sides_words(row: PractisedRow) -> str:
    """Sessions with each side: "left 9, right 11"; "both at once" where they are not told apart."""
    known = exercises().get(row.exercise_id)
    if known is not None and not known.bilateral:
        return "both at once"
    named = [f"{side_word(Side(s))} {n}" for s, n in row.sides.items() if n]
    return ", ".join(named) or ("side not kept" if row.sessions else "not done lately")


def done_words(row: PractisedRow) -> str:
    """ "11 of 12"; "11" without a plan."""
    return f"{row.sessions}" if row.planned is None else f"{row.sessions} of {row.planned:.0f}"


def minutes_words(row: PractisedRow) -> str:
    """Effective of asked minutes, and those that could not be known."""
    if row.effective_s is None:
        return "not counted"
    asked = "" if row.asked_s is None else f" of {row.asked_s / 60.0:.1f}"
    return f"{row.effective_s / 60.0:.1f}{asked}"


def unknown_words(row: PractisedRow) -> str:
    return "" if row.uncertain_s is None else f"{row.uncertain_s / 60.0:.1f}"


def share_words(s: Share) -> str:
    """ "7 of 8 (53 to 98 %)", or that there are too few."""
    if s.among == 0:
        return "not told"
    if not s.told:
        return f"{s.count} of {s.among}, {TOO_FEW}"
    return f"{s.count} of {s.among} ({100 * s.low:.0f} to {100 * s.high:.0f} %)"


def range_words(row: RangeRow) -> tuple[str, str, str]:
    """First, last, and what the change is."""
    first = _angle(row.first)
    if row.change_deg is None or row.detectable_deg is None:
        return first, "", "measured on one day"
    last = _angle(row.last)
    by = f"{signed(row.change_deg, 0)}°"
    how = "within" if row.verdict is Change.NOT_TOLD_APART else "beyond"
    return first, last, f"{by}, {how} {row.detectable_deg:.0f}°"


def _angle(r: RangeTold) -> str:
    whole = f"{r.angle_deg:.0f}".replace("-", "−")
    return f"{whole}° (sd {r.sd_deg:.0f}°), {short(r.on)}"


def range_name(row: RangeRow) -> str:
    return f"{coordinate_name(row.coordinate)}, {exercise_words(row.exercise_id).lower()}"


def relaxed_words(told: RelaxedTold) -> tuple[str, str, str]:
    """First, last, and what the change is: of alike holds."""
    first = _part(told.first)
    if told.sessions < 2:
        return first, "", "measured on one day"
    if told.per_week is None or told.per_week_sd is None:
        return first, _part(told.last), TOO_FEW
    within = 1.96 * told.per_week_sd
    how = "beyond" if abs(told.per_week) > within else "within"
    by = f"{signed(100 * told.per_week)} % a week, {how} {100 * within:.1f} %"
    return first, _part(told.last), by


def relaxed_name(told: RelaxedTold) -> str:
    joint = coordinate_name(told.coordinate)
    return f"{joint} at {told.angle_deg:.0f}°, {exercise_words(told.exercise_id).lower()}"


def _part(of: PartTold) -> str:
    return f"{100 * of.ratio:.0f} % (sd {100 * of.sd:.0f} %), {short(of.on)}"


def not_seen_words(h: Handover) -> tuple[str, ...]:
    if not h.sessions:
        return ()
    if not h.not_seen:
        return ("All that matters in the exercises was known most of the time.",)
    return tuple(
        f"{coordinate_name(row.coordinate)}: not known in {row.sessions} of {row.among} sessions"
        for row in h.not_seen
    )


def decided_words(d: DecidedTold) -> str:
    """The sentence of a decision with its rules and how well founded they are."""
    by = f" [{by_words(d.rule_ids, d.evidence_ids)}]" if d.rule_ids else ""
    return f"{short(d.on)}: {cut(d.sentence, 150)}{by}"


def asks_words(h: Handover) -> tuple[str, ...]:
    return tuple(f"“{cut(ask, 96)}”" for ask in h.told.asks if ask.strip())


def defaults_words(h: Handover) -> str:
    """Which of the cuts are expert defaults."""
    spans = {name: constant("handover", name) for name in constants("handover")}
    return (
        f"Expert defaults, to be edited: well borne is at most {h.most_rise:g} more pain the day "
        f"after; shares are told from {h.least} sessions on, with Wilson's 95 % interval; spans of "
        f"{spans['span_days']:g} days, days correlated by {spans['day_correlation']:g}; days of "
        f"one person differ by {spans['range_day_sd_deg']:g}°."
    )


def signed(value: float, digits: int = 1) -> str:
    """With its sign, and no sign before a zero."""
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text[1:] if float(f"{value:.{digits}f}") == 0.0 else text


def short(day: date) -> str:
    return day.isoformat()


def count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


def text(h: Handover) -> str:
    """The whole sheet in plain lines."""
    who = h.told.who
    lines = [
        f"Handover for the physiotherapist: {who.name}, {h.told.written_on.isoformat()}",
        *(["A simulated person: none of this is of anybody."] if who.simulated else []),
        f"{who_words(h)}; {period_words(h)}",
        "",
    ]
    if h.told.goal is not None:
        lines.append(f"Wants back: “{h.told.goal.text}”. {goal_words(h)}")
    lines += [
        f"Safety questions: {' '.join(screening_words(h))}",
        pain_words(h),
        f"Own painful movement: {movement_words(h)}",
        "",
    ]
    of_all = "; how it was borne over all sessions that tell it" if h.practised else ": nothing"
    lines.append(f"Practised in the last {h.days} days{of_all}")
    for row in h.practised:
        unknown = unknown_words(row)
        lines.append(
            f"- {exercise_words(row.exercise_id)} ({sides_words(row)}): sessions {done_words(row)}"
            + ("" if row.effective_s is None else f", effective min {minutes_words(row)}")
            + (f", not known {unknown}" if unknown else "")
            + f"; well borne the day after: {share_words(row.next_day)}"
        )
    if h.ranges:
        lines += ["", "Range at tolerance; the change, and what two days differ by"]
        lines += [f"- {range_name(row)}: {joined_range(row)}" for row in h.ranges]
    lines += ["", f"{RELAXED}; {RELAXED_HOW}" if h.told.relaxed else f"{RELAXED}: {RELAXED_NONE}"]
    for r in h.told.relaxed:
        found_of = [part for part in relaxed_words(r) if part]
        lines.append(f"- {relaxed_name(r)}: {'; '.join(found_of)}")
    for title, found in (
        ("Not seen", not_seen_words(h)),
        ("Decided lately", tuple(decided_words(d) for d in h.decided)),
        ("Asks", asks_words(h)),
    ):
        if found:
            lines += ["", title, *(f"- {line}" for line in found)]
    return "\n".join([*lines, "", defaults_words(h), SOURCES, NO_CLAIM, ""])


def joined_range(row: RangeRow) -> str:
    first, last, verdict = range_words(row)
    return joined_words([part for part in (first, last) if part]) + f"; {verdict}"
