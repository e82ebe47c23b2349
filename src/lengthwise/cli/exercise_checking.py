"""What is to be put right in exercise files, and what a body says of them."""

from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.listings import print_json
from lengthwise.cli.screen import Screen
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercise_check import Finding
from lengthwise.reference.exercise_files import CheckedFile, checked_files
from lengthwise.reference.exercises import Exercise, exercise, exercises
from lengthwise.reference.translation_check import check_translation, coverage
from lengthwise.reference.translations import translation
from lengthwise.report.words import coordinate_name, muscle_name

if TYPE_CHECKING:
    from lengthwise.contracts.effect import ExerciseEffect, GroupEffect


def checked(given: list[Path], *, effects: bool, as_json: bool) -> int:
    """One line for each finding; exit code 2 when there is one."""
    found = checked_files(given)
    lines = [(c.name, f) for c in found for f in (*c.findings, *_of_body(c, asked=effects))]
    if as_json:
        print_json([{"file": name, "where": f.where, "what": f.what} for name, f in lines])
    else:
        for name, f in lines:
            print(f"{name}: {f.where}: {f.what}")
        if not lines:
            print(f"{len(found)} exercise files in order")
    return 2 if lines else 0


def translated(language: str, *, as_json: bool) -> int:
    """How much is translated, and one line for each finding; exit code 2 when there is one."""
    to = translation(language)
    if to is None:
        return 0
    found, covered = check_translation(to), coverage(to)
    if as_json:
        print_json({"coverage": covered, "findings": found})
        return 2 if found else 0
    print(
        f"{covered.name}: {covered.cues_translated} of {covered.cues} cues, "
        f"{covered.reasons_translated} of {covered.reasons} spoken reasons"
    )
    print(f"whole exercises ({len(covered.whole)}): {', '.join(covered.whole)}")
    if covered.safety_barred:
        print(
            f"said in English until reviewed ({len(covered.safety_barred)}): "
            f"{', '.join(covered.safety_barred)}; fingerprint {covered.safety_fingerprint}"
        )
    print(f"said in English for want of a translation ({len(covered.untranslated)}):")
    for text in covered.untranslated:
        print(f"    {text}")
    for f in found:
        print(f"{language}.toml: {f.where}: {f.what}")
    return 2 if found else 0


def _of_body(c: CheckedFile, *, asked: bool) -> list[Finding]:
    if c.exercise is None or c.findings or not asked:
        return []
    from lengthwise.live.exercise_effects import effects_of
    from lengthwise.tissue.effects import check_effect

    (effect,) = effects_of([c.exercise])
    return check_effect(c.exercise, effect)


def effects(name: str | None, *, side: str, height_m: float | None, as_json: bool) -> int:
    from lengthwise.live.exercise_effects import effects_of

    chosen = list(exercises().values()) if name is None else [_named(name)]
    found = effects_of(chosen, side=Side(side), height_m=height_m)
    if as_json:
        print_json(found)
        return 0
    console = Screen(highlight=False)
    for effect in found:
        console.print(f"[bold]{effect.exercise_id}[/]", soft_wrap=True)
        for line in _lines(effect):
            console.print(f"    {line}", soft_wrap=True, markup=False)
    console.print(
        "Gains in range fraction of this body, from start to end. Load: highest, standing is 1.\n"
        "Strain of the nerves: highest; it adds caution and never clears.",
        soft_wrap=True,
    )
    return 0


def _named(name: str) -> Exercise:
    path = Path(name)
    if not (path.suffix or path.exists()):
        return exercise(name)
    (found,) = checked_files([path])
    if found.exercise is None:
        raise InputError(
            name,
            value=found.findings[0].what,
            allowed="an exercise file",
            remedy="see docs/exercise-guide.md",
        )
    return found.exercise


def _lines(effect: "ExerciseEffect") -> list[str]:
    targets = "; ".join(f"{_gain(g)}, number {g.rank}" for g in effect.targets)
    most = "; ".join(_gain(g) for g in effect.by_gain[:3] if g.gain >= 0.005)
    numbers = {"line": effect.line_alignment, "share": effect.selectivity}
    found = [
        targets and f"lengthens {targets}",
        most and f"gains most: {most}",
        ", ".join(f"{name} {n:.2f}" for name, n in numbers.items() if n is not None),
    ]
    l4l5, l5s1 = effect.load_l4l5, effect.load_l5s1
    if l4l5 is not None and l5s1 is not None:
        found.append(f"load L4-L5 {_band(l4l5)}, L5-S1 {_band(l5s1)}")
    strains = f"sciatic {effect.sciatic.mean:.1%}, femoral {effect.femoral.mean:.1%}"
    carried = [c for c in effect.compensations if c.position > 0.0]
    towards = "; ".join(f"{coordinate_name(c.coordinate)} {c.position:.2f}" for c in carried)
    left = towards and f"two tolerances at the first pull carry a target to: {towards}"
    return [text for text in (*found, strains, left) if text]


def _gain(g: "GroupEffect") -> str:
    return f"{muscle_name(g.group, g.side)} {g.gain:+.2f}"


def _band(e: Estimate) -> str:
    return f"{e.mean:.1f} ± {e.sd:.1f}"
