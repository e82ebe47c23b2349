"""Routes of a ramp to tolerance: whether it may be led now, and what would change that."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from lengthwise.live.ramp_offer import ramp_offered
from lengthwise.web.house import House, plain

Id = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}$")]


def ramp_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api/exercises")

    @routes.get("/{exercise_id}/ramp")
    def offered(exercise_id: Id) -> dict[str, Any]:
        """What is against it for each side, in words with what would change it, and the questions
        with what still counts of their answers. These are answered by `/api/plan/day`; begun it is
        as any session, with `ramp`."""
        with house.store() as store:
            return plain(ramp_offered(store, exercise_id))

    return routes
