"""Levels and volumes of a plan held against rules G, X, F and M, as those are written.

Nothing of `lengthwise.plan` is used here; `planning_rules` checks the exercises themselves.
"""

from collections.abc import Iterator, Sequence
from statistics import median

from lengthwise.contracts.progress import DayTold, SessionTold
from lengthwise.live.evaluation.planning_day import DayLog, Given
from lengthwise.reference.exercise_parts import TRAINING, ExerciseKind
from lengthwise.reference.exercises import exercises

_STRETCHES = {ExerciseKind.STATIC_STRETCH, ExerciseKind.ECCENTRIC_LENGTHENING}
_CALM = {ExerciseKind.BREATHING, ExerciseKind.WALKING}
_WEEK = 7
_SLACK = 1e-6
_REVIEWS = {42: ("L:change_targets", "L:measure_anew"), 84: ("L:clinician",)}


def _colour(session: SessionTold, next_day: float | None) -> str | None:
    """Of rule G, with the rises of rule D from a higher start; None: it cannot be told."""
    before, during = session.before, session.during
    if _is_stop(session):
        return "red"
    high = before is not None and before > 3.0
    colours = []
    if during is not None and not high:
        colours.append("red" if during > 5.0 else "amber" if during >= 4.0 else "green")
    if during is not None and high and before is not None:
        colours.append("amber" if during - before >= 2.0 else "green")
    if before is not None and next_day is not None:
        rise = next_day - before
        colours.append("red" if rise >= 2.0 else "amber" if rise > 1.0 else "green")
    if "red" in colours:
        return "red"
    if before is None or during is None or next_day is None:
        return None
    return "amber" if "amber" in colours else "green"


def _is_stop(session: SessionTold) -> bool:
    before, during = session.before, session.during
    return bool(session.stops) or (
        before is not None and during is not None and during - before >= 3.0
    )


class _Watch:
    """What rules G, X, F and M have seen by a day."""

    def __init__(self) -> None:
        self.level_day = 0
        self.greens: set[int] = set()
        self.pains: dict[int, float] = {}
        self.flare_below: float | None = None
        self.ambers = 0
        self.stops: list[int] = []
        self.waiting = False
        self.easy_until = 0
        self.last_session: int | None = None

    def session(self, before: DayLog, now: DayLog) -> str | None:
        """The colour of yesterday's session, once it is over."""
        told, session = before.told, before.told.session
        colour = None
        if session is not None:
            self.last_session = told.day
            colour = _colour(session, now.told.pain)
            if _is_stop(session):
                self.stops.append(told.day)
        self.stops = [d for d in self.stops if told.day - d <= _WEEK]  # two a week apart are two
        if now.told.cleared:
            self.stops, self.waiting = [], False
        self.waiting = self.waiting or len(self.stops) >= 2
        if colour == "amber":
            self.greens, self.ambers = set(), self.ambers + 1
        if colour == "green" and session is not None and self._well_borne(session, now):
            self.greens.add(told.day)
        return colour

    def _well_borne(self, session: SessionTold, now: DayLog) -> bool:
        """From above 3: up to 5, no more in it nor a day later than the week before it had."""
        before, during, after = session.before, session.during, now.told.pain
        if before is None or during is None or after is None:
            return False
        if before <= 3.0:
            return during <= 3.0
        usual = self.usual(now.told.day - 1)
        if usual is None or before > 5.0 or usual > 5.0:
            return False
        return during <= before and during <= usual and after <= usual

    def usual(self, day: int) -> float | None:
        week = [p for d, p in self.pains.items() if day - _WEEK <= d < day]
        return median(week) if len(week) >= 3 else None

    def rising(self, day: int) -> bool:
        """Pain above 3 that is not known to be no more than in the week before."""
        now, earlier = self.usual(day), self.usual(day - _WEEK)
        return now is not None and now > 3.0 and (earlier is None or now > earlier)

    def flares(self, told: DayTold) -> bool:
        """Whether a flare begins: it is the same one until there is less pain."""
        below, pain = self.flare_below, told.pain
        if below is not None and pain is not None and pain < below:
            self.flare_below = below = None
        week = [p for d, p in self.pains.items() if told.day - _WEEK <= d < told.day]
        least = below if below is not None else median(week) + 2.0 if week else None
        if pain is None or least is None or told.activity_lost is not True or pain < least:
            return False
        if told.day < self.easy_until:
            return False
        self.easy_until, self.flare_below = told.day + 3, least
        return below is None

    def anew(self, day: int, *, level: bool) -> None:
        self.greens, self.ambers = set(), 0
        if level:
            self.level_day = day

    def missed(self, day: int) -> int:
        return 0 if self.last_session is None else day - self.last_session - 1


