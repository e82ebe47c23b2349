"""What the person says of pain, of the stretch, of a leg and of dizziness, and its limits.

Pain (rule D, rule G, rule X), on 0 to 10, with B the baseline before the session:

    stops    pain > 5, where B <= 3 or unknown;   pain >= B + 3, where B > 3
             pain >= least pain of this session, B included, + 3
    eases    pain > 3, where B <= 3 or unknown;   pain >= B + 2, where B > 3
    refuses  everything but breathing, comfort and walking, where B >= 7

An unknown baseline counts as none: the absolute limits hold, which are the stricter ones for
everybody whose pain is above 3, and a rise counts from the least pain said.

Pain once said is in force until a lower one is said at rest; said lower while something is under
load it changes nothing. Pain that eases asks for one step back (`ease_step_ratio` of the way).
Seen to be done, one may go on there, and not deeper, also in the next repetition; not seen to be
done within `ease_answer_s`, it is released. At rest nothing is begun until it is said lower, unless
a depth without it is known.

*Seen* is a difference of two moments over the coordinates that both saw, and sure (`coach/way.py`):
a joint that goes out of sight moves the progress, and nobody. What is unsure was not eased.

The sensation of stretch is a scale apart: it belongs to this stretch and ends with it. Said at rest
after a set it is about that set, and in force for the next one on this side until another is said
at rest:

    enough    sensation = 5: not deeper
    strong    sensation > 5: not deeper, and eased to one step short of where that hold began; not
              seen to be done within `ease_answer_s`, it is released
"""

from enum import StrEnum
from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach import way
from lengthwise.coach.limits.actions import FREE, Action, Verdict, answer, missing
from lengthwise.coach.plan import PathPart
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.settings import Settings
from lengthwise.coach.stillness import Pose


class Symptom(StrEnum):
    NONE = "none"
    LEG = "leg"
    DIZZY = "dizzy"


class Seen(Struct, frozen=True, gc=False):
    """What is claimed of the way now: `progress` along the `path` since the pose `start`, and where
    its coordinates stand."""

    path: tuple[PathPart, ...] = ()
    start: Pose = {}
    progress: float | None = None
    along: Pose = {}


class Said(Struct, frozen=True, gc=False):
    """What the person has said in this session and is still in force.

    `pain_nrs`, `sensation` None: nothing said; `_known` False: said, but without a usable number.
    `least_nrs`: the least pain said. `eased_to`: progress at which one may go on with this pain.
    `asked_s`, `asked_at`: since when, and at which progress, easing is asked for. `set_sensation`:
    how strong the last set was said to be, of a hold that began at the progress `set_depth`.
    `eased_way`, `asked_way`, `set_way`: where the path stood there. `since_eased`: progress since
    `eased_to`, `short_of_set`: surely a step short of the last set, over what both moments saw.
    """

    symptom: Symptom = Symptom.NONE
    pain_nrs: float | None = None
    pain_known: bool = True
    least_nrs: float | None = None
    eased_to: float | None = None
    asked_s: float | None = None
    asked_at: float | None = None
    sensation: float | None = None
    sensation_known: bool = True
    set_sensation: float | None = None
    set_depth: float | None = None
    eased_way: Pose = {}
    asked_way: Pose = {}
    set_way: Pose = {}
    since_eased: float | None = None
    short_of_set: bool = False


NOTHING = Said()
"""Of who has said nothing: no limit of this module holds anything back then, but a baseline."""


class Now(Struct, frozen=True, gc=False):
    """What stands beside the words: whether something is under load, and how far in (progress).

    `asked_for_s`: how long easing has been asked for because of pain, `eased_for_s` for whatever
    reason; 0 while it is not.
    """

    said: Said
    loaded: bool
    progress: float | None
    asked_for_s: float
    eased_for_s: float = 0.0


class PainLevel(StrEnum):
    FREE = "free"
    EASE = "ease"
    STOP = "stop"
    NOT_KNOWN = "not_known"


def usable(value: float | None) -> float | None:
    """A rating from 0 to 10, else None."""
    return value if value is not None and isfinite(value) and 0.0 <= value <= 10.0 else None


