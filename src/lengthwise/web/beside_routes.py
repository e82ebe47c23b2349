"""Routes beside the plan: a sheet for the physiotherapist, what is learnt, one's own movement."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from lengthwise.contracts.teaching import FlarePlan
from lengthwise.live import apart
from lengthwise.live.plan_book import tell_movement
from lengthwise.web.house import House, plain
from lengthwise.web.plan_forms import LearningForm, MovementForm

Name = Annotated[str, Query(max_length=80)]
_ONLY_SHOW = "sandbox allow-modals; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""A page of its own, to look at and to print: it belongs to nobody's origin."""

_PAGE = {"content": {"text/html": {}}, "description": "the page"}


def beside_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api")

    @routes.get("/handover", response_class=Response, responses={200: _PAGE})
    def handover(name: Name = "", save: bool = False) -> Response:
        """One page for the physiotherapist: in clear, to be printed or handed on."""
        home, profile = house.settings.home, house.settings.profile
        page = apart.call(apart.HANDOVER, home, profile, name.strip() or None, opened=house.folder)
        headers = {"content-security-policy": _ONLY_SHOW, "cache-control": "no-store"}
        if save:
            headers["content-disposition"] = 'attachment; filename="handover.html"'
        return Response(page, media_type="text/html", headers=headers)

    @routes.get("/teaching")
    def teaching() -> dict[str, Any]:
        """What is learnt next, and what each exercise that was done is open for."""
        home, profile = house.settings.home, house.settings.profile
        return plain(apart.call(apart.TAUGHT, home, profile, opened=house.folder))

    @routes.post("/teaching")
    def learning(form: LearningForm) -> dict[str, Any]:
        """Keep with whom one learns, and the plan for worse days."""
        home, profile = house.settings.home, house.settings.profile
        parts = (form.calms, form.less, form.ask)
        plan = None if parts == (None, None, None) else FlarePlan(*(p or "" for p in parts))
        with house.folding:
            return plain(
                apart.call(
                    apart.LEARNING_TOLD, home, profile, form.track, plan, opened=house.folder
                )
            )

    @routes.post("/sessions/{session_id}/movement", status_code=204)
    def movement(session_id: str, form: MovementForm) -> None:
        """How the person's own painful movement was, before a session or after it."""
        with house.folding, house.store() as store:
            tell_movement(store, session_id, before=form.before, after=form.after)

    return routes
