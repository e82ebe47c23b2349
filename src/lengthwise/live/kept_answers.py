"""What a person answered of themselves: stating it, asking it, and which of it counts on a day."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta, tzinfo

from lengthwise.contracts.answers import Answer, AnswerName
from lengthwise.contracts.care import Care
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.person import Person
from lengthwise.live.kept_findings import valid
from lengthwise.plan.answers import care_with
from lengthwise.reference.answers import DAY, LASTING, asked
from lengthwise.reference.constants import constant


def named_answer(text: str, told_utc: str, *, zone: tzinfo | None = None) -> Answer:
    """`flare=no`, told at a time. Raises InputError with what may be answered.

    `zone`: whose midnight ends the day of what counts for a day; None: this machine's.
    """
    name, _, value = text.partition("=")
    if name not in tuple(AnswerName):
        raise InputError(
            "--answer",
            value=name or "no name",
            allowed=", ".join(AnswerName),
            remedy="give it as NAME=VALUE, such as flare=no",
        )
    usable = asked()[AnswerName(name)].usable(value)
    if usable is None:
        raise InputError(
            f"--answer {name}",
            value=value or "nothing",
            allowed=asked()[AnswerName(name)].allowed,
            remedy="leave it out where you do not know",
        )
    return answer(AnswerName(name), usable, told_utc, zone=zone)


def stated_care(texts: Iterable[str], care: Care) -> Care:
    """The care with answers that are stated for one session. Raises InputError."""
    now = _text(datetime.now(UTC))
    return care_with(care, tuple(named_answer(text, now) for text in texts))


def answer(name: AnswerName, value: str, told_utc: str, *, zone: tzinfo | None = None) -> Answer:
    """A usable answer with the time until which it counts."""
    lasts = asked()[name].lasts(value)
    if lasts == LASTING:
        return Answer(name, value, told_utc)
    told = _utc(told_utc)
    if lasts == DAY:
        day = told.astimezone(zone).date() + timedelta(days=1)
        over = datetime.combine(day, time(), zone).astimezone(UTC)
    else:
        over = told + timedelta(days=constant("answers", lasts))
    return Answer(name, value, told_utc, _text(over))


def answers_at(person: Person, at_utc: str, *, now: bool = False) -> tuple[Answer, ...]:
    """Those that count at a time: told by then, and not over.

    `now`: it is the present, so all were told by then. One that seems later was told under another
    clock; nobody knows how long ago, so it counts where it forbids, and allows nothing.
    """

    def told(a: Answer) -> bool:
        by_then = _utc(a.told_utc) <= _utc(at_utc)
        return by_then or (now and asked()[a.name].forbids_with(a.value))

    return tuple(a for a in person.answers if valid(a.expires_utc, at_utc) and told(a))


def care_at(care: Care, person: Person, at_utc: str, *, now: bool = False) -> Care:
    """What is stated for a session, and for the rest what the person's answers say on its day;
    `now` as in `answers_at`."""
    return care_with(care, answers_at(person, at_utc, now=now))


def flare_told_s(person: Person, at_utc: str) -> float | None:
    """When the flare that counts now was told of, in seconds since 1970; None: there is none."""
    told = [a for a in answers_at(person, at_utc, now=True) if a.name is AnswerName.FLARE]
    forbids = asked()[AnswerName.FLARE].forbids_with
    return max((_utc(a.told_utc).timestamp() for a in told if forbids(a.value)), default=None)


def unanswered(person: Person, at_utc: str) -> tuple[AnswerName, ...]:
    """What would have to be asked, in the order of asking."""
    told = {a.name for a in answers_at(person, at_utc)}
    return tuple(name for name in asked() if name not in told)


def put_questions(
    names: Iterable[AnswerName],
    told_utc: str,
    *,
    ask: Callable[[str], str],
    say: Callable[[str], None],
) -> tuple[Answer, ...]:
    """Ask each question; nothing typed leaves it open, and what cannot be is asked once more."""
    found = []
    for name in names:
        question = asked()[name]
        said = f"{question.ask}\n  ({question.why})\n"
        for word, means in question.options.items():
            said += f"  {word}: {means}\n" if means != word else ""
        value = ask(f"{said}  [{question.allowed}, or nothing to leave it open] ").strip()
        if value and question.usable(value) is None:
            value = ask(
                f"  That is not one of: {question.allowed}. Once more, or nothing: "
            ).strip()
        usable = question.usable(value)
        if usable is None:
            say("  left open\n")
            continue
        found.append(answer(name, usable, told_utc))
    return tuple(found)


def answer_words(told: Answer, at_utc: str) -> str:
    """`flare no, 2026-01-31, until 2026-02-01 00:00 UTC`, or that it is over."""
    when = f"{told.name.value} {told.value}, {told.told_utc[:10]}"
    if told.expires_utc is None:
        return f"{when}, until answered anew"
    if not valid(told.expires_utc, at_utc):
        return f"{when}, over: it counts as not answered"
    return f"{when}, until {told.expires_utc[:16].replace('T', ' ')} UTC"


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