def broken_steps(days: Sequence[DayLog]) -> Iterator[str]:
    """Levels and volumes of days against what had been told before them."""
    watch = _Watch()
    if days and days[0].told.pain is not None:
        watch.pains[days[0].told.day] = days[0].told.pain
    for at in range(1, len(days)):
        before, now = days[at - 1], days[at]
        colour = watch.session(before, now)
        if watch.waiting and not (now.held and _only_calm(now)):
            yield "X"
        asked = not watch.waiting and not now.told.cleared
        flare = asked and watch.flares(now.told)
        yield from _of_flare(watch, before, now, flare=flare)
        if now.told.day in _REVIEWS and not _looked_back(days[: at + 1], _REVIEWS[now.told.day]):
            yield "L"
        free = not flare and not watch.waiting and not now.told.cleared
        if free:
            yield from _of_step(watch, before, now, colour)
        missed = watch.missed(now.told.day) == 4
        if missed and not watch.waiting and now.level > max(before.level - 1, 0):
            yield "M"
        # What asks for less counts anew, also where there is no lower level to go to.
        lowered = flare or missed or now.told.cleared or colour == "red" or watch.ambers >= 2
        if lowered or (now.level, now.volume) != (before.level, before.volume):
            watch.anew(now.told.day, level=lowered or now.level != before.level)
        if len(watch.greens) >= 3:
            watch.ambers = 0
        if now.told.pain is not None:
            watch.pains[now.told.day] = now.told.pain


def _of_flare(watch: _Watch, before: DayLog, now: DayLog, *, flare: bool) -> Iterator[str]:
    least = min(0.1, before.volume)
    if flare and (
        now.level > max(before.level - 2, 0)
        or now.volume > max(before.volume / 2.0, least) + _SLACK
    ):
        yield "F"
    if now.told.day < watch.easy_until and any(_far(g) for g in now.given):
        yield "F"


def _of_step(watch: _Watch, before: DayLog, now: DayLog, colour: str | None) -> Iterator[str]:
    if colour == "red" or watch.ambers >= 2:
        less = max(before.volume * 0.7, min(0.1, before.volume))
        if now.level > max(before.level - 1, 0) or now.volume > less + _SLACK:
            yield "G"
        return
    if now.level > before.level or now.volume > before.volume + _SLACK:
        day = now.told.day
        higher = now.level > before.level
        early = higher and day - watch.level_day < _WEEK
        if len(watch.greens) < 3 or early or watch.rising(day) or now.level > before.level + 1:
            yield "G"
        sore = (watch.usual(day) or 0.0) > 3.0
        if higher and sore and now.level > 3:
            yield "G"
        if now.level > before.level and now.volume > before.volume + _SLACK:
            yield "G"
        if now.volume > 2.0 * before.volume + _SLACK:
            yield "G"


def _looked_back(days: Sequence[DayLog], wanted: tuple[str, ...]) -> bool:
    """Rule L, of one who trains daily as planned: whether what it asks for was said on this day."""
    now, start = days[-1].told.day, days[0].told.day
    sessions = sum(d.told.session is not None for d in days[:-1])
    first = [d.told.pain for d in days if d.told.day < start + _WEEK]
    last = [d.told.pain for d in days[:-1] if d.told.day > now - _WEEK]
    first_told, last_told = ([p for p in of if p is not None] for of in (first, last))
    said = [s for s in days[-1].said if s.startswith("L:")]
    if sessions < 0.7 * (now - start) or min(len(first_told), len(last_told)) < 3:
        return said == ["L:wait"]
    better = median(last_told) <= 0.7 * median(first_told)
    return said == ["L:wait"] if better else len(said) == 1 and said[0] in wanted


def _only_calm(log: DayLog) -> bool:
    return all(exercises()[g.exercise_id].kind in _CALM for g in log.given)


def _far(given: Given) -> bool:
    """What rule F does not list: easy movement, breathing and walking are left."""
    e = exercises()[given.exercise_id]
    trains = e.kind in _STRETCHES | TRAINING
    return trains or any(t.startswith("F.flare") for t in e.contraindications)
