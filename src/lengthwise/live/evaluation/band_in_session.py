"""A band driven by a session, before a simulated person: what it is worth beside a plain one, and
how soon it lets go of whatever goes wrong.

One session is led to its second hold, where the window leads. At chosen moments of the pull all
that is remembered (the steps of the session, the band, the person's own observations) is kept; from
there each trial goes on by itself with one thing that goes wrong. Bytes go both ways through the
real driver, late by what a link is late; the session is the one that is served, step by step.
Everything is simulated.
"""

import copy
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
import numpy as np

from lengthwise.contracts.band import BandOrder
from lengthwise.contracts.care import Care, Course
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.devices import BandMode, Drive, DriveMoment, LinkSample, Pull
from lengthwise.contracts.observation import Observation, PersonSignal, SignalKind
from lengthwise.contracts.session import (
    BandOrdered,
    ObservationLogged,
    SessionEvent,
    SessionStarted,
)
from lengthwise.devices import receiving
from lengthwise.devices.manifest import Notice, Write
from lengthwise.devices.open_band import codec, guard
from lengthwise.devices.open_band.driver import DRIVER, ordered, set_point
from lengthwise.live import pipeline
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Led, Rehearsal, rehearsal_started
from lengthwise.live.rehearsal_band import NAME, BandWorn, is_broken
from lengthwise.live.sequencer import LIVE_LAG_S, TICK_S, Came
from lengthwise.live.session import session_events
from lengthwise.sim.band_on_person import STEP_S, BandOnPerson
from lengthwise.sim.motion import Traits
from lengthwise.sim.recording import Plan

NOTHING_BARS = Care(
    baseline_nrs=1.0, course=Course.CHRONIC, neural_signs=(), pain_relief=False, flare=False,
    irritable=False, hypermobile=False, osteoporotic=False, pregnant=False, warm=True,
)  # fmt: skip
DRIVE, PULL = Drive(100.0), Pull(Coordinate.HIP_FLEXION_L, 1, lever_m=0.4)
_SENSORS = "imu4+shank_l"
_CARRIED = 0.3
"""Where the person goes by themselves: past the first gentle pull, short of the window."""
_FIRST_HOLD_S = 2.0
"""The first hold only marks today's first gentle pull; it is left after this."""
_EVERY_S = 2.0 * STEP_S
_READ_S = 0.5
"""Of a trial, before anything goes wrong: its own delay is at work by then."""
_LOOKED_S = 0.9
_DELAYED_FROM = 12
_AGAIN, _AGAIN_S, _JITTER = 0.01, 0.03, 0.5

Message = TypeVar("Message")
Kept = tuple[pipeline.State, BandOnPerson, int]
"""What the steps and the band remember, and how many events came before."""


def plan_of(seed: int, *, seconds: float) -> Plan:
    traits = msgspec.structs.replace(Traits.drawn(seed), first_resistance=0.12, tolerance=1.0)
    return Plan(
        "supine_hamstring", Side.LEFT, seed, sensors=_SENSORS, duration_s=seconds, traits=traits,
        sway_ratio=0.5, carried=_CARRIED,
    )  # fmt: skip


@dataclass
class Session:
    """One session from its beginning: all of its events, and what was kept of the pull, by time.
    `truth`: rows of (time, true pull, true window position, target) while the coach holds; the
    target is NaN where the force is not led.
    """

    started: SessionStarted
    params: pipeline.Params
    events: list[SessionEvent] = field(default_factory=list)
    kept: dict[float, Kept] = field(default_factory=dict)
    truth: list[tuple[float, float, float, float]] = field(default_factory=list)

    @property
    def orders(self) -> list[BandOrder]:
        return [e.order for e in self.events if isinstance(e, BandOrdered)]

    def observed(self, after_s: float) -> list[Observation]:
        felt = [e.observation for e in self.events if isinstance(e, ObservationLogged)]
        return [o for o in felt if o.t_s > after_s]


def led_session(
    seed: int, *, seconds: float, keep_every_s: float = 1.0, keep_from_s: float = 2.0
) -> Session:
    """The band pulls in the second hold. Kept every so often, from so long after the pull began."""
    plan = plan_of(seed, seconds=seconds)
    assert plan.traits is not None
    band = BandOnPerson(seed=seed)
    worn = BandWorn(plan.traits, band)
    led = Led(plan, drawn=worn.drawn)
    request = Rehearsal(plan, Path(), care=NOTHING_BARS, band=(DRIVE, PULL))
    started = rehearsal_started(request, led.recording)
    params = pipeline_params(started)
    session, pulled_s = Session(started, params), float("inf")
    due_s = 0.0

    def keep(state: pipeline.State, _: object) -> None:
        nonlocal due_s
        t_s = led.recording.truth()[0][-1] if session.orders else 0.0
        if t_s >= max(pulled_s + keep_from_s, due_s) and band.state.mode is BandMode.FOLLOWING:
            # The frame that this comes of stands next.
            session.kept[float(t_s)] = state, copy.deepcopy(band), len(session.events) + 1
            due_s = t_s + keep_every_s

    came = worn.beside(first_hold_left(led), lambda: led.phase)
    for event in session_events(params, came, watch=keep):
        led.hear(event)
        session.events.append(event)
        if isinstance(event, BandOrdered):
            worn.order(event.order)
            pulled_s = min(pulled_s, event.order.t_s)
            if led.phase is Phase.HOLD:
                order = event.order
                target_n = order.target_n if order.phase == "hold" else float("nan")
                session.truth.append((order.t_s, band.true_n, band.position, target_n))
    return session


