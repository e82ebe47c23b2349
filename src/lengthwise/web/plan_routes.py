"""Routes of the plan: what it goes by, today, the week, a flare, what was decided."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from lengthwise.contracts.own_plan import Intake, Tight
from lengthwise.live import own_plan_shown as shown
from lengthwise.live import own_plan_told as told
from lengthwise.live.own_plan import kept_plan
from lengthwise.live.own_plan_history import plan_history
from lengthwise.record.store import ProfileStore
from lengthwise.web.house import House, plain
from lengthwise.web.leading import end_who_may_not_be_led
from lengthwise.web.plan_forms import DayForm, IntakeForm, LookedForm, WishForm

Tell = Callable[[ProfileStore, float], None]
Kept = Callable[[Tell], Awaitable[dict[str, Any]]]


def plan_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api/plan")

    def now(store: ProfileStore) -> dict[str, Any]:
        return plain(shown.plan_shown(store, at_s=time.time()))

    def changed(tell: Tell) -> dict[str, Any]:
        with house.folding, house.store() as store:
            tell(store, time.time())
            return now(store)

    async def kept(tell: Tell) -> dict[str, Any]:
        """What was told is kept, and whoever may not be led any more is not, also where it could
        not be kept whole."""
        try:
            return await run_in_threadpool(changed, tell)
        finally:
            await end_who_may_not_be_led(house)

    @routes.get("")
    def plan() -> dict[str, Any]:
        """The plan of now; `intake` null: none has begun."""
        with house.store() as store:
            return now(store)

    @routes.get("/history")
    def history() -> list[dict[str, Any]]:
        """Everything that was told and decided, the newest first."""
        with house.store() as store:
            return [plain(kept) for kept in plan_history(store)]

    _add_told(routes, kept)
    return routes


def _add_told(routes: APIRouter, kept: Kept) -> None:
    @routes.post("/intake")
    async def intake(form: IntakeForm) -> dict[str, Any]:
        """Keep what the plan goes by. The first one begins it."""

        def tell(store: ProfileStore, at_s: float) -> None:
            before = kept_plan(store, at_s=at_s).intake or Intake()
            told.tell_intake(store, _intake(form, before), form.answers, at_s=at_s)

        return await kept(tell)

    @routes.post("/day")
    async def day(form: DayForm) -> dict[str, Any]:
        """Keep how the back is today, and decide by it; with nothing told the day is opened."""
        apart = None if form.apart is None else tuple(sorted(set(form.apart)))
        said = told.DaySaid(form.pain, form.change, form.activity_lost, form.answers, apart)
        return await kept(lambda store, at_s: told.tell_day(store, said, at_s=at_s))

    @routes.post("/flare")
    async def flare() -> dict[str, Any]:
        """It is clearly worse: the safety questions come before anything else."""
        return await kept(lambda store, at_s: told.tell_flare(store, at_s=at_s))

    @routes.post("/looked")
    async def looked(form: LookedForm) -> dict[str, Any]:
        """Somebody has looked since the plan was held."""
        return await kept(lambda store, at_s: told.tell_looked(store, form.who, at_s=at_s))

    @routes.post("/wish")
    async def wish(form: WishForm) -> dict[str, Any]:
        """Rather this exercise, or without it."""
        return await kept(
            lambda store, at_s: told.wish(store, form.exercise_id, form.wish, at_s=at_s)
        )


def _intake(form: IntakeForm, before: Intake) -> Intake:
    """What was wished of single exercises stays."""
    return Intake(
        usual_nrs=form.usual_nrs,
        where=form.where,
        movement=form.movement,
        activity=form.activity,
        minutes_a_day=form.minutes_a_day,
        at_hand=None if form.at_hand is None else tuple(sorted(set(form.at_hand))),
        kneel=form.kneel,
        floor=form.floor,
        tight=tuple(dict.fromkeys(Tight(t.place, t.side) for t in form.tight)),
        places=tuple(sorted(set(form.places))),
        liked=before.liked,
        left_out=before.left_out,
    )
