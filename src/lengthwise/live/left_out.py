"""Use case: why an exercise may not be led now, in sentences that a page shows beside it."""

from lengthwise.live import guided
from lengthwise.plan.screening import Refusal
from lengthwise.record.store import ProfileStore
from lengthwise.reference.effort import named_rules
from lengthwise.reference.exercises import exercises
from lengthwise.report import progress_words, week_words


def why_left_out(store: ProfileStore) -> dict[str, tuple[Refusal | None, tuple[str, ...]]]:
    """Of every exercise by id. No sentence where everything waits for the safety questions: that is
    said once, and not beside each."""
    bars = guided.bars_now(store)
    found: dict[str, tuple[Refusal | None, tuple[str, ...]]] = {}
    for exercise_id, why in guided.refusals(store).items():
        e = exercises().get(exercise_id)
        if e is None:
            continue
        said: tuple[str, ...] = ()
        if why is Refusal.HELD:
            said = (progress_words.WHILE_HELD,)
        elif why is Refusal.EXERCISE_BARRED:
            said = tuple(week_words.bar_words(r) for r in named_rules(e) if r in bars)
        found[exercise_id] = (why, said)
    return found
