"""Routes of a person's own ladder of steps, and of the breaks of their working day."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.ladder import Tried
from lengthwise.contracts.workday import Pause, WorkdayTold
from lengthwise.live import apart
from lengthwise.web.house import House, plain
from lengthwise.web.leading import end_who_may_not_be_led
from lengthwise.web.plan_forms import LadderForm, TriedForm, WorkdayForm


def steps_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api")

    def asked(use_case: str, *more: Any) -> dict[str, Any]:
        home, profile = house.settings.home, house.settings.profile
        return plain(apart.call(use_case, home, profile, *more, opened=house.folder))

    def told(use_case: str, what: Any) -> dict[str, Any]:
        with house.folding:
            return asked(use_case, what)

    @routes.get("/ladder")
    def ladder() -> dict[str, Any]:
        """What is offered next and why, or ladders to choose from."""
        return asked(apart.LADDER)

    @routes.post("/ladder")
    def choose(form: LadderForm) -> dict[str, Any]:
        """Begin a ladder."""
        return told(apart.LADDER_CHOSEN, form.ladder)

    @routes.post("/ladder/tried")
    async def tried(form: TriedForm) -> dict[str, Any]:
        """One step that was done today, what was expected and how it was."""
        what = Tried(
            on=date.today(),
            rung=form.rung,
            expected=form.expected,
            actual=form.actual,
            confidence=form.confidence,
            stopped=form.stopped,
        )
        try:
            return await run_in_threadpool(told, apart.LADDER_TRIED, what)
        finally:
            await end_who_may_not_be_led(house)

    @routes.get("/workday")
    def breaks() -> dict[str, Any]:
        """The breaks of the day that was told; `told` null: none was."""
        return asked(apart.BREAKS)

    @routes.post("/workday")
    def day(form: WorkdayForm) -> dict[str, Any]:
        """Keep a usual working day, and spread short breaks over it."""
        return told(apart.WORKDAY_TOLD, _day(form))

    return routes


def _day(form: WorkdayForm) -> WorkdayTold:
    lunch = form.lunch_at_min
    if form.from_min >= form.until_min:
        begins, ends = (f"{m // 60:02d}:{m % 60:02d}" for m in (form.from_min, form.until_min))
        raise InputError(
            "end of work",
            value=ends,
            allowed=f"later than its beginning at {begins}",
            remedy="correct one of the two",
        ).coded("end_of_work", ends=ends, begins=begins)
    return WorkdayTold(
        from_min=form.from_min,
        until_min=form.until_min,
        desk=form.desk,
        pauses=() if lunch is None else (Pause(lunch, form.lunch_min),),
        minutes_each=form.minutes_each,
        most=form.most,
        stands=form.stands,
        sitting_h=form.sitting_h,
    )
