"""What the page draws the body with: shapes, the person's joints, and what each part needs to be
known."""

import gzip
from functools import lru_cache
from hashlib import sha256
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Response

from lengthwise.contracts.coordinates import COORDINATES, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES
from lengthwise.live import apart
from lengthwise.reference.exercise_parts import Behaviour
from lengthwise.reference.exercises import led_exercises
from lengthwise.reference.joint_limits import feasible_limits_rad
from lengthwise.report.body_parts import BodyPart
from lengthwise.report.known_parts import CHAINS, ways_to_know
from lengthwise.report.words import Area, labels, muscle_name, muscle_place
from lengthwise.web.refused import Refused

Id = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}$")]
_BINARY = "application/octet-stream"
HeightCm = Annotated[int, Query(ge=120, le=230)]


def body_routes(home: FilePath) -> APIRouter:
    routes = APIRouter(prefix="/api/body")

    @routes.get("/names")
    def names() -> dict[str, Any]:
        """Order of angles and groups in a view; of each part of the body by which angles it is
        known, seen from its side and from the front; and how the chest carries an unseen low
        back."""
        limits = feasible_limits_rad()
        return {
            "coordinates": [c.value for c in COORDINATES],
            "groups": [muscle_name(group, side) for group, side in GROUP_SIDES],
            "places": [muscle_place(group, side) for group, side in GROUP_SIDES],
            "parts": {part.name.lower(): _part(part) for part in BodyPart},
            "chains": [
                {
                    "spine": spine.value,
                    "pelvis": pelvis.value,
                    "sign": sign,
                    "chest": chest.value,
                    "limits_rad": limits[spine],
                }
                for spine, pelvis, sign, chest in CHAINS
            ],
        }

    @routes.get("/shape", response_class=Response)
    def shape(
        if_none_match: Annotated[str | None, Header()] = None,
        accept_encoding: Annotated[str, Header()] = "",
    ) -> Response:
        """`session.body` (docs/formats.md): the same for everybody, so it is kept by the browser
        and asked for by its tag alone."""
        raw, tag = _shape(home)
        kept = {"etag": tag, "cache-control": "private, no-cache", "vary": "accept-encoding"}
        if if_none_match == tag:
            return Response(status_code=304, headers=kept)
        if "gzip" not in accept_encoding:
            return Response(gzip.decompress(raw), headers=kept, media_type=_BINARY)
        return Response(raw, headers=kept | {"content-encoding": "gzip"}, media_type=_BINARY)

    @routes.get("/paths", response_class=Response)
    def paths(height_cm: HeightCm = 170) -> Response:
        """`muscles.paths` (docs/formats.md) of a person of that height."""
        return Response(_paths(height_cm), media_type=_BINARY)

    @routes.get("/targets/{exercise_id}")
    def targets(exercise_id: Id) -> dict[str, Any]:
        """Places of what an exercise is about among the groups, by the side that works; and
        whether it is a stretch that is held in a window."""
        chosen = led_exercises().get(exercise_id)
        if chosen is None:
            raise Refused(404, "no_such_exercise")
        by_side = {
            side.value: [GROUP_INDEX[t.group, t.side] for t in chosen.for_side(side).about]
            for side in Side
        }
        return {**by_side, "stretch": chosen.behaviour is Behaviour.HELD_IN_WINDOW}

    @routes.get("/ghost/{exercise_id}")
    def ghost(exercise_id: Id) -> dict[str, Any]:
        """The written postures of an exercise by the side that works, in the order of the angles,
        and what is to stay as the person began; see `live/ghost.py`."""
        if exercise_id not in led_exercises():
            raise Refused(404, "no_such_exercise")
        return _ghost(exercise_id)

    return routes


@lru_cache(maxsize=8)
def _ghost(exercise_id: str) -> dict[str, Any]:
    found: dict[str, Any] = apart.call(apart.GHOST, exercise_id)
    return found


def _part(part: BodyPart) -> dict[str, Any]:
    side, front = (ways_to_know(part, facing=facing) for facing in (False, True))
    area = _area(side[0][0])
    return {"side": side, "front": front, "clear": area.clear, "by": area.by}


def _area(coordinate: Coordinate) -> Area:
    """With how it is made visible."""
    return next(area for area in labels().area if coordinate in area.coordinates)


@lru_cache(maxsize=1)
def _shape(home: FilePath) -> tuple[bytes, str]:
    """Compressed, and its tag."""
    raw = apart.call(apart.BODY_PACK, home)
    return gzip.compress(raw, mtime=0), f'"{sha256(raw).hexdigest()[:20]}"'


@lru_cache(maxsize=4)
def _paths(height_cm: int) -> bytes:
    packed: tuple[bytes, int] = apart.call(apart.BODY_PATHS, height_m=height_cm / 100.0)
    return packed[0]
