"""What safety says first to whoever asks their plan for something, in place of what they asked."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lengthwise.record.store import ProfileStore


def refused_by_safety(o: argparse.Namespace, *, waits: str | None = None) -> bool:
    """Whether the person of `--person` may not be led now. Then what `lengthwise safety` says of
    them is printed, and nothing else is to be.

    `waits`: what waits while a plan is held, when only breathing and walking are left; None: it
    offers nothing else anyway. Raises SafetyRefusedError then, InputError on an answer that none
    is."""
    from lengthwise.cli.listings import print_json
    from lengthwise.cli.safety import said_now
    from lengthwise.contracts.care import Care
    from lengthwise.contracts.home import data_home
    from lengthwise.live import guided
    from lengthwise.live.kept_answers import stated_care
    from lengthwise.live.safety_questions import asked_now
    from lengthwise.record.store import ProfileStore

    if o.profile is None:
        return False
    stated_care(o.answer, Care())
    with ProfileStore.open_known(data_home(), o.profile) as store:
        found, asked = guided.standing(store), asked_now(store, data_home())
        if found.refusal is None:
            if waits is not None:
                _check_not_held(store, waits)
            return False
    if o.json:
        print_json({"standing": found, "asked": asked})
    else:
        print(said_now(found, asked))
    return True


def _check_not_held(store: "ProfileStore", waits: str) -> None:
    import time

    from lengthwise.contracts.errors import SafetyRefusedError
    from lengthwise.live.own_plan import plan_of_today

    if plan_of_today(store, at_s=time.time()).held:
        raise SafetyRefusedError(
            waits,
            reason="two sessions within a week were stopped by a symptom",
            remedy="breathe or walk, and let a doctor or physiotherapist have a look",
        )
