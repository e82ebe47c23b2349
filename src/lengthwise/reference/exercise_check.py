"""What is to be put right in an exercise: parts that do not fit, and rules that its angles ask for.

The type refuses what makes no sense at all; here stands what can be told of a file without a body.
What needs one (does it lengthen what it names?) stands in `tissue.effects`.
Rules of safety that its angles ask for: `exercise_rules`.
"""

import re
from math import degrees, isfinite
from string import Formatter

import msgspec
from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.observation import Posture, Segment
from lengthwise.reference.evidence import EvidenceStatus, evidence
from lengthwise.reference.exercise_parts import (
    POSTURES_AT,
    SHORT_WORDS,
    Behaviour,
    Effort,
    ExerciseKind,
)
from lengthwise.reference.exercise_rules import required_rules, whole_deg, words_of_load
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.joint_limits import joint_limits_rad
from lengthwise.reference.rules import rules
from lengthwise.reference.words import alarming_words

AGAINST_GRAVITY = frozenset(
    {
        Coordinate.PELVIS_TILT,
        Coordinate.PELVIS_OBLIQUITY,
        Coordinate.PELVIS_ROTATION,
        Coordinate.TRUNK_FLEXION,
        Coordinate.TRUNK_SIDE_LEAN,
    }
)
"""Attitudes in the room: lying and kneeling they have values outside any joint's range."""

LONGEST_CUE = 60
"""Letters of a phrase that is heard once, lying on the floor."""
TOLERANCE_DEG = (3.0, 30.0)
"""Less cannot be told from the doubt of a sensor; more is no longer a thing that is kept."""
_TURNS = frozenset(c for c in Coordinate if "rotation" in c.value)
_BENDS = frozenset(c for c in Coordinate if "flexion" in c.value) | {Coordinate.PELVIS_TILT}
_CLAIMS = re.compile(
    r"\b(?:cures?|heals?|fixe?s?|relieves?|removes?|prevents?|pain)\b", re.IGNORECASE
)
"""Words by which a summary would promise what no exercise can."""
_LEVELS_OF: dict[ExerciseKind, frozenset[int]] = {
    ExerciseKind.STATIC_STRETCH: frozenset({1, 2, 3}),
    ExerciseKind.LOADED_TASK: frozenset({4, 5}),
    ExerciseKind.ECCENTRIC_LENGTHENING: frozenset({3, 4, 5}),
}
"""Levels at which a kind may be used, where rule G says so; other kinds at any."""


class Finding(Struct, frozen=True):
    """One thing to put right: `where` in the file, `what` is found and asked for."""

    where: str
    what: str


def check_exercise(e: Exercise, known_ids: frozenset[str] | None = None) -> list[Finding]:
    """Everything found, in the order of the file; empty when it is in order.

    `known_ids`: ids that `variant_of` may name; None: not asked.
    """
    endless = _not_finite("", msgspec.to_builtins(e))
    if endless:
        return endless
    left = e.for_side(Side.LEFT)
    return [
        *_identity(left, known_ids),
        *_angles(left),
        *_agreement(left),
        *_observe(left),
        *_words(left),
        *_rules(left),
    ]


def _not_finite(where: str, value: object) -> list[Finding]:
    """TOML knows nan and inf; neither is an angle or a time."""
    if isinstance(value, dict):
        parts = [(f"{where}.{key}", v) for key, v in value.items()]
    elif isinstance(value, list | tuple):
        names = [v.get("coordinate", i) if isinstance(v, dict) else i for i, v in enumerate(value)]
        parts = [(f"{where}.{name}", v) for name, v in zip(names, value, strict=True)]
    else:
        endless = isinstance(value, float) and not isfinite(value)
        return [Finding(where[1:], f"{value} is not a number")] if endless else []
    return [f for name, part in parts for f in _not_finite(name, part)]


