"""Use case: everything that was told and decided of a plan, as a line of time in sentences."""

from msgspec import Struct

from lengthwise.contracts.own_plan import Begun, DayDecided, PlanEvent, WeekMade
from lengthwise.live.own_plan import utc_of
from lengthwise.record.store import ProfileStore
from lengthwise.report import plan_words


class Words(Struct, frozen=True):
    """What decided, in sentences."""

    rules: tuple[str, ...]
    evidence: tuple[str, ...]


class Kept(Struct, frozen=True):
    """One event of the timeline."""

    at_utc: str
    kind: str
    action: str
    sentence: str
    would_change: str
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
    words: Words


def plan_history(store: ProfileStore) -> list[Kept]:
    """Everything that was told and decided, the newest first. Of each day the last decision."""
    kept = store.plan_events()
    last = {k.event.told.day: k.place for k in kept if isinstance(k.event, DayDecided)}
    found = []
    for each in reversed(kept):
        event = each.event
        if isinstance(event, DayDecided) and last[event.told.day] != each.place:
            continue
        rule_ids, evidence_ids = _ids(event)
        found.append(
            Kept(
                at_utc=utc_of(each.at_s),
                kind=str(type(event).__struct_config__.tag),
                action=plan_words.action(event),
                sentence=plan_words.sentence(event),
                would_change=plan_words.would_change(event),
                rule_ids=rule_ids,
                evidence_ids=evidence_ids,
                words=words_of(rule_ids, evidence_ids),
            )
        )
    return found


def _ids(event: PlanEvent) -> tuple[tuple[str, ...], tuple[str, ...]]:
    match event:
        case Begun():
            return event.rule_ids, event.evidence_ids
        case DayDecided():
            return event.decided.rule_ids, event.decided.evidence_ids
        case WeekMade():
            return event.week.rule_ids, event.week.evidence_ids
    return (), ()


def words_of(rule_ids: tuple[str, ...], evidence_ids: tuple[str, ...]) -> Words:
    return Words(
        tuple(dict.fromkeys(plan_words.rule_words(r) for r in rule_ids)),
        tuple(plan_words.evidence_words(i) for i in evidence_ids),
    )
