"""Whether the person works the other side than the one that is led. Pure steps.

Mirrored left for right a pose x becomes Mx; what tells the sides apart is its odd part x - Mx: the
difference of a joint's two sides, and twice what the trunk does sideways. With a the odd part of
the way that the exercise asks for, y that of the change since the measured start, and b, z the even
parts x + Mx of both,

    way = y.a / a.a     1 at the end of the way, -1 at the end of the other side's
    own, other = (z.b / b.b + way) / 2, (z.b / b.b - way) / 2     what each side has gone of it

With s the odd part of the start posture as drawn and y that of the pose itself,

    start = y.s / s.s   1 as asked for, -1 mirrored.

Only what is claimed of both sides of a joint speaks: one that is not seen may do anything. As with
any difference within a session the shared part of the errors of a way cancels; all joints are taken
to err together. Where a camera does not say whether its image is mirrored there is no rule at all.
"""

from collections.abc import Iterable
from math import sqrt

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.compensation import difference_sd_rad
from lengthwise.coach.settings import Settings
from lengthwise.coach.stillness import Pose
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, mirrored
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.postures import posture_mean_rad

_SURE_SDS = 1.645
"""One in twenty, on one side."""
_HALF = 0.5
_AT_REST = Phase.GET_READY
_UNDER_LOAD = frozenset({Phase.EASE_IN, Phase.HOLD})
_LOOKS = _UNDER_LOAD | {_AT_REST}
_GONE = 0.5 * constant("ramp", "step_ratio")
"""So much of this side's way surely is no leg at rest."""


class Pair(Struct, frozen=True):
    """A joint on both sides, or a coordinate of the trunk with itself and `sign` -1.

    `start_rad`, `way_rad` the odd parts asked for, `even_rad` the even part of the way; `one_rad`
    where the one begins; `own_way_rad` the way of each of both, of those that have one, where the
    way tells the sides apart.
    """

    one: Coordinate
    other: Coordinate
    sign: float
    start_rad: float
    way_rad: float
    even_rad: float
    one_rad: float = 0.0
    own_way_rad: tuple[tuple[Coordinate, float], ...] = ()


class Sides(Struct, frozen=True, gc=False):
    """How the pose now lies to both sides; None: not known, or nothing in it tells them apart.

    `own`, `other`: None as well where way and mirrored way differ in nothing but their direction:
    who bends to the other side has gone as far back on this one. `gone`: where there is no `way`,
    what alone is seen of this side has gone of its own. `here`: where there is no `start`, what
    there is of it, enough for a posture of this side. `asked`: the exercise has sides.
    """

    start: Estimate | None = None
    way: Estimate | None = None
    own: float | None = None
    other: float | None = None
    gone: float | None = None
    here: Estimate | None = None
    asked: bool = False


class OtherSide(Struct, frozen=True, gc=False):
    """Since when the other side is surely worked, None: it is not; `seen_s` when it last was.

    `leaning`: on the way there, for all that is seen. `noticed`: it has lasted. `led_back`: the
    present release is for it. `left`: how often it was, on this side. `posed`: this side was surely
    taken at rest. `untold`: the exercise has sides, and nothing tells which of them works now.
    """

    since_s: float | None = None
    seen_s: float | None = None
    leaning: bool = False
    noticed: bool = False
    led_back: bool = False
    left: int = 0
    posed: bool = False
    untold: bool = False

    @property
    def suspected(self) -> bool:
        return self.since_s is not None

    @property
    def doubted(self) -> bool:
        """Whether what happens now may be of the other side."""
        return self.suspected or self.leaning

    @property
    def marks(self) -> bool:
        """Whether a mark said now is surely none of the other side."""
        return not (self.doubted or self.untold)


def pairs(written: Exercise) -> tuple[Pair, ...]:
    """What tells the working side from the other one; empty where the exercise has no sides."""
    if not written.bilateral:
        return ()
    start = posture_mean_rad(
        written.start_posture, overrides_rad=written.start_rad(), side=written.written_for
    )
    way = np.zeros(len(COORDINATES))
    for motion in written.path:
        if motion.other_end_deg is not None:
            # To and fro over the middle: one side's way there is the other's way back.
            return ()
        way[INDEX[motion.coordinate]] = np.radians(motion.end_deg - motion.start_deg)
    found = []
    for one in COORDINATES:
        other, sign = mirrored(one)
        if INDEX[other] < INDEX[one] or (other is one and sign > 0.0):
            continue
        way_rad = float(way[INDEX[one]] - sign * way[INDEX[other]])
        even_rad = float(way[INDEX[one]] + sign * way[INDEX[other]])
        pair = Pair(
            one,
            other,
            sign,
            start_rad=float(start[INDEX[one]] - sign * start[INDEX[other]]),
            way_rad=way_rad,
            even_rad=even_rad,
            one_rad=float(start[INDEX[one]]),
            own_way_rad=_own_way_rad(one, other, sign, way_rad, even_rad),
        )
        if pair.start_rad != 0.0 or pair.way_rad != 0.0:
            found.append(pair)
    return tuple(found)


