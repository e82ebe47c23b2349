"""What the page draws the body with: the person's muscle paths, and whose each path is."""

from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Response

from lengthwise.contracts.coordinates import COORDINATES, Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES
from lengthwise.live.muscles import packed_paths
from lengthwise.reference.exercises import exercises
from lengthwise.reference.muscle_groups import muscle_group_table
from lengthwise.report.words import muscle_name

Id = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}$")]
HeightCm = Annotated[int, Query(ge=120, le=230)]


def body_routes() -> APIRouter:
    routes = APIRouter(prefix="/api/body")

    @routes.get("/names")
    def names() -> dict[str, Any]:
        """Order of angles and groups in a view, and the group of each path of a muscle."""
        return {
            "coordinates": [c.value for c in COORDINATES],
            "groups": [muscle_name(group, side) for group, side in GROUP_SIDES],
            "group_of": {f.muscle: GROUP_INDEX[f.group, f.side] for f in muscle_group_table()},
        }

    @routes.get("/paths", response_class=Response)
    def paths(height_cm: HeightCm = 170) -> Response:
        """`muscles.paths` (docs/formats.md) of a person of that height."""
        return Response(_paths(height_cm), media_type="application/octet-stream")

    @routes.get("/targets/{exercise_id}")
    def targets(exercise_id: Id) -> dict[str, list[int]]:
        """Places of what an exercise is about among the groups, by the side that works."""
        chosen = exercises().get(exercise_id)
        if chosen is None:
            raise HTTPException(404, "no such exercise")
        return {
            side.value: [GROUP_INDEX[t.group, t.side] for t in chosen.for_side(side).about]
            for side in Side
        }

    return routes


@lru_cache(maxsize=4)
def _paths(height_cm: int) -> bytes:
    return packed_paths(height_m=height_cm / 100.0)[0]
