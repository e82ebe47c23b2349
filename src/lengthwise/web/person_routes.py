"""Routes about the person: the safety questions, and which exercises may be led."""

from typing import Any

import msgspec
from fastapi import APIRouter

from lengthwise.live import guided
from lengthwise.reference.exercises import exercises
from lengthwise.reference.screening import screening
from lengthwise.web.forms import Answers
from lengthwise.web.house import House, plain


def person_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api")

    @routes.get("/screening")
    def questions() -> dict[str, Any]:
        """The safety questions, and how the person stands with them."""
        with house.store() as store:
            return {"asked": plain(screening()), "standing": plain(guided.standing(store))}

    @routes.post("/screening")
    def answer(form: Answers) -> dict[str, Any]:
        """Keep the answers, and say how the person stands now."""
        with house.store() as store:
            found = guided.answer(store, dict(form.answers), version=form.version)
        return {"standing": plain(found)}

    @routes.get("/exercises")
    def listed() -> list[dict[str, Any]]:
        """Every exercise, and why it may not be led now (null: it may)."""
        with house.store() as store:
            refusals = {e.id: guided.standing(store, e).refusal for e in exercises().values()}
        return [
            {
                "id": e.id,
                "name": e.name,
                "plain_name": e.plain_name,
                "summary": e.summary,
                "view": e.camera_view().value,
                "place": e.place.value,
                "refusal": msgspec.to_builtins(refusals[e.id]),
            }
            for e in exercises().values()
        ]

    return routes
