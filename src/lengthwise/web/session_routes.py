"""Routes of sessions: begin one, end one."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header
from starlette.concurrency import run_in_threadpool

from lengthwise.contracts.session import SessionStarted
from lengthwise.contracts.told import PainMoment, PainTold
from lengthwise.live import guided
from lengthwise.live.unfinished import finish_all
from lengthwise.live.worn import Worn
from lengthwise.web.device_desk import Brought
from lengthwise.web.forms import NewSession
from lengthwise.web.house import House, plain
from lengthwise.web.hub import NotOpenError
from lengthwise.web.refused import Refused


def session_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api/sessions")

    @routes.post("", status_code=201)
    async def begin(form: NewSession) -> dict[str, str]:
        """A session, and the key that its stream is opened with."""
        async with house.one_at_a_time:
            # One person is led once. What nobody looks at any more is ended first, so that whether
            # the next one may begin is asked of all that came before it.
            for other in house.hub.going_on():
                if other.led:
                    raise Refused(409, "elsewhere")
                with suppress(NotOpenError):
                    await house.hub.end(other)
            worn = house.phone.worn(form.exercise_id, form.side) if form.phone else None
            brought = house.devices.brought()
            started, folder = await run_in_threadpool(_prepared, house, form, worn, brought)
            if worn is None:
                session = await house.devices.lead(house.hub, started, folder, brought)
            else:
                session = await house.phone.lead(house.hub, started, folder, worn)
                stood = started.config.zero_s is not None
                house.devices.feed(house.hub, session, since_s=worn.stood_s[0] if stood else None)
        return {"session_id": session.session_id, "key": session.key}

    @routes.post("/{session_id}/end")
    async def end(session_id: str, x_key: Annotated[str, Header()] = "") -> dict[str, Any]:
        """Finish a session: its report is written then."""
        session = house.hub.session(session_id, x_key)
        if session is None:
            raise Refused(404, "no_such_session")
        return plain((await house.hub.end(session)).totals)

    return routes


def _prepared(
    house: House, form: NewSession, worn: Worn | None, brought: Brought
) -> tuple[SessionStarted, Path]:
    request = guided.GuidedRequest(
        exercise_id=form.exercise_id,
        width_px=form.width_px,
        height_px=form.height_px,
        pose_model=form.pose_model,
        side=form.side,
        height_m=form.height_m,
        phone=worn,
        devices=brought.devices,
        sensors=brought.streams,
        stood_s=brought.stood_s,
        language=form.language,
        baseline_nrs=form.pain_now,
        ramp=form.ramp,
        warm=form.warm,
    )
    with house.store() as store:
        house.keep_stops(store)
        finish_all(store)
        started = guided.guided_started(store, request)
        if form.pain_now is not None:
            told = PainTold(started.session_id, PainMoment.BEFORE, form.pain_now, time.time())
            store.tell_pain(told)
        return started, guided.folder_of(store, started.session_id)
