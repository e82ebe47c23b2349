"""What stands at the head of a person's plan: the activity they want back, in their own words."""

import time

from msgspec import Struct

from lengthwise.contracts.handover import Rating
from lengthwise.live.whole_book import whole_book
from lengthwise.record.store import ProfileStore


class PlanHead(Struct, frozen=True):
    """None or empty: not told. `movement`: the person's own painful movement, done once before and
    after a session (`plan_book.tell_movement`); `rated`: how well the activity went last."""

    activity: str
    rated: Rating | None
    movement: str


def head_of(store: ProfileStore) -> PlanHead:
    """As it is kept. Raises InputError for a book of another version."""
    book = whole_book(store, at_s=time.time())
    ratings = () if book.goal is None else book.goal.ratings
    return PlanHead(
        activity="" if book.goal is None else book.goal.text,
        rated=max(ratings, key=lambda r: r.on, default=None),
        movement=book.movement,
    )


def head_words(head: PlanHead) -> str:
    """One line; what is not told is asked for."""
    if not head.activity.strip():
        return "What would you like to be able to do again? Keep it with: lengthwise plan keep"
    rated = head.rated
    last = "" if rated is None else f" ({rated.rating:g} of 10 on {rated.on.isoformat()})"
    return f"For: “{head.activity}”{last}"