def _identity(e: Exercise, known_ids: frozenset[str] | None) -> list[Finding]:
    found = []
    if e.written_for is not Side.LEFT:
        found.append(Finding("written_for", "files are written for the left side"))
    others = None if known_ids is None else known_ids - {e.id}
    if others is not None and e.variant_of is not None and e.variant_of not in others:
        found.append(Finding("variant_of", f"{e.variant_of} is no other exercise"))
    if e.start_posture not in POSTURES_AT[e.place]:
        found.append(
            Finding("place", f"{e.place.value} does not go with start_posture {e.start_posture}")
        )
    if not e.levels or tuple(sorted(set(e.levels))) != e.levels:
        found.append(Finding("levels", "at least one, each once, rising"))
    if e.carries_load is not words_of_load(e):
        told = "tell" if words_of_load(e) else "do not tell"
        found.append(Finding("carries_load", f"its words {told} of a weight in the hands"))
    barred = [n for n in e.levels if n not in _LEVELS_OF.get(e.kind, frozenset(range(6)))]
    if barred:
        found.append(Finding("levels", f"{e.kind.value} is not used at level {barred[0]}"))
    for where, named, known in (
        ("contraindications", e.contraindications, rules()),
        ("evidence", cited(e), evidence()),
    ):
        found += [Finding(where, f"{i} is not listed in {_FILE[where]}") for i in named
                  if i not in known]  # fmt: skip
        if len(set(named)) != len(named):
            found.append(Finding(where, "one stands there twice"))
    found += [
        Finding("evidence", f"{i} is {evidence()[i].status}: nothing may lean on it")
        for i in cited(e)
        if i in evidence() and not evidence()[i].status.may_be_leant_on
    ]
    if not e.evidence:
        found.append(Finding("evidence", "names nothing; an expert default is an entry too"))
    return found


def cited(e: Exercise) -> tuple[str, ...]:
    """Ids of everything that it rests on, that of its effort with it."""
    effort = e.effort.evidence if e.effort is not None else ""
    return (*e.evidence, effort) if effort and effort not in e.evidence else e.evidence


_FILE = {"contraindications": "rules.toml", "evidence": "evidence.toml"}


def _angles(e: Exercise) -> list[Finding]:
    """Within the normal range of each joint; attitudes in the room have none."""
    limits, found = joint_limits_rad(), []
    written = [(f"start.{c.value}", c, v) for c, v in e.start.items()]
    for m in e.path:
        for part in ("start_deg", "end_deg", "other_end_deg"):
            value = getattr(m, part)
            if value is not None:
                written.append((f"path.{m.coordinate.value}.{part}", m.coordinate, value))
    for where, coordinate, angle_deg in written:
        low, high = (degrees(x) for x in limits[coordinate])
        if coordinate in AGAINST_GRAVITY:
            low, high = -180.0, 180.0
        if not low - 1e-6 <= angle_deg <= high + 1e-6:
            found.append(Finding(where, f"{angle_deg:g}; allowed: {low:.0f} to {high:.0f}"))
    return found


def _agreement(e: Exercise) -> list[Finding]:
    found = []
    moved = [m.coordinate for m in e.path]
    for m in e.path:
        where = f"path.{m.coordinate.value}"
        if m.start_deg == m.end_deg:
            found.append(Finding(where, "start_deg and end_deg are the same"))
        begun = e.start.get(m.coordinate)
        if begun is None and m.start_deg != _rest_deg(e, m.coordinate):
            found.append(Finding(where, "start_deg stands in no start: write it there too"))
        if begun is not None and begun != m.start_deg:
            found.append(Finding(where, f"start_deg {m.start_deg:g}, but start has {begun:g}"))
        if m.other_end_deg is not None and e.behaviour is not Behaviour.TO_AND_FRO:
            found.append(Finding(where, "other_end_deg belongs to movements to and fro"))
    if len(set(moved)) != len(moved):
        found.append(Finding("path", "moves a coordinate twice"))
    if e.path and not set(moved) & set(e.required):
        found.append(Finding("required", "names nothing of the path: nothing could be coached"))
    return [*found, *_kept(e, set(moved)), *_dose(e)]


def _kept(e: Exercise, moved: set[Coordinate]) -> list[Finding]:
    found = []
    watched = moved | {c.coordinate for c in e.constraints}
    for c in e.required:
        if c not in watched:
            found.append(Finding("required", f"{c.value} is neither in path nor in constraints"))
    for k in e.constraints:
        where = f"constraints.{k.coordinate.value}"
        if k.direction not in (-1, 0, 1):
            found.append(Finding(where, "direction is -1, 0 or 1"))
        low, high = TOLERANCE_DEG
        if not low <= k.tolerance_deg <= high:
            found.append(Finding(where, f"tolerance_deg must be {low:g} to {high:g}"))
        if k.coordinate in moved:
            found.append(Finding(where, "is moved by the path and cannot be kept"))
    return found


def _rest_deg(e: Exercise, coordinate: Coordinate) -> float:
    return round(whole_deg(e, e.start)[coordinate], 6)


