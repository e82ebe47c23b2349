"""Routes of the tests: which to do and why, what came of one, and what somebody typed."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Path
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool

from lengthwise.contracts.assessment import TestResult
from lengthwise.contracts.person import Measure, MeasureName
from lengthwise.live import own_plan_told as told
from lengthwise.live.session_name import now_utc
from lengthwise.live.sessions_told import day_of
from lengthwise.live.test_results_shown import taken_shown
from lengthwise.live.tests_shown import SensorsAtHand, tests_shown
from lengthwise.plan.assessment import check_plausible
from lengthwise.record.store import ProfileStore
from lengthwise.reference.assessments import Unit
from lengthwise.reference.constants import constant
from lengthwise.web.house import House, plain
from lengthwise.web.leading import end_who_may_not_be_led
from lengthwise.web.phone_desk import State
from lengthwise.web.plan_forms import ResultForm, TakeBackForm, WhoForm
from lengthwise.web.refused import Refused

SessionId = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,60}$")]
_WORN = (State.CONNECTED, State.SILENT)


def assess_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api/tests")

    def shown(at_hand: SensorsAtHand) -> dict[str, Any]:
        with house.store() as store:
            return plain(tests_shown(store, at_hand, at_s=time.time()))

    async def now() -> dict[str, Any]:
        return await run_in_threadpool(shown, _at_hand(house))

    async def kept(tell: told.Tell) -> dict[str, Any]:
        """Whoever may not be led any more is not, also where it could not be kept whole."""

        def telling() -> None:
            with house.folding, house.store() as store:
                tell(store, time.time())

        try:
            await run_in_threadpool(telling)
        finally:
            await end_who_may_not_be_led(house)
        return await now()

    @routes.get("")
    async def tests() -> dict[str, Any]:
        """The tests of now: what each closes, what it needs, and what has been found."""
        return await now()

    @routes.post("/typed")
    async def typed(form: ResultForm) -> dict[str, Any]:
        """Keep a result that somebody measured by hand, or correct one."""
        return await kept(
            lambda store, at_s: told.tell_results(
                store, (_result(form),), at_s=at_s, replaces=form.replaces
            )
        )

    @routes.post("/taken-back")
    async def taken_back(form: TakeBackForm) -> dict[str, Any]:
        """A result that was wrong counts no more; it stays where it was kept."""
        return await kept(lambda store, at_s: told.take_back(store, form.place, at_s=at_s))

    @routes.post("/who")
    async def who(form: WhoForm) -> dict[str, Any]:
        """Keep age and sex, which norms go by."""
        return await kept(lambda store, _: _keep_who(store, form))

    @routes.post("/{session_id}/taken")
    async def taken(session_id: SessionId) -> dict[str, Any]:
        """What the session of a test came to, taken over into the plan."""
        await kept(lambda store, at_s: told.settle(store, at_s=at_s))

        def of_session() -> dict[str, Any]:
            with house.store() as store:
                found = taken_shown(store, session_id, at_s=time.time())
            if found is None:
                raise Refused(404, "test_not_kept")
            return plain(found)

        return await run_in_threadpool(of_session)

    return routes


def _at_hand(house: House) -> SensorsAtHand:
    sensors = [d for d in house.devices.seen().devices if d.segment is not None]
    heard = frozenset(d.segment for d in sensors if d.segment and d.heard)
    return SensorsAtHand(
        phone=house.phone.seen().state in _WORN,
        worn=heard,
        named=frozenset(d.segment for d in sensors if d.segment) - heard,
    )


def _result(form: ResultForm) -> TestResult:
    """What it is off by is that of a result taken by hand. Raises InputError on a test that is not
    known, and a value that no person has."""
    seconds = check_plausible(form.test, form.value).unit is Unit.S
    return TestResult(
        test=form.test,
        day=day_of(time.time()),
        value_deg=None if seconds else form.value,
        sd_deg=None if seconds else constant("own_plan", "told_sd_deg"),
        side=form.side,
        controlled=form.controlled,
        symptom=form.symptom,
        value_s=form.value if seconds else None,
        sd_s=constant("own_plan", "told_sd_s") if seconds else None,
    )


def _keep_who(store: ProfileStore, form: WhoForm) -> None:
    person = store.person()
    if form.age_years is not None:
        sd = constant("calibration", "stated_age_sd_years")
        age = Measure(MeasureName.AGE, form.age_years, sd, now_utc())
        person = person.with_measures((age,))
    if form.sex is not None:
        person = replace(person, sex=form.sex)
    store.save_person(person)
