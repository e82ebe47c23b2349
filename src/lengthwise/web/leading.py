"""Whether the page of a session may lead somebody through it now, also one that only comes back."""

import asyncio

from lengthwise.contracts.errors import LengthwiseError
from lengthwise.live import guided
from lengthwise.reference.exercises import exercises
from lengthwise.web.house import House
from lengthwise.web.hub import Guided


async def may_lead(house: House, session: Guided) -> bool:
    """Asked of what is stored; where that cannot be asked, nobody is led. A session that is over
    leads nobody, and its page may see how it ended."""
    return session.through or await asyncio.to_thread(_may_lead, house, session)


def _may_lead(house: House, session: Guided) -> bool:
    chosen = exercises().get(session.started.config.exercise_id or "")
    if chosen is None:
        return False
    try:
        with house.store() as store:
            house.keep_stops(store)
            return guided.standing(store, chosen).refusal is None
    except LengthwiseError:
        return False