def first_hold_left(led: Led) -> Iterator[Observation]:
    """What the person's sensors and the person say; the first hold is skipped, as by a key."""
    held_s: float | None = None
    for observation in led.observations():
        yield observation
        if held_s is None and led.phase is Phase.HOLD:
            held_s = observation.t_s
        if held_s is not None and 0.0 <= observation.t_s - held_s - _FIRST_HOLD_S < 0.009:
            yield PersonSignal(observation.t_s, SignalKind.SKIP)


ALLOWED_S = {"silent": 0.45}
CAUSES = (
    "grip", "stop", "pause", "ease", "symptom", "hold_over", "link_lost", "measurement_damaged",
    "set_point_damaged", "cell_broken", "over_force", "over_speed", "jerk", "silent", "killed",
    "slow",
)  # fmt: skip


_SAID: dict[str, tuple[SignalKind, float | None]] = {
    "stop": (SignalKind.STOP, None),
    "pause": (SignalKind.PAUSE, None),
    "ease": (SignalKind.PAIN, 4.0),
    "symptom": (SignalKind.LEG_SYMPTOM, None),
    "hold_over": (SignalKind.SKIP, None),
}
_DRAWN_M_S = 0.25


@dataclass(frozen=True)
class LetGo:
    """`after_s` the cause could be told (of `silent`: after the last valid reading) the band began
    to unload; None: it did not. `pulled_again`: an order to pull, or a pull, came after that.
    `most_n` that was commanded; `why` by
    the session, empty where the band did it by itself."""

    cause: str
    after_s: float | None
    pulled_again: bool
    most_n: float
    link_s: float
    why: tuple[str, ...] = ()

    @property
    def allowed_s(self) -> float:
        return ALLOWED_S.get(self.cause, 0.2)

    @property
    def in_time(self) -> bool:
        return self.after_s is not None and self.after_s <= self.allowed_s and not self.pulled_again


class Radio(Generic[Message]):
    """One direction of a Bluetooth link: late by `late_s` and up to half as much again, nothing
    overtaken; one message of a hundred is sent again, which takes longer. `cut`: nothing comes."""

    def __init__(self, chance: np.random.Generator, late_s: float) -> None:
        self._chance, self._late_s = chance, late_s
        self._on_way: deque[tuple[float, Message]] = deque()
        self._last_s = 0.0
        self.more_s = 0.0
        self.cut = False

    def send(self, message: Message, at_s: float) -> None:
        late, again = self._chance.random(2)
        after_s = self._late_s * (1.0 + _JITTER * late) + self.more_s
        self._last_s = max(self._last_s, at_s + after_s + (_AGAIN_S if again < _AGAIN else 0.0))
        if not self.cut:
            self._on_way.append((self._last_s, message))

    def arrived(self, at_s: float) -> list[Message]:
        came = []
        while self._on_way and self._on_way[0][0] <= at_s + 1e-9 and not self.cut:
            came.append(self._on_way.popleft()[1])
        return came


