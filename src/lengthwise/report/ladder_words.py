"""What was dared and what is offered next, in calm sentences."""

from collections.abc import Callable

from lengthwise.contracts.handover import Compared, Share
from lengthwise.contracts.ladder import Exposure, ExposureTold, RungStands, Step
from lengthwise.report.handover_words import TOO_FEW, compared_words, count, share_words
from lengthwise.report.number_words import digits, number
from lengthwise.report.week_words import bar_words
from lengthwise.report.words import first_upper

_DAYS = f"{number('ladder', 'settled_days')} days"
REASON = {
    "not_asked": "Whether your back is clearly worse was not asked, so nothing new is offered.",
    "flare": "Your back is clearly worse just now: what you know well is enough.",
    "top": "Every step of your ladder was done well, with confidence.",
    "barred": "The step that comes next is left out for now, and so is what lies beyond it.",
    "red": "The last time it hurt more than it should: the step before, or a smaller one.",
    "not_settled": f"It is done again until it went well on {_DAYS}, begun with confidence.",
    "first": "It is the first step of your ladder.",
    "settled_before": f"The steps before it went well on {_DAYS}, begun with confidence.",
}
CHANGE = {
    "flare_over": "When your back is as it was before, and you say so.",
    "bar_over": "When nothing leaves that step out any more.",
    "again_worse": "A step that hurts clearly more than expected comes back.",
    "borne_well": f"{first_upper(_DAYS)} on which it hurts no more than expected, and not more the "
    "day after.",
    "settled": f"{first_upper(_DAYS)} on which it hurts no more than expected, begun with "
    f"confidence of {digits('ladder', 'confidence_least')} or more.",
    "borne_badly": "If it hurts clearly more than expected, the step before is offered.",
}
_ACTION = {
    Step.FIRST: "You could begin with",
    Step.AGAIN: "You could do once more",
    Step.NEXT: "You could try next",
    Step.EASIER: "You could go back to",
    Step.FAMILIAR: "Nothing new for now; what you know",
    Step.TOP: "Your ladder is done; keep up",
}


def offered_words(found: Exposure, told: ExposureTold) -> str:
    """What is offered, in the person's own words; the choice is theirs."""
    texts = {r.id: r.text for r in told.rungs}
    if found.rung is None:
        return "Nothing is offered for now. What to try is always yours to choose."
    return f"{_ACTION[found.action]}: “{texts[found.rung]}”. What to try is always yours to choose."


def exposure_reason(found: Exposure) -> str:
    return REASON[found.reason]


def exposure_change(found: Exposure) -> str:
    return CHANGE[found.would_change]


def expectation_words(less: Share, gap: Compared) -> str:
    """How expected and actual pain compare."""
    if less.among == 0:
        return "Expected and actual pain were not told together yet."
    if not less.told:
        return f"It hurt no more than expected {less.count} of {less.among} times: {TOO_FEW}."
    verdict = compared_words(gap, lower="less than expected", higher="more than expected")
    return f"It hurt no more than expected in {share_words(less)}; pain was {verdict}."


def confidence_words(found: Exposure) -> str:
    verdict = compared_words(found.confidence, lower="less", higher="more")
    return f"Confidence beforehand, earlier against later: {verdict}."


def rung_words(r: RungStands, told: ExposureTold, words: Callable[[str], str] = bar_words) -> str:
    """How one step stands. `words`: of a rule that leaves it out."""
    text = next(rung.text for rung in told.rungs if rung.id == r.id)
    if r.bars:
        named = " ".join(REASON[b] if b in REASON else words(b) for b in r.bars)
        return f"{text}: not now. {named}"
    times = "not tried yet" if not r.tries else f"tried {count(r.tries, 'time')}"
    return f"{text}: {'settled' if r.settled else times}"
