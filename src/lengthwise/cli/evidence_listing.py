"""Claims, constants and what they rest on, printed."""

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import msgspec

from lengthwise.cli.listings import print_json, table
from lengthwise.cli.screen import Screen
from lengthwise.contracts.errors import InputError
from lengthwise.live.constant_edits import constant_now, edit_words
from lengthwise.reference.constants import Constant, constants
from lengthwise.reference.constants import Status as ConstantStatus
from lengthwise.reference.evidence import EvidenceEntry, EvidenceStatus, evidence
from lengthwise.reference.leaning import all_constants, areas, leaning_on
from lengthwise.report.words import first_upper

FOUNDED = {
    EvidenceStatus.VERIFIED: "a published source says so, and was read",
    EvidenceStatus.UNVERIFIED: "to be checked; nothing is decided by it",
    EvidenceStatus.NOT_FOUND: "looked for, and no publication says so; nothing leans on it",
    EvidenceStatus.CONTRADICTED: "publications say otherwise; nothing leans on it",
    EvidenceStatus.EXPERT_DEFAULT: "an expert's choice without a trial; can be changed",
}
"""How well founded a claim is, in plain words."""

WAYS = {"lower": "lower only", "higher": "higher only"}

_MEASURED = {
    ConstantStatus.PUBLISHED: "a published figure",
    ConstantStatus.MEASURED: "measured by us",
    ConstantStatus.EXPERT_DEFAULT: "an expert's choice without a trial; can be changed",
}


def listed(*, status: str | None, due: bool, as_json: bool) -> int:
    today = date.today()
    chosen = {
        entry_id: e
        for entry_id, e in evidence().items()
        if status in (None, e.status) and (not due or e.due(today))
    }
    if as_json:
        print_json(chosen)
        return 0
    if not chosen:
        print("no claim of this kind")
        return 0
    rows = table("id", "status", "certainty", "claim")
    rows.columns[0].no_wrap = True  # it is typed as it stands
    for entry_id, e in chosen.items():
        rows.add_row(entry_id, e.status.value, e.certainty.value, e.claim)
    Screen().print(rows)
    print("More of one: lengthwise evidence ID")
    return 0


def explained(name: str, *, as_json: bool) -> int:
    if name in evidence():
        return _claim(name, as_json=as_json)
    if name in all_constants():
        return _constant(name, as_json=as_json)
    if name in areas():
        return _area(name, as_json=as_json)
    known = [*evidence(), *areas(), *all_constants()]
    near = get_close_matches(name, known, n=3)
    raise InputError(
        "evidence",
        value=name,
        allowed="the id of a claim, or of a constant by area and name",
        remedy=f"perhaps {' or '.join(near)}" if near else "list them: lengthwise evidence",
    )


def _claim(entry_id: str, *, as_json: bool) -> int:
    e = evidence()[entry_id]
    led, decided = leaning_on(entry_id)
    if as_json:
        print_json({"entry": e, "exercises": led, "constants": decided})
        return 0
    print(e.claim)
    for line in _facts(e):
        print(f"  {line}")
    if led:
        print(f"  Exercises that lean on it: {', '.join(led)}")
    if decided:
        print(f"  Constants that lean on it: {', '.join(decided)}")
    if not led and not decided:
        print("  Nothing leans on it.")
    return 0


def _facts(e: EvidenceEntry) -> Iterator[str]:
    yield f"{first_upper(e.status.value)}: {FOUNDED[e.status]}"
    yield f"Source: {e.source}{f' (doi:{e.doi})' if e.doi else ''}"
    for title, text in (("Of whom", e.population), ("Effect", e.effect)):
        if text:
            yield f"{title}: {text}"
    yield f"Certainty (our grading): {e.certainty}"
    if e.asserted:
        yield f"Said by: {e.asserted}"
    if e.note:
        yield f"Note: {e.note}"
    yield f"Looked at on {e.reviewed}"


def _constant(name: str, *, as_json: bool) -> int:
    c, now = all_constants()[name], constant_now(name)
    if as_json:
        told = msgspec.to_builtins(c)
        print_json(told | {"holds": now.value, "way": now.way, "changes": now.history})
        return 0
    holds = msgspec.structs.replace(c, value=now.value)
    ships = "" if now.edit is None else f" (ships as {c.value:g})"
    print(f"{name} = {_amount(holds)}{ships}; sensible from {c.low:g} to {c.high:g}")
    for edit in now.history:
        print(f"  Changed: {edit_words(edit)}")
    if now.edit is not None:
        print("  Holds here: an expert's choice as changed")
    if now.way is None:
        print(
            "  Cannot be changed here: it belongs to the envelope, the body or a compiled kernel."
        )
    else:
        print(f"  Can be changed here: {WAYS.get(str(now.way), 'either way')}")
    print(f"  {first_upper(c.status.value)}: {_MEASURED[c.status]}")
    print(f"  Source: {c.source}")
    if c.note:
        print(f"  Note: {c.note}")
    for entry_id in c.evidence:
        print(f"  Rests on: {evidence()[entry_id].claim} ({entry_id})")
    return 0


def _area(area: str, *, as_json: bool) -> int:
    found = constants(area)
    if as_json:
        print_json(found)
        return 0
    rows = table("constant", "value", "status", "source")
    rows.columns[0].no_wrap = True  # it is typed as it stands
    for name, c in found.items():
        rows.add_row(f"{area}.{name}", _amount(c), c.status.value, c.source)
    Screen().print(rows)
    return 0


def _amount(c: Constant) -> str:
    return f"{c.value:g}" if c.unit == "1" else f"{c.value:g} {c.unit}"


def written(path: Path) -> int:
    path.write_text(page(), encoding="utf-8")
    print(f"written: {path}")
    return 0


def page() -> str:
    """All claims in Markdown, those that nothing may lean on last."""
    lines = [
        "# What the product leans on, and what it does not",
        "",
        "Written by `lengthwise evidence --write docs/evidence.md`. Certainty is our own grading: "
        "moderate (reviews of many trials agree), low (one trial, or reviews of unlike trials), "
        "very low (other people or tasks than ours, or an abstract alone), none (no source). "
        "`lengthwise evidence ID` also says which exercises and constants lean on a claim.",
    ]
    for status in EvidenceStatus:
        lines += ["", f"## {first_upper(status.value)}: {FOUNDED[status]}", ""]
        lines += ["| claim | source | of whom; effect | certainty |", "|---|---|---|---|"]
        lines += [_row(entry_id, e) for entry_id, e in evidence().items() if e.status is status]
    return "\n".join(lines) + "\n"


def _row(entry_id: str, e: EvidenceEntry) -> str:
    said = f" Said by: {e.asserted}." if e.asserted else ""
    note = f" {e.note}" if e.note else ""
    whom = "; ".join(filter(None, (e.population, e.effect)))
    return f"| {e.claim} (`{entry_id}`){said} | {e.source}{note} | {whom} | {e.certainty} |"
