"""Routes about the person: consent, measures, and what may be led."""

import time
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Query

from lengthwise.contracts.coordinates import COORDINATES, Side
from lengthwise.contracts.person import Measure, MeasureName
from lengthwise.live import apart
from lengthwise.live.left_out import why_left_out
from lengthwise.live.ramp_offer import may_be_ramped
from lengthwise.live.session_name import now_utc
from lengthwise.record.store import ProfileStore
from lengthwise.reference.areas import about_s, area_of
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise, exercises
from lengthwise.reference.translations import languages
from lengthwise.report.words import labels, waiting_short
from lengthwise.web.forms import AboutYou, Consent
from lengthwise.web.house import House

Id = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}$")]
HeightCm = Annotated[int, Query(ge=120, le=230)]


def person_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api")

    @routes.get("/person")
    def person() -> dict[str, Any]:
        """What is kept of the person that a page needs, null where nothing is."""
        with house.store() as store:
            return _person(store)

    @routes.post("/person")
    def state(form: AboutYou) -> dict[str, Any]:
        """Keep a height; it is not asked again."""
        sd_m = constant("calibration", "stated_height_sd_m")
        height = Measure(MeasureName.HEIGHT, form.height_m, sd_m, now_utc())
        with house.store() as store:
            store.save_person(store.person().with_measures((height,)))
            return _person(store)

    @routes.post("/consent")
    def consent(form: Consent) -> dict[str, Any]:
        """Keep that what the page says of camera and record was read and agreed to."""
        with house.store() as store:
            store.consent(form.version, at_s=time.time())
            return _person(store)

    @routes.get("/exercises")
    def listed() -> list[dict[str, Any]]:
        """Every exercise, and why it may not be led now (null: it may), also in sentences."""
        with house.store() as store:
            found = why_left_out(store)
        return [
            _listed(e) | {"refusal": found[e.id][0], "left_out": found[e.id][1]}
            for e in exercises().values()
        ]

    @routes.get("/exercises/{exercise_id}/placing")
    def where(exercise_id: Id, side: Side = Side.LEFT, height_cm: HeightCm = 170) -> dict[str, Any]:
        """Where to be for it, where the camera should be, and what it has to see."""
        return _placed(exercise_id, side, height_cm)

    @routes.get("/words")
    def words() -> dict[str, Any]:
        """Why a clock waits, in at most five words, by reason id."""
        unknown = [f"not_known.{c.value}" for c in COORDINATES]
        return {"waiting": {i: waiting_short(i) for i in (*labels().waiting, *unknown)}}

    return routes


@lru_cache(maxsize=16)
def _placed(exercise_id: str, side: Side, height_cm: int) -> dict[str, Any]:
    placed: dict[str, Any] = apart.call(apart.PLACED, exercise_id, side=side, height_cm=height_cm)
    return placed


def _person(store: ProfileStore) -> dict[str, Any]:
    height = store.person().measure(MeasureName.HEIGHT)
    return {
        "height_m": None if height is None else height.value,
        "consented": store.consented(),
        "languages": languages(),
    }


def _listed(e: Exercise) -> dict[str, Any]:
    return {
        "id": e.id,
        "name": e.name,
        "plain_name": e.plain_name,
        "summary": e.summary,
        "view": e.camera_view().value,
        "place": e.place.value,
        "posture": e.start_posture.value,
        "area": area_of(e).value,
        "kind": e.kind.value,
        "bilateral": e.bilateral,
        "variant_of": e.variant_of,
        "equipment": list(e.equipment),
        "screen_visible": e.screen_visible,
        "about_s": about_s(e),
        "ramps": may_be_ramped(e),
        "levels": msgspec.to_builtins(e.levels),
    }
