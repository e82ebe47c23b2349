"""`lengthwise plan questionnaire`: what can be asked, its words, and what a series comes to."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.plan.trajectory import Trajectory
    from lengthwise.reference.questionnaires import Questionnaire


def add_questionnaire(inner: "Commands") -> None:
    c = inner.add_parser(
        "questionnaire",
        help="questionnaires: which there are, their words, and whether a change is one",
        description="Without more it lists them. With an id: its words, where they may be shown, "
        "and what a change of it means. With a file: each day's score, and whether its change is "
        "beyond what a repeat differs by and beyond what matters to people.",
    )
    c.add_argument("what", nargs="?", metavar="ID|FILE", help="such as rmdq, or a JSON file")
    c.add_argument("--schema", action="store_true", help="the JSON Schema of such a file")
    add_json(c)
    c.set_defaults(run=_questionnaire)


def _questionnaire(o: argparse.Namespace) -> int:
    import msgspec

    from lengthwise.cli.listings import print_json
    from lengthwise.contracts.questionnaire import QuestionnaireTold
    from lengthwise.live.questionnaire_file import known_questionnaire, trajectory_from
    from lengthwise.reference.questionnaires import questionnaires

    if o.schema:
        print_json(msgspec.json.schema(QuestionnaireTold))
        return 0
    if o.what is None:
        return _listed(questionnaires(), as_json=o.json)
    if o.what in questionnaires() or not ("." in o.what or Path(o.what).exists()):
        return _shown(known_questionnaire(o.what), as_json=o.json)
    found = trajectory_from(Path(o.what))
    if o.json:
        print_json(found)
        return 0
    return _told(found)


def _listed(known: "dict[str, Questionnaire]", *, as_json: bool) -> int:
    from lengthwise.cli.listings import print_json, table
    from lengthwise.cli.screen import Screen

    if as_json:
        print_json(known)
        return 0
    rows = table("id", "name", "items", "words", "matters from")
    rows.columns[0].no_wrap = True  # it is typed as it stands
    for name, q in known.items():
        words = "shown" if q.text else "scored only"
        rows.add_row(name, q.name, str(q.items), words, _matters(q))
    Screen(highlight=False).print(rows)
    return 0


def _matters(q: "Questionnaire") -> str:
    said = [] if q.important_change is None else [f"{q.important_change:g}"]
    said += [] if q.important_share is None else [f"{q.important_share:.0%}"]
    return " or ".join(said)


def _shown(q: "Questionnaire", *, as_json: bool) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.plan.trajectory import detectable

    if as_json:
        print_json(q)
        return 0
    print(f"{q.name}: {q.items} items, each from {q.least} to {q.most}; higher is {q.higher.value}")
    for line in (q.intro, *(f"{n}. {text}" for n, text in enumerate(q.text, start=1))):
        if line:
            print(f"  {line}")
    for number, option in enumerate(q.options, start=q.least):
        print(f"  {number}: {option}")
    print(f"Licence: {q.licence}")
    print(f"Source: {q.source}")
    least = detectable(q)
    if least is not None:
        print(f"A repeat differs by less than {least:.1f} in 95 of 100 cases: {q.sem_source}")
    if _matters(q):
        print(f"A change matters to people from {_matters(q)}")
    return 0


def _told(found: "Trajectory") -> int:
    from lengthwise.cli.listings import table
    from lengthwise.cli.screen import Screen
    from lengthwise.reference.questionnaires import questionnaires
    from lengthwise.report.questionnaire_words import verdict

    print(found.name)
    rows = table("day", "score", "sd", "change", "what it says")
    for p in found.points:
        rows.add_row(str(p.day), *(_number(n) for n in (p.value, p.sd, p.changed)), verdict(p))
    Screen(highlight=False).print(rows)
    if found.detectable is not None:
        print(f"A repeat alone differs by less than {found.detectable:.1f} in 95 of 100 cases.")
    if found.important is not None:
        print(f"What matters to people begins at {found.important:.1f}.")
    if found.points and found.points[-1].closer_look:
        print(questionnaires()[found.questionnaire].closer_look)
    return 0


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