def _own_way_rad(
    one: Coordinate, other: Coordinate, sign: float, way_rad: float, even_rad: float
) -> tuple[tuple[Coordinate, float], ...]:
    if way_rad == 0.0:
        return ()
    of_one = _HALF * (even_rad + way_rad)
    of_other = 0.0 if one is other else sign * _HALF * (even_rad - way_rad)
    return tuple((c, rad) for c, rad in ((one, of_one), (other, of_other)) if rad != 0.0)


def sides(
    told_by: tuple[Pair, ...],
    start: Pose,
    pose: Pose,
    settings: Settings,
    *,
    phase: Phase | None = None,
) -> Sides:
    """One frame; of a `phase` what it asks about: the posture at rest, under load the way."""
    if phase is not None and phase not in _LOOKS:
        return Sides(asked=bool(told_by))
    seen = _both(told_by, pose)
    posture = here = None
    if phase is None or phase is _AT_REST:
        posture = _posture(seen, pose, settings)
        here = _here(told_by, pose, settings) if posture is None else None
        if phase is not None:
            return Sides(posture, here=here, asked=bool(told_by))
    moved = _both(seen, start)
    if not _enough(moved, told_by, settings):
        gone = _gone(told_by, start, pose)
        return Sides(start=posture, gone=gone, here=here, asked=bool(told_by))
    along = doubt = both = even = 0.0
    norm = _norm(moved)
    for p in moved:
        odd, z, sd = _change(p, start, pose)
        along += p.way_rad * odd
        doubt += abs(p.way_rad) * sd
        both += p.even_rad * z
        even += p.even_rad**2
    way = Estimate(along / norm, doubt / norm)
    if even < settings.other_side_seen_ratio * norm:
        return Sides(posture, way, here=here, asked=True)
    both /= even
    own, other = _HALF * (both + way.mean), _HALF * (both - way.mean)
    return Sides(posture, way, own, other, here=here, asked=True)


def _both(told_by: Iterable[Pair], pose: Pose) -> list[Pair]:
    """Those of which both sides are claimed."""
    found = []
    for pair in told_by:
        if pair.one in pose and pair.other in pose:
            found.append(pair)
    return found


def _here(told_by: tuple[Pair, ...], pose: Pose, settings: Settings) -> Estimate | None:
    """The posture by what is less than it takes to name the other side: wide as the start tolerance
    alone, and of a joint that is seen on one side only how it lies from the mirrored start to this.
    """
    along = doubt = norm = 0.0
    for p in told_by:
        if p.one in pose and p.other in pose:
            along += p.start_rad * (pose[p.one].mean - p.sign * pose[p.other].mean)
            doubt += abs(p.start_rad) * _sum_sd(p, pose[p.one].sd, pose[p.other].sd)
            norm += p.start_rad**2
            continue
        if p.one not in pose and p.other not in pose:
            continue
        one = p.one in pose
        now = pose[p.one if one else p.other]
        to_this_rad = p.start_rad if one else -p.sign * p.start_rad
        mirrored_rad = p.one_rad - p.start_rad if one else p.sign * p.one_rad
        along += to_this_rad * (now.mean - mirrored_rad)
        doubt += abs(to_this_rad) * now.sd
        norm += to_this_rad**2
    if norm <= 0.0 or sqrt(norm) < settings.start_tolerance_rad:
        return None
    return Estimate(along / norm, doubt / norm)


def _gone(told_by: tuple[Pair, ...], start: Pose, pose: Pose) -> float | None:
    """Share of the way of this side's own joints, by those that were seen at the start and now."""
    along = norm = 0.0
    for p in told_by:
        for coordinate, way_rad in p.own_way_rad:
            if coordinate in start and coordinate in pose:
                along += way_rad * (pose[coordinate].mean - start[coordinate].mean)
                norm += way_rad**2
    return along / norm if norm > 0.0 else None


def _enough(moved: list[Pair], told_by: tuple[Pair, ...], settings: Settings) -> bool:
    """Whether what is seen of the movement is most of what tells the sides, or wide in itself."""
    norm = _norm(moved)
    if norm <= 0.0:
        return False
    return norm >= settings.other_side_seen_ratio * _norm(told_by) or sqrt(norm) >= (
        settings.other_side_seen_rad
    )


def _norm(moved: Iterable[Pair]) -> float:
    return sum([p.way_rad**2 for p in moved])


