"""`lengthwise safety`: how somebody stands with the safety questions, and whose number is said."""

import argparse
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.live.guided import Standing
    from lengthwise.live.safety_questions import AskedNow


def add_safety(commands: "Commands") -> None:
    c = commands.add_parser(
        "safety",
        help="safety questions: what is to be answered now, what answers mean, emergency number",
        description="They are answered on the page (`lengthwise serve`). Here is shown what is due "
        "and what is open, and the country is chosen whose emergency number is said: it is never "
        "guessed. Exit code 3: nothing may be led now.",
    )
    c.add_argument("--profile", metavar="NAME", help="how that person stands")
    c.add_argument("--country", metavar="CC", help="two letters, such as GB; none takes it back")
    add_json(c)
    c.set_defaults(run=_safety)


def _safety(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.contracts.home import data_home
    from lengthwise.live.safety_questions import choose_region, chosen_region, what_now

    home = data_home()
    if o.country is not None:
        choose_region(home, None if o.country.lower() == "none" else o.country.upper())
    if o.profile is not None:
        return _standing(o)
    if o.json:
        print_json({"country": chosen_region(home), "told": what_now(home)})
        return 0
    print(f"country: {chosen_region(home) or 'not chosen, so no number is said'}")
    for outcome, told in what_now(home).items():
        print(f"{outcome}: {told.now} {told.next}")
    return 0


def _standing(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.contracts.home import data_home
    from lengthwise.live import guided
    from lengthwise.live.safety_questions import asked_now
    from lengthwise.record.store import ProfileStore

    with ProfileStore.open_known(data_home(), o.profile) as store:
        found, asked = guided.standing(store), asked_now(store, data_home())
    code = 0 if found.refusal is None else 3
    if o.json:
        print_json({"standing": found, "asked": asked})
        return code
    if found.refusal is None:
        print("May be led; the questions count.")
    else:
        print(said_now(found, asked))
        for question in asked.question:
            print(f"  {question.text}")
    return code


def said_now(found: "Standing", asked: "AskedNow") -> str:
    """What is said first to somebody who may not be led now."""
    outcome = "unanswered" if found.result is None else found.result.outcome.value
    told = asked.told.get(outcome, asked.told["unanswered"])
    return f"{told.now} {told.next}"
