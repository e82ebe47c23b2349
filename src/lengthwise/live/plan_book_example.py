"""An example of what is told for the plan."""

from datetime import date

from lengthwise.contracts.handover import GoalTold, PlannedTold, Rating
from lengthwise.contracts.plan_book import MovementTold, PlanBook
from lengthwise.contracts.teaching import FlarePlan, Track, VisitMade


def example_book() -> PlanBook:
    """Somebody who does not exist."""
    return PlanBook(
        since="spring, after moving house",
        goal=GoalTold("Carry my daughter up the stairs", (Rating(date(2026, 11, 2), 4.0),)),
        movement="Tying my shoes in the morning",
        movements=(MovementTold("20261102T070000Z-0a1b2c", before=4.0, after=3.0),),
        planned=(PlannedTold("supine_hamstring", 3.0, date(2026, 11, 2)),),
        asks=("May I go back to gardening?",),
        level=2,
        track=Track.CLINICIAN,
        visits=(VisitMade(date(2026, 11, 2), "R. Keller", taught=("alignment",)),),
        flare_plan=FlarePlan("Warmth, and lying on my side", "Sitting long", "After three days"),
    )
