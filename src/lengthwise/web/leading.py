"""Whether the page of a session may lead somebody through it now, also one that only comes back."""

import asyncio
from contextlib import suppress

from lengthwise.contracts.errors import LengthwiseError
from lengthwise.live import guided
from lengthwise.reference.exercises import led_exercises
from lengthwise.web.house import House
from lengthwise.web.hub import Guided, NotOpenError


async def may_lead(house: House, session: Guided) -> bool:
    """Asked of what is stored; where that cannot be asked, nobody is led. A session that is over
    leads nobody, and its page may see how it ended."""
    return session.through or await asyncio.to_thread(_may_lead, house, session)


async def end_who_may_not_be_led(house: House) -> None:
    """After anything was told that may close the way: a session that is going on ends."""
    async with house.one_at_a_time:
        for session in house.hub.going_on():
            if not await may_lead(house, session):
                with suppress(NotOpenError):
                    await house.hub.end(session)


def _may_lead(house: House, session: Guided) -> bool:
    chosen = led_exercises().get(session.started.config.exercise_id or "")
    if chosen is None:
        return False
    try:
        with house.store() as store:
            house.keep_stops(store)
            return guided.standing(store, chosen).refusal is None
    except LengthwiseError:
        return False
