"""How a person stands with the safety questions alone, as it is stored.

Whether somebody may be led is asked of `live/guided`, which knows the plan of the person as well.
"""

import time

from msgspec import Struct

from lengthwise.contracts.screening import YesNo
from lengthwise.live.kept_answers import flare_told_s
from lengthwise.live.session_name import now_utc
from lengthwise.plan.clearance import Clearance, clearance
from lengthwise.plan.screening import Refusal, Result, refusal, result
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening


class Cleared(Struct, frozen=True):
    """`refusal` None: nothing that was told of safety stands in the way of everything. `given`: the
    latest answer to each question that counts; empty where something does. `flare_s`: when a flare
    was told of that counts now."""

    state: Clearance
    refusal: Refusal | None
    result: Result
    given: dict[str, YesNo]
    flare_s: float | None
    now_s: float


def cleared(store: ProfileStore) -> Cleared:
    """As of now."""
    asked, now_s = screening(), time.time()
    state = clearance(asked, store.told_of_safety())
    flare_s = flare_told_s(store.person(), now_utc())
    why = refusal(asked, state, now_s=now_s, flare_s=flare_s)
    found = result(asked, state, now_s=now_s, flare_s=flare_s)
    given = {} if why is not None else {q: told.answer for q, told in state.given.items()}
    return Cleared(state, why, found, given, flare_s, now_s)
