"""Answers of a questionnaire in, its score out; and whether a change of it matters. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.errors import InputError
from lengthwise.reference.questionnaires import Higher, Questionnaire, Scoring

_START_BACK_LOW = 3
_START_BACK_HIGH = 4


class Scored(Struct, frozen=True):
    """`value` None: too few answers (`missing` names them), or a questionnaire without a total.
    `parts`: only those whose items are all answered. `band`: its name, if any."""

    value: float | None
    parts: dict[str, float]
    missing: tuple[int, ...]
    band: str | None = None


class Change(StrEnum):
    """`NOT_BEYOND`: smaller than what matters, which is not the same as no change."""

    BETTER = "better"
    NOT_BEYOND = "not_beyond"
    WORSE = "worse"
    NOT_KNOWN = "not_known"


def score(q: Questionnaire, answers: Mapping[int, int]) -> Scored:
    """`answers` by item from 1; what is not answered is not there. Raises InputError on an item or
    answer that the questionnaire does not have."""
    given = {item: _counted(q, item, answer) for item, answer in answers.items()}
    missing = tuple(item for item in range(1, q.items + 1) if item not in given)
    parts = {
        name: float(sum(given[item] for item in items))
        for name, items in q.parts.items()
        if not set(items) & set(missing)
    }
    value = _value(q, list(given.values())) if len(given) >= q.least_answered else None
    return Scored(value, parts, missing, _band(q, value, parts))


def from_one(q: Questionnaire, answers: Mapping[int, int]) -> dict[int, int]:
    """Answers of a file that codes the least one as 1 (some files of the Oswestry index do)."""
    return {item: answer - 1 + q.least for item, answer in answers.items()}


def _counted(q: Questionnaire, item: int, answer: int) -> int:
    if not 1 <= item <= q.items:
        raise InputError(
            f"{q.name}: item",
            value=item,
            allowed=f"1 to {q.items}",
            remedy="number the items as they are printed",
        )
    if not q.least <= answer <= q.most:
        raise InputError(
            f"{q.name}: answer {item}",
            value=answer,
            allowed=f"{q.least} to {q.most}",
            remedy="leave out what was not answered",
        )
    return q.least + q.most - answer if item in q.reversed else answer


def _value(q: Questionnaire, given: Sequence[int]) -> float | None:
    total = sum(given)
    match q.scoring:
        case Scoring.PARTS:
            return None
        case Scoring.MEAN:
            return total / len(given)
        case Scoring.PERCENT:
            return 100.0 * (total - q.least * len(given)) / ((q.most - q.least) * len(given))
        case Scoring.DIFFERENCE:
            return float(total - q.least - q.most)
        case Scoring.TABLE:
            return q.table[total - q.table_from]
        case Scoring.SUM | Scoring.START_BACK:
            return float(total)


def _band(q: Questionnaire, value: float | None, parts: Mapping[str, float]) -> str | None:
    if value is None:
        return None
    if q.scoring is Scoring.START_BACK:
        if value <= _START_BACK_LOW:
            return "low"
        return "high" if parts["psychosocial"] >= _START_BACK_HIGH else "medium"
    reached = [band.name for band in q.bands if value >= band.lowest]
    return reached[-1] if reached else None


def change(q: Questionnaire, first: float | None, now: float | None) -> Change:
    """Whether a score has changed by what matters to people."""
    if first is None or now is None or (q.important_change is None and q.important_share is None):
        return Change.NOT_KNOWN
    worse_by = now - first if q.higher is Higher.WORSE else first - now
    enough = [] if q.important_change is None else [q.important_change]
    if q.important_share is not None and first > 0.0:
        enough.append(q.important_share * first)
    if abs(worse_by) < min(enough, default=float("inf")):
        return Change.NOT_BEYOND
    return Change.WORSE if worse_by > 0.0 else Change.BETTER


def recovered(q: Questionnaire, now: float | None) -> bool | None:
    """None where the questionnaire has no such mark, or no score is there."""
    if now is None or q.recovered_at_most is None:
        return None
    return now <= q.recovered_at_most


def responders(after: Iterable[float | None], *, at_most: float) -> int:
    """How many are at or below a mark afterwards; who has no score is none of them."""
    return sum(value is not None and value <= at_most for value in after)