def pain_said(said: Said, value: float | None, *, loaded: bool) -> Said:
    """The memory after a pain was said."""
    nrs = usable(value)
    if nrs is None:
        return replace(said, pain_known=False)
    before = said.pain_nrs
    if before is not None and (nrs == before or (loaded and nrs < before)):
        return replace(said, pain_known=True)
    least = nrs if said.least_nrs is None else min(said.least_nrs, nrs)
    return replace(
        said,
        pain_nrs=nrs,
        pain_known=True,
        least_nrs=least,
        eased_to=None,
        eased_way={},
        since_eased=None,
        asked_s=None,
        asked_at=None,
        asked_way={},
    )


def sensation_said(said: Said, value: float | None) -> Said:
    rating = usable(value)
    return replace(said, sensation=rating, sensation_known=rating is not None)


def set_said(
    said: Said, value: float | None, *, depth: float | None, along: Pose | None = None
) -> Said:
    """A sensation said at rest, of the set that is over; without a number what was said stays."""
    rating = usable(value)
    if rating is None:
        return said
    return replace(
        said, set_sensation=rating, set_depth=depth, set_way=along or {}, short_of_set=False
    )


def set_left(said: Said) -> Said:
    """The other side is another stretch."""
    return replace(said, set_sensation=None, set_depth=None, set_way={}, short_of_set=False)


def pain_level(said: Said, baseline_nrs: float | None, s: Settings) -> PainLevel:
    if not said.pain_known:
        return PainLevel.NOT_KNOWN
    nrs = said.pain_nrs
    if nrs is None:
        return PainLevel.FREE
    least = nrs if said.least_nrs is None else said.least_nrs
    if baseline_nrs is not None:
        least = min(least, baseline_nrs)
    if nrs >= least + s.pain_session_rise_nrs:
        return PainLevel.STOP
    if baseline_nrs is None or baseline_nrs <= s.pain_absolute_baseline_nrs:
        stops, eases = nrs > s.pain_stop_nrs, nrs > s.pain_ease_nrs
    else:
        stops = nrs >= baseline_nrs + s.pain_rise_stop_nrs
        eases = nrs >= baseline_nrs + s.pain_rise_ease_nrs
    return PainLevel.STOP if stops else PainLevel.EASE if eases else PainLevel.FREE


def followed(
    said: Said,
    *,
    t_s: float,
    loaded: bool,
    seen: Seen,
    baseline_nrs: float | None,
    settings: Settings,
) -> Said:
    """One frame: whether the easing that a pain or the set before asked for is seen to be done."""
    if not loaded:
        over = said.asked_s is not None or said.sensation is not None or not said.sensation_known
        if not over:
            return said
        return replace(
            said, asked_s=None, asked_at=None, asked_way={}, sensation=None, sensation_known=True
        )
    if said.set_sensation is not None:
        short = _surely_back(seen, said.set_way, settings)
        said = said if short is said.short_of_set else replace(said, short_of_set=short)
    if said.pain_nrs is None:
        return said
    if said.eased_to is not None:
        return replace(said, since_eased=way.gained(seen.path, said.eased_way, seen.along))
    if pain_level(said, baseline_nrs, settings) is not PainLevel.EASE:
        return said
    asked_s = t_s if said.asked_s is None else said.asked_s
    asked = replace(said, asked_s=asked_s)
    if said.asked_at is None:
        return replace(asked, asked_at=seen.progress, asked_way=seen.along)
    progress, back = seen.progress, max(settings.ease_step_ratio * abs(said.asked_at), 1e-3)
    if progress is None or progress > said.asked_at - back:
        return asked
    if not _surely_back(seen, said.asked_way, settings):
        return asked
    return replace(asked, eased_to=progress, eased_way=seen.along, since_eased=0.0)


def _surely_back(seen: Seen, before: Pose, settings: Settings) -> bool:
    """Whether a step of the way there has surely been taken back."""
    ratio = 1.0 - settings.ease_step_ratio
    found = way.taken_back(seen.path, seen.start, before, seen.along, ratio=ratio)
    return (
        found is not None and found.begun > 0.0 and found.probability >= settings.let_go_probability
    )


