"""`lengthwise person`: what is kept of a person, and stating it."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json, add_measures, add_sex, age_years, between
from lengthwise.cli.person_lock import EXAMPLES, add_actions
from lengthwise.cli.person_lock import run as run_lock

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.contracts.answers import Answer
    from lengthwise.contracts.person import Person

_EXAMPLES = (
    """examples:
  lengthwise person --profile anna --height-m 1.72 --age-years 43 --sex female --mass-kg 64
  lengthwise person --profile anna --limit hip_extension_l=12 --limit hip_extension_r=18
  lengthwise person --profile anna --limit straight_leg_raise_l=65 --limit-sd-deg 4
  lengthwise person --profile anna --forget hip_extension_l
  lengthwise person --profile anna --windows
  lengthwise person --profile anna --learning
  lengthwise person --profile anna --ask
  lengthwise person --profile anna --answer flare=no --answer hypermobile=2
"""
    + EXAMPLES
)


def add_person(commands: "Commands") -> None:
    c = commands.add_parser(
        "person",
        help="what is kept of a person: measures, marks, how far the joints go; and stating it",
        description="Without more than --profile it lists what is kept. Joint limits are taken "
        "as measured, else as in people of the age and sex, else from the wide end of adults.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_actions(c)
    c.add_argument("--profile", default="default", metavar="NAME", help="default: default")
    add_measures(c, height="height", mass="body mass")
    c.add_argument("--age-years", type=age_years, metavar="A", help="age today")
    add_sex(c, says="for joint limits by age and sex")
    c.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="NAME=DEG",
        help="how far a movement goes, as measured, such as hip_extension_l=12; may be repeated "
        "(a wrong name lists them all)",
    )
    c.add_argument(
        "--limit-sd-deg", type=_sd_deg, metavar="S", help="how surely; default: 5 degrees"
    )
    c.add_argument(
        "--limit-days", type=_days, metavar="D", help="how long it is used; default: 180 days"
    )
    c.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what decides whether a stretch may be led to its tolerance, such as flare=no; may be "
        "repeated (a wrong name lists them all); what is not answered refuses",
    )
    c.add_argument(
        "--ask", action="store_true", help="be asked here whatever of it is not answered today"
    )
    c.add_argument("--measured", type=_date, metavar="DATE", help="when it was; default: now")
    c.add_argument(
        "--forget",
        action="append",
        default=[],
        metavar="NAME",
        help="take a measured limit or an answer out",
    )
    c.add_argument(
        "--windows",
        action="store_true",
        help="only the windows of stretching: what all marks of a muscle come to, how old and how "
        "sure they are, until when they count, or why there is none",
    )
    c.add_argument(
        "--learning",
        action="store_true",
        help="only what is learnt of each exercise: how many cues the next session has and why, "
        "what the retention checks said, when the next one is due, and places found again",
    )
    c.add_argument("--on", type=_date, metavar="DATE", help="as of that day; default: now")
    add_json(c)
    c.set_defaults(run=_person)


def _sd_deg(text: str) -> float:
    return between(text, 0.5, 30.0, "degrees from 0.5 to 30")


def _days(text: str) -> float:
    return between(text, 1.0, 3650.0, "days from 1 to 3650")


def _date(text: str) -> str:
    try:
        if datetime.fromisoformat(text).date() > datetime.now(UTC).date():
            raise ValueError("later than today")
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"found {text}; allowed: a date such as 2026-01-31, not later than today"
        ) from None
    return text


def _person(o: argparse.Namespace) -> int:
    if o.action is not None:
        return run_lock(o)
    from lengthwise.cli.listings import print_json
    from lengthwise.contracts.home import data_home
    from lengthwise.contracts.movements import Sex
    from lengthwise.live.analyze import now_utc
    from lengthwise.live.kept_answers import named_answer
    from lengthwise.live.person import PersonRequest, named_limit, state_person
    from lengthwise.live.who_reads import who_reads

    if o.windows or o.learning:
        _only_lists(o, "--windows" if o.windows else "--learning")
    told_utc = o.measured or now_utc()
    answers = tuple(named_answer(text, told_utc) for text in o.answer)
    if o.ask:
        answers += _asked(o.profile, told_utc, answers)
    person = state_person(
        PersonRequest(
            profile=o.profile,
            height_m=o.height_m,
            mass_kg=o.mass_kg,
            age_years=o.age_years,
            sex=Sex(o.sex) if o.sex else None,
            limits=tuple(named_limit(text) for text in o.limit),
            limit_sd_deg=o.limit_sd_deg,
            limit_days=o.limit_days,
            measured_utc=o.measured,
            forget=tuple(o.forget),
            answers=answers,
        )
    )
    at_utc = _asked_day(o.on, listed=o.windows or o.learning)
    if o.learning:
        _show_learning(o.profile, at_utc, as_json=o.json)
    elif o.windows:
        _show_windows(person, at_utc, as_json=o.json)
    elif o.json:
        print_json(person)
    else:
        _show(person, at_utc)
        print(f"kept {who_reads(data_home(), o.profile)}")
    return 0


def _only_lists(o: argparse.Namespace, lists: str) -> None:
    """Whoever lists something does not change the person by the way."""
    from lengthwise.contracts.errors import InputError

    options = (
        "height_m", "age_years", "sex", "mass_kg", "limit", "limit_sd_deg", "limit_days",
        "measured", "forget", "answer", "ask",
    )  # fmt: skip
    stated = [f"--{name.replace('_', '-')}" for name in options if getattr(o, name)]
    if stated:
        raise InputError(
            stated[0],
            value=f"stated with {lists}",
            allowed=f"{lists} only lists",
            remedy=f"state it in a command of its own, then use {lists}",
        )


def _asked(profile: str, told_utc: str, stated: tuple["Answer", ...]) -> tuple["Answer", ...]:
    """Asked in the terminal. Raises InputError where nobody sits at one."""
    from lengthwise.contracts.errors import InputError
    from lengthwise.live.kept_answers import put_questions, unanswered
    from lengthwise.live.person import kept_person

    if not sys.stdin.isatty():
        raise InputError(
            "--ask",
            value="no terminal to ask in",
            allowed="only where somebody can type",
            remedy="state it with --answer NAME=VALUE instead",
        )
    open_ones = unanswered(kept_person(profile).with_answers(stated), told_utc)
    if not open_ones:
        print("everything is answered for today")
    return put_questions(open_ones, told_utc, ask=input, say=print)


def _asked_day(on: str | None, *, listed: bool) -> str:
    from lengthwise.contracts.errors import InputError
    from lengthwise.live.analyze import now_utc

    if on is not None and not listed:
        raise InputError(
            "--on",
            value=on,
            allowed="only with --windows or --learning",
            remedy="add one of them, or leave it out",
        )
    if on is None:
        return now_utc()
    # A day is meant to its end: what was marked on it counts.
    return f"{on}T23:59:59Z" if len(on) == len("2026-01-31") else on


def _show_learning(profile: str, at_utc: str, *, as_json: bool) -> None:
    from lengthwise.cli.listings import print_json
    from lengthwise.live.learning import sessions_of
    from lengthwise.live.learning_listing import listed_learning, listed_places

    sessions = sessions_of(profile)
    found, places = listed_learning(sessions, at_utc), listed_places(sessions, at_utc)
    if as_json:
        print_json({"exercises": found, "places": places})
        return
    if not found and not places:
        print(
            f"no session of {profile} tells of what was kept yet: all corrections are said; "
            "analyze with --profile and --exercise keeps one"
        )
    for exercise in found:
        print(exercise.exercise_id)
        for line in exercise.words:
            print(f"  {line}")
    for place in places:
        print(f"{place.exercise_id}, a place found again with eyes closed")
        for line in place.words:
            print(f"  {line}")


def _show_windows(person: "Person", at_utc: str, *, as_json: bool) -> None:
    from lengthwise.cli.listings import print_json, table
    from lengthwise.cli.screen import Screen
    from lengthwise.live.kept_marks import edition_notes
    from lengthwise.live.window_listing import listed_windows, window_cells

    found = listed_windows(person, at_utc)
    if as_json:
        print_json(found)
        return
    for note in edition_notes(person):
        print(note)
    if not found:
        print(
            f"nothing is marked of {person.profile_id} yet: the coach leads by the first gentle "
            "pull; analyze with --profile keeps the marks of a session"
        )
        return
    rows = table("muscle", "first gentle pull", "tolerance", "window")
    for window in found:
        rows.add_row(*window_cells(window))
    Screen().print(rows)
    if not all(window.valid for window in found):
        print(
            "Where there is none, the coach stops at the first gentle pull; no second is effective."
        )


def _show(person: "Person", at_utc: str) -> None:
    from lengthwise.live.kept_answers import answer_words
    from lengthwise.live.kept_marks import edition_notes
    from lengthwise.live.person import limit_words
    from lengthwise.live.window_listing import listed_windows, window_cells

    lines = [
        f"{m.name.value} {m.value:g} (sd {m.sd:g}), {m.measured_utc[:10]}" for m in person.measures
    ]
    if person.sex:
        lines.append(f"sex {person.sex.value}")
    lines += [limit_words(m) for m in person.limits]
    lines += [answer_words(a, at_utc) for a in person.answers]
    windows = (window_cells(window) for window in listed_windows(person, at_utc))
    lines += [
        f"{muscle}: first gentle pull {first}; tolerance {tolerance}; window {told}"
        for muscle, first, tolerance, told in windows
    ]
    if person.fraction_marks:
        lines.append(
            f"{len(person.fraction_marks)} marks of an earlier version, kept as shares of a "
            "range: not used"
        )
    lines += edition_notes(person)
    print("\n".join(lines) or f"nothing is kept of {person.profile_id} yet")