def _posture(seen: list[Pair], pose: Pose, settings: Settings) -> Estimate | None:
    """Only a start that differs from its mirror image by more than bodies differ tells anything."""
    norm = sum(p.start_rad**2 for p in seen)
    if sqrt(norm) < sqrt(2.0) * settings.start_tolerance_rad:
        return None
    mean = doubt = 0.0
    for p in seen:
        one, other = pose[p.one], pose[p.other]
        mean += p.start_rad * (one.mean - p.sign * other.mean)
        doubt += abs(p.start_rad) * _sum_sd(p, one.sd, other.sd)
    return Estimate(mean / norm, doubt / norm)


def _change(p: Pair, start: Pose, pose: Pose) -> tuple[float, float, float]:
    """Odd and even part of the change since the start, and the sd of the odd one."""
    now, begin = pose[p.one], start[p.one]
    one_rad, sd_rad = now.mean - begin.mean, difference_sd_rad(now.sd, begin.sd)
    if p.one is p.other:
        other_rad = p.sign * one_rad
        return one_rad - other_rad, one_rad + other_rad, 2.0 * sd_rad
    now, begin = pose[p.other], start[p.other]
    other_rad = p.sign * (now.mean - begin.mean)
    sd_rad = _sum_sd(p, sd_rad, difference_sd_rad(now.sd, begin.sd))
    return one_rad - other_rad, one_rad + other_rad, sd_rad


def _sum_sd(p: Pair, one_sd: float, other_sd: float) -> float:
    """A coordinate of the trunk is its own other side."""
    return 2.0 * one_sd if p.one is p.other else sqrt(one_sd**2 + other_sd**2)


def followed(
    memory: OtherSide,
    now: Sides,
    *,
    phase: Phase,
    still_s: float,
    t_s: float,
    settings: Settings,
) -> OtherSide:
    """One frame: whether the other side is worked, and whether anything tells."""
    after = _followed(memory, now, phase=phase, still_s=still_s, t_s=t_s, settings=settings)
    if not now.asked:
        return after
    if phase is _AT_REST:
        posed, untold = _surely_this(now.start) or _surely_this(now.here), False
    elif phase in _UNDER_LOAD:
        seen = now.way is not None or (now.gone is not None and now.gone >= _GONE)
        posed, untold = memory.posed, not (seen or memory.posed)
    else:
        posed = untold = False
    if after.posed is posed and after.untold is untold:
        return after
    return replace(after, posed=posed, untold=untold)


def _followed(
    memory: OtherSide,
    now: Sides,
    *,
    phase: Phase,
    still_s: float,
    t_s: float,
    settings: Settings,
) -> OtherSide:
    """One frame: at rest by the posture, of who has settled in it; under load by the way."""
    if phase is _AT_REST:
        sure, leaning = still_s >= settings.still_s and _surely(now.start, _HALF), False
    elif phase in _UNDER_LOAD:
        sure, leaning = _works_other(now, settings)
    else:
        led_back = memory.led_back and phase is Phase.RELEASE
        return OtherSide(led_back=led_back, left=memory.left)
    if sure:
        since_s = t_s if memory.since_s is None else memory.since_s
        lasted = t_s - since_s >= settings.other_side_s
        return OtherSide(since_s, t_s, leaning, noticed=memory.noticed or lasted, left=memory.left)
    if not _stays(memory, now, phase, t_s=t_s, settings=settings):
        return OtherSide(leaning=leaning, left=memory.left)
    return replace(memory, leaning=leaning)


def _stays(memory: OtherSide, now: Sides, phase: Phase, *, t_s: float, settings: Settings) -> bool:
    """Whether what was seen still holds without being sure: for a lapse, and of a posture in which
    somebody was noticed until it looks like the asked one, as long as anybody is waited for."""
    if memory.seen_s is None:
        return False
    since_s = t_s - memory.seen_s
    if phase is Phase.GET_READY and memory.noticed:
        changed = now.start is not None and now.start.mean > 0.0
        return not changed and since_s <= settings.get_ready_max_s
    return since_s <= settings.lapse_s


def _works_other(now: Sides, settings: Settings) -> tuple[bool, bool]:
    """Surely, and on the way there: the other side goes on its way while this one rests. This one
    alone, gone back beyond its start, is neither."""
    begun = settings.begun_progress_ratio
    if now.own is None or now.other is None:
        return _surely(now.way, begun), _surely(now.way, 0.0)
    rests = now.own < begun
    sure = rests and now.other >= begun and _surely(now.way, begun)
    return sure, rests and now.other >= -now.own and _surely(now.way, 0.0)


def _surely_this(start: Estimate | None) -> bool:
    """Whether the posture at rest is surely the one of this side."""
    return start is not None and start.mean - _SURE_SDS * start.sd >= _HALF


def _surely(towards: Estimate | None, least: float) -> bool:
    """Whether it surely lies so far on the other side."""
    return towards is not None and towards.mean + _SURE_SDS * towards.sd <= -least