def symptom(now: Now) -> Verdict:
    """A symptom of a leg and dizziness stop, and stay said for the session."""
    said = now.said.symptom
    if said is Symptom.NONE:
        return FREE
    why = ReasonId.SYMPTOM_LEG if said is Symptom.LEG else ReasonId.SYMPTOM_DIZZY
    return answer(Action.STOP, why)


def pain(now: Now, *, baseline_nrs: float | None, comfort: bool, settings: Settings) -> Verdict:
    """See the head of this module. `comfort`: breathing, a comfort position or walking."""
    level = pain_level(now.said, baseline_nrs, settings)
    if level is PainLevel.FREE and baseline_nrs is None:
        return FREE
    numbers = {} if now.said.pain_nrs is None else {"nrs": now.said.pain_nrs}
    if baseline_nrs is not None:
        numbers["baseline_nrs"] = baseline_nrs
    if level is PainLevel.STOP:
        return answer(Action.STOP, ReasonId.PAIN_STOP, **numbers)
    if level is PainLevel.NOT_KNOWN:
        return missing("pain_known")
    if baseline_nrs is not None and baseline_nrs >= settings.pain_no_stretch_nrs and not comfort:
        return answer(Action.RELEASE, ReasonId.PAIN_BASELINE, **numbers)
    return FREE if level is PainLevel.FREE else _eased(now, settings, numbers)


def _eased(now: Now, settings: Settings, numbers: dict[str, float]) -> Verdict:
    depth = now.said.eased_to
    if depth is None:
        if now.loaded and now.asked_for_s > settings.ease_answer_s:
            return answer(Action.RELEASE, ReasonId.PAIN_HELD, **numbers)
        return answer(Action.EASE, ReasonId.PAIN_EASE, **numbers)
    if not now.loaded:
        return answer(Action.HOLD, ReasonId.PAIN_NOT_DEEPER, **numbers)
    since = now.said.since_eased
    if now.progress is None or since is None:
        return answer(Action.PAUSE, ReasonId.PAIN_DEPTH_UNSEEN, **numbers)
    deeper = max(now.progress - depth, since) > settings.ease_step_ratio * abs(depth)
    if deeper:
        return answer(Action.EASE, ReasonId.PAIN_EASE, **numbers)
    return answer(Action.HOLD, ReasonId.PAIN_NOT_DEEPER, **numbers)


def sensation(now: Now, *, settings: Settings) -> Verdict:
    """How strong the stretch feels; one that was said without a number allows nothing deeper."""
    felt = now.said.sensation
    if not now.said.sensation_known:
        return answer(Action.HOLD, ReasonId.SENSATION_ENOUGH)
    if felt is None or felt < settings.sensation_most:
        return FREE
    if felt > settings.sensation_most:
        return answer(Action.EASE, ReasonId.SENSATION_STRONG, sensation=felt)
    return answer(Action.HOLD, ReasonId.SENSATION_ENOUGH, sensation=felt)


def last_set(now: Now, *, settings: Settings) -> Verdict:
    """What the sensation of the set before allows in this one; at rest nothing is held back.

    Where it was too strong and how far in the body is, or was, is not known, nothing shows that it
    is eased.
    """
    felt, depth = now.said.set_sensation, now.said.set_depth
    if felt is None or felt < settings.sensation_most or not now.loaded:
        return FREE
    enough = answer(Action.HOLD, ReasonId.SENSATION_ENOUGH, set_sensation=felt)
    if felt == settings.sensation_most:
        return enough
    if (
        now.said.short_of_set
        and depth is not None
        and now.progress is not None
        and now.progress <= _short_of(depth, settings)
    ):
        return enough
    held = now.eased_for_s > settings.ease_answer_s
    action = Action.RELEASE if held else Action.EASE
    return answer(action, ReasonId.SENSATION_STRONG, set_sensation=felt)


def _short_of(depth: float, settings: Settings) -> float:
    return depth - settings.ease_step_ratio * abs(depth)


def keeps_short(said: Said, settings: Settings) -> bool:
    """Whether what was said keeps somebody from going as far as before."""
    felt = said.set_sensation
    return said.eased_to is not None or (felt is not None and felt > settings.sensation_most)
