"""A ramp to tolerance in a room of the live application: led, told, kept, broken off."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from lengthwise.contracts.care import Care, Course
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.observation import CameraStream, RecordingHeader, SignalKind, View
from lengthwise.contracts.person import MarkKind, Person
from lengthwise.contracts.session import LOG_VERSION, RampAsked, SessionConfig, SessionStarted
from lengthwise.contracts.wire import RampView, Shown, Word
from lengthwise.live.roles import PAGE
from lengthwise.live.sequencer import TICK_S
from lengthwise.sim import recording
from lengthwise.testing.ramped_room import RATE_HZ, RampedRoom

BEGUN_S = 5000.0
CLEAR = Care(
    baseline_nrs=1.0, course=Course.CHRONIC, neural_signs=(), pain_relief=False, flare=False,
    irritable=False, hypermobile=False, osteoporotic=False, pregnant=False, warm=True,
)  # fmt: skip
to_bytes = msgspec.msgpack.Encoder().encode


@pytest.fixture(scope="module", autouse=True)
def seldom() -> Iterator[None]:
    """Sensors are felt as often as in the process of such a room."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "RATE_HZ", RATE_HZ)
        yield


def started(care: Care = CLEAR) -> SessionStarted:
    camera = CameraStream(640, 480, None, view=View.LEFT)
    return SessionStarted(
        LOG_VERSION, "20260202T080000Z-000000", "2026-02-02T08:00:00Z", "test",
        SessionConfig("standing_hip_flexor", Side.LEFT, care=care, ramp=RampAsked(())),
        RecordingHeader("live", "live", (camera,)), Person("anna"),
    )  # fmt: skip


class Led:
    """Somebody who presses keys before a screen; time passes as fast as it can."""

    def __init__(self, folder: Path, care: Care = CLEAR) -> None:
        self.room = RampedRoom(started(care), folder, begun_s=BEGUN_S)
        self.room.join("page", PAGE)
        self.now_s, self.seq = BEGUN_S, 0
        self.parts: list[RampView] = []

    @property
    def part(self) -> str:
        return self.parts[-1].part if self.parts else ""

    def until(self, holds: Callable[[], bool], *, within_s: float = 120.0) -> None:
        ends_s = self.now_s + within_s
        while not holds():
            assert self.now_s < ends_s, f"not within {within_s:g} s; at {self.part or 'nothing'}"
            self.now_s += TICK_S
            for message in self.room.pass_time(now_s=self.now_s):
                if isinstance(message, Shown) and message.ramp is not None:
                    if not self.parts or self.parts[-1].part != message.ramp.part:
                        self.parts.append(message.ramp)
                    self.parts[-1] = message.ramp

    def wait(self, seconds: float) -> None:
        over_s = self.now_s + seconds
        self.until(lambda: self.now_s >= over_s)

    def says(self, kind: SignalKind, value: float | None = None) -> None:
        self.seq += 1
        self.room.take("page", to_bytes(Word(self.seq, kind, value)), now_s=self.now_s)

    def one_ramp(self) -> None:
        """To the first gentle pull, one step, and enough."""
        self.until(lambda: self.part == "pulling")
        self.wait(6.0)
        self.says(SignalKind.FIRST_RESISTANCE)
        self.until(lambda: self.part == "stepping")
        self.until(lambda: self.part == "waiting")
        self.says(SignalKind.TOLERANCE)
        self.until(lambda: self.part in ("resting", "over"))


@pytest.fixture
def led(tmp_path: Path) -> Led:
    return Led(tmp_path)


def test_two_ramps_are_led_and_the_screen_is_told_where_they_stand(led: Led) -> None:
    led.one_ramp()
    assert (led.parts[-1].number, led.parts[-1].of) == (1, 2)
    rest_s = led.parts[-1].rest_s
    assert rest_s is not None and rest_s > 28.0
    so_far = led.room.ramps_so_far
    assert [r.harmed for r in so_far] == [None], "that no harm goes with it is not known yet"
    led.one_ramp()
    led.until(lambda: led.room.over)
    led.wait(0.5)
    latest = led.room.latest
    assert latest is not None and latest.ramp is None, "what follows is shown as ever"
    parts = [p.part for p in led.parts]
    assert parts[: parts.index("pulling")] == ["ready"]
    second = parts.index("resting") + 1
    assert all(p.number == 2 for p in led.parts[second:])
    marks = led.room.marks.marks()
    kinds = [m.kind for m in marks if m.group.value == "psoas"]
    assert kinds.count(MarkKind.TOLERANCE) == 1 and kinds.count(MarkKind.FIRST_RESISTANCE) == 2
    assert [r.harmed for r in led.room.marks.ramps()] == [False, False]
    led.says(SignalKind.PAIN, 5.0)  # at the end: it takes back what was measured
    assert [r.harmed for r in led.room.ramps_so_far] == [True, True]
    assert all(m.kind is MarkKind.FIRST_RESISTANCE for m in led.room.marks.marks())
    assert led.room.end().complete


def test_of_a_page_that_is_closed_in_mid_ramp_nothing_is_kept_and_it_counts_as_begun(
    led: Led,
) -> None:
    led.until(lambda: led.part == "pulling")
    led.wait(6.0)
    led.says(SignalKind.FIRST_RESISTANCE)
    led.until(lambda: led.part == "stepping")
    led.room.leave("page", now_s=led.now_s)
    led.until(lambda: led.part == "over")
    assert led.room.phase is Phase.PAUSED
    totals = led.room.end()
    assert not totals.complete
    assert all(m.kind is MarkKind.FIRST_RESISTANCE for m in led.room.marks.marks())
    assert [r.harmed for r in led.room.marks.ramps()] == [False]


def test_leaving_it_for_today_is_no_harm_and_ends_it(led: Led) -> None:
    led.until(lambda: led.part == "pulling")
    led.says(SignalKind.POSTPONE)
    led.until(lambda: led.room.phase is Phase.DONE)
    assert [r.harmed for r in led.room.marks.ramps()] == [False]


def test_who_is_not_warm_is_told_how_much_is_left_and_nothing_is_begun(tmp_path: Path) -> None:
    led = Led(tmp_path, replace(CLEAR, warm=None))
    led.until(lambda: (led.parts[-1].warm_s or 0.0) > 8.0 if led.parts else False)
    told = led.parts[-1]
    assert told.part == "warming" and told.warm_needed_s == 120.0
    assert led.room.phase is Phase.GET_READY and led.room.ramps_so_far == ()