def _dose(e: Exercise) -> list[Finding]:
    d, found = e.dose, []
    if d.hold_s <= 0:
        found.append(Finding("dose.hold_s", "must be above 0"))
    if not d.source:
        found.append(Finding("dose.source", "is empty; write: expert default"))
    if e.kind is ExerciseKind.ISOMETRIC_HOLD and e.effort is None:
        found.append(Finding("effort", "is not stated: say how hard the muscle works"))
    if e.effort is not None and not _says_whose(e.effort):
        found.append(
            Finding("effort.source", "nothing that was read says so: write expert default")
        )
    cycle_s = d.tempo.cycle_s
    if d.cycles is not None and cycle_s is not None and not (
        0.5 * d.hold_s <= d.cycles * cycle_s <= 1.5 * d.hold_s
    ):  # fmt: skip
        found.append(
            Finding("dose.tempo", f"{d.cycles} cycles of {cycle_s:g} s do not fill {d.hold_s:g} s")
        )
    return found


def _says_whose(effort: Effort) -> bool:
    """Whether a figure that nobody read in a source says that it is a choice."""
    entry = evidence().get(effort.evidence)
    read = entry is not None and entry.status is EvidenceStatus.VERIFIED
    return bool(effort.source) and (read or "expert default" in effort.source)


def _observe(e: Exercise) -> list[Finding]:
    found = []
    asked = set(e.required) | {c.coordinate for c in e.constraints}
    asked |= {m.coordinate for m in e.path}
    for o in e.observe:
        where = f"observe.{o.coordinate.value}"
        if o.coordinate not in asked:
            found.append(Finding(where, "is in no path, constraint or required"))
        shows = shown_by(o.coordinate, e.start_posture)
        if not shows or shows != frozenset(o.by):
            names = ", ".join(sorted(s.value for s in shows)) or "no sensor"
            found.append(Finding(where, f"is shown by {names}"))
    return found


def shown_by(coordinate: Coordinate, posture: Posture) -> frozenset[Segment]:
    """The segments whose sensors together show a coordinate; empty where none does.

    Gravity shows what turns about a level axis. Lying on the side that is the turn of the trunk,
    and no longer what tilts or bends: pelvis, back, hip and knee turn about the vertical there.
    """
    joint, _, side = coordinate.value.rpartition("_")
    lies = posture is Posture.SIDE_LYING
    hidden = _BENDS if lies else _TURNS
    if coordinate in hidden or joint.startswith(("ankle", "hip_rotation")):
        return frozenset()
    if joint.startswith(("hip_", "knee_")):
        thigh = Segment(f"thigh_{side}")
        return frozenset({thigh, Segment(f"shank_{side}" if joint[0] == "k" else "pelvis")})
    part = coordinate.value.split("_")[0]
    return frozenset(
        {
            "pelvis": {Segment.PELVIS},
            "lumbar": {Segment.PELVIS, Segment.T12},
            "thorax": {Segment.PELVIS, Segment.THORAX},
            "trunk": {Segment.THORAX},
        }[part]
    )


def _words(e: Exercise) -> list[Finding]:
    found = []
    texts = {"name": e.name, "plain_name": e.plain_name, "summary": e.summary}
    texts |= {f"constraints.{c.coordinate.value}.why": c.why for c in e.constraints}
    texts |= {f"cues.{cue}": words for cue, words in e.cues.items()}
    texts |= {f"short.{cue}": s.say for cue, s in e.short.items() if s.say is not None}
    for where, text in texts.items():
        if not text or alarming_words(text):
            found.append(Finding(where, f"is empty or alarms: {', '.join(alarming_words(text))}"))
        if where not in ("name", "plain_name") and not text.endswith("."):
            found.append(Finding(where, "ends without a full stop"))
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        sayable = where.startswith(("cues.", "short."))
        if names - ({"side", "other"} if sayable else set()):
            found.append(Finding(where, "only {side} and {other} are filled in, and only in cues"))
        elif where.startswith("cues.") and len(e.cue_text(where[5:])) > LONGEST_CUE:
            found.append(Finding(where, f"is longer than {LONGEST_CUE} letters"))
        elif where.startswith("short.") and len(text.split()) > SHORT_WORDS:
            found.append(Finding(where, f"has more than {SHORT_WORDS} words"))
    unshortened = [cue for cue in e.cues if e.short_words(cue) is None]
    found += [
        Finding(f"cues.{cue}", f"has no form of at most {SHORT_WORDS} words: write it in short")
        for cue in unshortened
    ]
    claimed = _CLAIMS.findall(e.summary)
    if claimed:
        found.append(Finding("summary", f"promises too much: {', '.join(claimed)}"))
    return found


def _rules(e: Exercise) -> list[Finding]:
    return [
        Finding("contraindications", f"{rule} is asked for: {why}")
        for rule, why in required_rules(e).items()
        if rule not in e.contraindications
    ]
