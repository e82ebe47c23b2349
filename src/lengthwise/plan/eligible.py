"""Which exercises a person may be given, and by which rule each other one is left out.

What was not asked bars like a yes. Only a clinician's word lifts a bar, and none of screening.
"""

from collections.abc import Iterable
from enum import StrEnum

from msgspec.structs import replace

from lengthwise.contracts.care import Care, Course, Nerve
from lengthwise.contracts.week import WeekAsked
from lengthwise.reference.constants import constant
from lengthwise.reference.effort import ACUTE_EFFORT, named_rules, too_much_later
from lengthwise.reference.exercise_parts import LENGTHENING, TRAINING, ExerciseKind
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.rules import rules

_MUCH_PAIN_NRS = constant("coach", "pain_no_stretch_nrs")
_CALM = frozenset({ExerciseKind.BREATHING, ExerciseKind.REST_POSITION, ExerciseKind.WALKING})
"""What is left with much pain (rule D)."""


_SCREENED = frozenset(rule for rule in rules() if rule.startswith(("S.", "K.", "N.")))
"""What safety questions and tests raise: all of it, where nobody has asked them."""


class LeftOut(StrEnum):
    """Reasons beside the rules that an exercise names."""

    LEVEL = "level"
    CLINICIAN = "clinician"
    WISH = "wish"
    MUCH_PAIN = "D.much_pain"
    IRRITABLE = "K.irritable"
    FLARE = "F.flare_training"
    EFFORT = "D.much_effort"


def bars(asked: WeekAsked) -> frozenset[str]:
    """Ids of `rules.toml` that hold for this person."""
    care, found = asked.care, set(_SCREENED if asked.barred is None else asked.barred)
    if care.course in (None, Course.ACUTE):
        found |= {"P.acute_end_range", "P.acute_side_bridge", "P.acute_loaded", ACUTE_EFFORT}
    if care.flare in (None, True):
        found |= {"F.flare_end_range", "F.flare_loaded"}
    if care.hypermobile in (None, True):
        found.add("S.hypermobile_end_range")
    if care.osteoporotic in (None, True):
        found.add("S.osteoporosis_end_range_flexion")
    if care.pregnant in (None, True):
        found |= {"S.pregnancy_prone", "S.pregnancy_prolonged_supine", "S.pregnancy_not_cleared"}
    if asked.kneel is not True:
        found.add("S.cannot_kneel")
    if asked.floor is not True:
        found.add("S.cannot_get_down_to_floor")
    lifted = set(asked.clinician.lifted) if asked.clinician else set()
    return frozenset((found | _of_nerves(care)) - lifted)


def raised(care: Care) -> frozenset[str]:
    """Those of `bars` that an answer has raised; what was not asked raises none."""
    clear = Care(
        baseline_nrs=0.0,
        course=Course.CHRONIC,
        neural_signs=(),
        flare=False,
        irritable=False,
        hypermobile=False,
        osteoporotic=False,
        pregnant=False,
    )
    told = {f: v for f in Care.__struct_fields__ if (v := getattr(care, f)) is not None}
    asked = WeekAsked(level=0, care=replace(clear, **told), barred=(), kneel=True, floor=True)
    return bars(asked)


def not_told(reason: str, asked: WeekAsked) -> bool:
    """Whether it bars only because it was not asked, and nothing is taken for fine."""
    if reason in ("S.cannot_kneel", "S.cannot_get_down_to_floor"):
        return False
    if reason == LeftOut.MUCH_PAIN:
        return asked.care.baseline_nrs is None
    if reason == LeftOut.IRRITABLE:
        return asked.care.irritable is None
    if reason == LeftOut.FLARE:
        return asked.care.flare is None
    told = raised(asked.care) | set(asked.barred or ())
    return reason.startswith(("P.", "F.", "S.", "N.")) and reason not in told


def as_screened(care: Care, barred: frozenset[str]) -> Care:
    """The care with what the safety questions raised. An older answer that says otherwise gives
    way: of two answers the one that bars counts."""
    return replace(
        care,
        osteoporotic=True if "S.osteoporosis_end_range_flexion" in barred else care.osteoporotic,
        hypermobile=True if "S.hypermobile_end_range" in barred else care.hypermobile,
        pregnant=True if "S.pregnancy_not_cleared" in barred else care.pregnant,
    )


def _of_nerves(care: Care) -> set[str]:
    if care.neural_signs is None:
        return {"N.sciatic_symptoms", "N.femoral_symptoms"}
    nerves = {sign.nerve for sign in care.neural_signs}
    of = {Nerve.SCIATIC: "N.sciatic_symptoms", Nerve.FEMORAL: "N.femoral_symptoms"}
    return {of[nerve] for nerve in nerves}


def left_out(e: Exercise, asked: WeekAsked, holding: frozenset[str]) -> tuple[str, ...]:
    """Why it may not be given, all reasons; empty: it may. `holding`: of `bars`."""
    found = [rule for rule in named_rules(e) if rule in holding]
    if much_pain(asked.care) and e.kind not in _CALM:
        found.append(LeftOut.MUCH_PAIN)
    if "F.flare_loaded" in holding and e.kind in TRAINING:
        found.append(LeftOut.FLARE)
    if asked.care.irritable in (None, True) and e.kind in LENGTHENING:
        found.append(LeftOut.IRRITABLE)
    if too_much_later(e):
        found.append(LeftOut.EFFORT)
    clinician = asked.clinician
    if clinician is not None and e.id in clinician.left_out:
        found.append(LeftOut.CLINICIAN)
    if min(e.levels) > _level(asked):
        found.append(LeftOut.LEVEL)
    if e.id in asked.left_out:
        found.append(LeftOut.WISH)
    return tuple(str(reason) for reason in found)


def left_out_by(asked: WeekAsked, known: Iterable[Exercise]) -> frozenset[str]:
    """Whose word beside the rules of `bars` changed what may be given: a clinician's, the person's,
    or what pain leaves (rules D and K). The level says nothing of anybody's word."""
    known, holding = list(known), bars(asked)
    found = {reason for e in known for reason in left_out(e, asked, holding)}
    by = found & (set(LeftOut) - {LeftOut.LEVEL})
    alone = replace(asked, clinician=None)
    if _level(asked) < asked.level or holding != bars(alone):
        by.add(LeftOut.CLINICIAN)
    return frozenset(map(str, by))


def much_pain(care: Care) -> bool:
    """Whether only breathing, comfortable positions and walking are left (rule D); also where pain
    was not told."""
    return care.baseline_nrs is None or care.baseline_nrs >= _MUCH_PAIN_NRS


def _level(asked: WeekAsked) -> int:
    most = None if asked.clinician is None else asked.clinician.level_most
    return asked.level if most is None else min(asked.level, most)


def eligible(asked: WeekAsked, known: Iterable[Exercise]) -> tuple[Exercise, ...]:
    """Those that may be given, by id."""
    holding = bars(asked)
    return tuple(sorted((e for e in known if not left_out(e, asked, holding)), key=lambda e: e.id))
