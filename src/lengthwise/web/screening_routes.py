"""Routes of the safety questions, and of the country whose emergency number is said."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool

from lengthwise.live import guided, safety_questions
from lengthwise.reference.emergency_numbers import regions
from lengthwise.web.forms import Answers, Country
from lengthwise.web.house import House, plain
from lengthwise.web.leading import end_who_may_not_be_led

Language = Annotated[str, Query(pattern=r"^[a-z]{2}$")]


def screening_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api")

    @routes.get("/screening")
    def questions(language: Language = "en") -> dict[str, Any]:
        """The questions that are to be answered now, and how the person stands with them. Their
        words are of `asked.language`, which is another one than was asked for until somebody has
        reviewed those."""
        with house.store() as store:
            asked = safety_questions.asked_now(store, house.settings.home, language=language)
            standing = guided.standing(store)
        raised = () if standing.result is None else standing.result.raised
        said = safety_questions.what_raised(raised, language=language)
        return {
            "asked": plain(asked),
            "standing": plain(standing),
            "raised": [plain(each) for each in said],
        }

    @routes.post("/screening")
    async def answer(form: Answers) -> dict[str, Any]:
        """Keep the answers, and say how the person stands now. Who may not be led any more is not:
        a session that is going on ends."""
        found = await run_in_threadpool(_kept, house, form)
        await end_who_may_not_be_led(house)
        return {"standing": plain(found)}

    @routes.get("/regions")
    def countries() -> dict[str, Any]:
        """Countries whose emergency number is kept here, by two letters; the one that was chosen,
        null where nobody chose one."""
        names = {code: found.name for code, found in regions().items()}
        chosen = safety_questions.chosen_region(house.settings.home)
        return {"regions": names, "chosen": chosen}

    @routes.post("/region")
    def choose(form: Country) -> dict[str, Any]:
        """Keep the country that was chosen, or none; what is said by outcome with its number."""
        safety_questions.choose_region(house.settings.home, form.region)
        told = safety_questions.what_now(house.settings.home)
        return {"region": form.region, "told": {k: plain(v) for k, v in told.items()}}

    return routes


def _kept(house: House, form: Answers) -> guided.Standing:
    with house.store() as store:
        return guided.answer(
            store, dict(form.answers), version=form.version, language=form.language
        )