class Trial:
    """From a moment that was kept, with one thing that goes wrong. `link_s`: there and back."""

    def __init__(
        self, session: Session, kept_s: float, cause: str, *, seed: int, link_s: float
    ) -> None:
        state, band, _ = session.kept[kept_s]
        self._params, self._state, self._band = session.params, state, copy.deepcopy(band)
        self._waiting = session.observed(kept_s)
        self._cause, self._chance = cause, np.random.default_rng((760, seed))
        self._begun_s, self._link_s = kept_s, link_s
        self._fault_s = kept_s + _READ_S + float(self._chance.uniform(0.0, 0.1))
        self._up: Radio[Notice] = Radio(self._chance, 0.5 * link_s)
        self._down: Radio[tuple[float, BandOrder]] = Radio(self._chance, 0.5 * link_s)
        # What is on its way at that moment is there: the delay begins a little later.
        self._up.more_s = self._down.more_s = -0.5 * link_s
        self._driver = receiving.start(DRIVER, NAME)
        self._sequence = 30000
        self._last_heard_s = kept_s
        self._told_s: float | None = None
        self._freed_s: float | None = None
        self._again = False
        self._most_n = 0.0
        self._why: tuple[str, ...] = ()
        self._ticked_s = kept_s
        self._gone = False

    def run(self) -> LetGo:
        steps = round((_READ_S + 0.1 + _LOOKED_S + (1.0 if self._cause == "over_force" else 0.0))
                      / _EVERY_S)  # fmt: skip
        for i in range(1, steps + 1):
            now_s = self._begun_s + i * _EVERY_S
            if i == _DELAYED_FROM:
                self._up.more_s = self._down.more_s = 0.0
            if now_s >= self._fault_s:
                self._amiss(now_s)
            self._band_side(now_s)
            if not (self._gone and self._cause == "killed"):
                self._session_side(now_s)
            self._look(now_s)
            if self._freed_s is not None and now_s > self._freed_s + 0.6:
                break
        since_s = self._last_heard_s if self._cause == "silent" else self._told_s
        after_s = None if self._freed_s is None or since_s is None else self._freed_s - since_s
        return LetGo(self._cause, after_s, self._again, self._most_n, self._link_s, self._why)

    def _amiss(self, now_s: float) -> None:
        band, first, cause = self._band, not self._gone, self._cause
        self._gone = True
        if cause == "over_force":
            band.jerk_m += _DRAWN_M_S * _EVERY_S
            self._tell(now_s, band.true_n > DRIVE.most_n)
        elif cause == "over_speed":
            band.runs_away = True
            self._tell(now_s, abs(band.speed_m_s) > guard.OVER_SPEED_M_S)
        elif first:
            self._tell(now_s, True)
            self._once(now_s)

    def _tell(self, now_s: float, so: bool) -> None:
        """From now on the cause can be told."""
        if so and self._told_s is None:
            self._told_s = now_s

    def _once(self, now_s: float) -> None:
        band, cause = self._band, self._cause
        if cause in _SAID:
            kind, value = _SAID[cause]
            self._step(PersonSignal(now_s, kind, value=value))
        elif cause == "link_lost":
            band.link_lost()
            self._up.cut = self._down.cut = True
            self._step(LinkSample(now_s, NAME, up=False))
        elif cause == "slow":
            self._down.more_s = 0.4
        elif cause == "jerk":
            band.jerk_m = 0.02
        elif cause == "grip":
            band.grip_closed = False
        band.broken_bytes = cause == "measurement_damaged"
        band.broken_sensor = cause == "cell_broken"
        band.silent = cause == "silent"

    def _band_side(self, now_s: float) -> None:
        for order_s, order in self._down.arrived(now_s):
            left_s = order.valid_for_s - (now_s - order_s)
            if order.force_n > 0.0 and left_s < codec.LEAST_VALID_S:
                continue
            self._sequence = (self._sequence + 1) % 0x10000
            write = set_point(
                ordered(
                    self._sequence, force_n=order.force_n, rate_n_s=order.rate_n_s, valid_s=left_s
                )
            )
            if self._gone and self._cause == "set_point_damaged":
                raw = write.payload
                write = Write(write.characteristic, raw[:-1] + bytes((raw[-1] ^ 1,)))
            self._band.write(write)
        for notice in self._band.advance(now_s):
            if notice.characteristic == codec.MEASUREMENT:
                if not self._gone:
                    self._last_heard_s = now_s
                self._up.send(notice, now_s)

    def _session_side(self, now_s: float) -> None:
        while self._waiting and self._waiting[0].t_s <= now_s - LIVE_LAG_S:
            self._step(self._waiting.pop(0))
        heard, broken = False, False
        for notice in self._up.arrived(now_s):
            self._driver, received = receiving.step(DRIVER, self._driver, notice, now_s)
            for sample in received.observations:
                self._step(sample)
            heard, broken = True, broken or any(is_broken(r) for r in received.rejections)
        if heard or now_s - self._ticked_s >= TICK_S:
            self._ticked_s = now_s
            order = self._step(DriveMoment(now_s, NAME, broken))
            if order is not None:
                self._down.send((now_s, order), now_s)
                self._most_n = max(self._most_n, order.force_n)
                self._why = self._why or order.why
                self._again |= (
                    self._freed_s is not None
                    and order.force_n > 0.0
                    and (now_s > self._freed_s + 0.5 * self._link_s * (1.0 + _JITTER) + 0.05)
                )

    def _step(self, item: Came) -> BandOrder | None:
        self._state, out = pipeline.step(self._params, self._state, item)
        return out.order

    def _look(self, now_s: float) -> None:
        following = self._band.state.mode is BandMode.FOLLOWING
        if self._freed_s is None:
            # The winder pays out, and not only that it was told to.
            if not following and self._band.speed_m_s < 0.0:
                self._freed_s = now_s
        elif following:
            self._again = True


def trials(
    session: Session, count: int, *, seed: int, heard: Callable[[LetGo], None] = lambda _: None
) -> list[LetGo]:
    """Random moments, delays of 10 to 100 ms there and back, each cause as often as the others."""
    chance = np.random.default_rng((761, seed))
    found, times = [], sorted(session.kept)
    for n in range(count):
        at_s, link_s = times[int(chance.integers(len(times)))], float(chance.uniform(0.01, 0.1))
        trial = Trial(session, at_s, CAUSES[n % len(CAUSES)], seed=1000 * seed + n, link_s=link_s)
        found.append(trial.run())
        heard(found[-1])
    return found
