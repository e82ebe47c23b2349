"""Routes of sessions that were left or cut off: list them, go on with one, or end it there."""

from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Path
from msgspec import Struct
from starlette.concurrency import run_in_threadpool

from lengthwise.contracts.coordinates import Side
from lengthwise.live import guided
from lengthwise.live.unfinished import CutOff, Image, check_image, cut_off, to_go_on_with
from lengthwise.record.recover import recover
from lengthwise.record.session_folder import LOG_NAME
from lengthwise.reference.exercises import led_exercises
from lengthwise.web.forms import GoOn, LeaveThere
from lengthwise.web.house import House, plain
from lengthwise.web.hub import Guided, NotOpenError
from lengthwise.web.refused import Refused

SessionId = Annotated[str, Path(pattern=r"^\d{8}T\d{6}Z-[0-9a-f]{6}$")]


class Offer(Struct, frozen=True):
    """A session that somebody was in the middle of. `effective_s` None: it still goes on here."""

    session_id: str
    exercise_id: str
    plain_name: str
    side: Side | None
    effective_s: float | None


def resume_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api/sessions")

    @routes.get("/unfinished")
    async def unfinished() -> list[dict[str, Any]]:
        """What the person may go on with: sessions whose page is gone, and that were cut off. One
        that is being opened is waited for: its page may be gone by then, and may have stopped."""
        async with house.one_at_a_time:
            left = [_left(s) for s in house.hub.left() if _goes_on(s)]
            here = {offer.session_id for offer in left}
            found = [_cut(c) for c in await run_in_threadpool(_cut_off, house)]
        return [plain(o) for o in (*left, *(o for o in found if o.session_id not in here))]

    @routes.post("/{session_id}/resume", status_code=201)
    async def resume(session_id: SessionId, form: GoOn) -> dict[str, str]:
        """Go on with it, at rest; the key that its stream is opened with, and no other any more."""
        image = Image(form.width_px, form.height_px)
        async with house.one_at_a_time:
            if any(s.led for s in house.hub.going_on()):
                raise Refused(409, "elsewhere")
            left = [s for s in house.hub.left() if _goes_on(s)]
            session = next((s for s in left if s.session_id == session_id), None)
            if session is None:
                session = await _opened(
                    house, await run_in_threadpool(_found, house, session_id, image)
                )
            else:
                await run_in_threadpool(_check_led, house, session, image)
                house.devices.feed_again(house.hub, session)
            return {"session_id": session.session_id, "key": session.change_key()}

    @routes.post("/{session_id}/leave-there", status_code=204)
    async def leave_there(session_id: SessionId, form: LeaveThere) -> None:
        """End it where it stands, with all that was recorded and its report."""
        if not await run_in_threadpool(_of_this_person, house, session_id):
            raise Refused(404, "no_session_of_name")
        if form.unwell:  # first: whatever becomes of the rest, the questions come next
            await run_in_threadpool(_keep_stop, house, session_id)
        async with house.one_at_a_time:
            session = _going_on(house, session_id)
            if session is not None and session.led:
                raise Refused(409, "elsewhere_end")
            if session is not None:
                with suppress(NotOpenError):
                    await _ended(house, session, form)
                return
            for found in await run_in_threadpool(_cut_off, house):
                if found.session_id == session_id:
                    with suppress(NotOpenError):
                        await _ended(house, await _opened(house, found), form)
            await run_in_threadpool(_sealed, house, session_id)

    return routes


def _goes_on(session: Guided) -> bool:
    """Nobody comes back into half a ramp to tolerance by another page; it ends as it stands."""
    return session.started.config.ramp is None


def _left(session: Guided) -> Offer:
    config = session.started.config
    chosen = led_exercises()[config.exercise_id or ""]
    return Offer(session.session_id, chosen.id, chosen.plain_name, config.side, None)


def _cut(found: CutOff) -> Offer:
    return Offer(
        found.session_id, found.exercise_id, found.plain_name, found.side, found.effective_s
    )


def _going_on(house: House, session_id: str) -> Guided | None:
    return next((s for s in house.hub.going_on() if s.session_id == session_id), None)


def _cut_off(house: House) -> tuple[CutOff, ...]:
    with house.store() as store:
        house.keep_stops(store)
        return cut_off(store)


async def _opened(house: House, found: CutOff) -> Guided:
    """Others that nobody looks at are ended first: one person is led once."""
    for other in house.hub.going_on():
        with suppress(NotOpenError):
            await house.hub.end(other)
    session = await house.hub.open(found.started, found.folder, away_s=found.away_s)
    house.devices.feed(house.hub, session)
    return session


async def _ended(house: House, session: Guided, form: LeaveThere) -> None:
    if (form.stopped or form.unwell) and not session.through:
        house.hub.stop(session, unwell=form.unwell)
    await house.hub.end(session)


def _found(house: House, session_id: str, image: Image) -> CutOff:
    with house.store() as store:
        house.keep_stops(store)
        return to_go_on_with(store, session_id, image)


def _check_led(house: House, session: Guided, image: Image) -> None:
    """Who comes back to it is asked for the same as who begins. Raises as `guided_started`."""
    check_image(session.started, image)
    with house.store() as store:
        house.keep_stops(store)
        guided.check_may_be_led(store, led_exercises()[session.started.config.exercise_id or ""])


def _of_this_person(house: House, session_id: str) -> bool:
    """Its folder is there from before anybody is led."""
    with house.store() as store:
        return store.session_folder(session_id).path.is_dir()


def _keep_stop(house: House, session_id: str) -> None:
    with house.store() as store:
        guided.keep_stop(store, session_id)


def _sealed(house: House, session_id: str) -> None:
    """Where it cannot be opened there is its record alone."""
    with house.store() as store:
        log = store.session_folder(session_id).path / LOG_NAME
        if log.is_file():
            recover(log)
        house.reports.draw_missing(store)
