"""A room: a page's messages in, a whole session out; what cannot be used is counted and left."""

import dataclasses
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import DecisionKind, Guidance, Phase
from lengthwise.contracts.observation import (
    UNWELL,
    ImuSample,
    LandmarkFrame,
    Observation,
    PersonSignal,
    SignalKind,
)
from lengthwise.contracts.session import DecisionLogged, SessionEnded
from lengthwise.contracts.wire import (
    MOST_BYTES,
    Clock,
    Credit,
    FromSession,
    Hello,
    Landmarks,
    Motion,
    Refused,
    Shown,
    Told,
    Windows,
    Word,
)
from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
from lengthwise.live.roles import PAGE, PHONE
from lengthwise.live.room import AlreadyOverError, Room
from lengthwise.live.sequencer import TICK_S
from lengthwise.record.log_reading import read_log
from lengthwise.record.recover import recover
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.record.stops import StopSeen
from lengthwise.sim.recording import Plan, SimulatedRecording
from replayed import replayed_decisions

pytestmark = pytest.mark.usefixtures("sparse")
BEGUN_S = 5000.0
OFFSET_S = 123.4
"""The page's clock shows so much less than the host's."""
PLAN = Plan(
    exercise_id="half_kneeling_hip_flexor",
    side=Side.LEFT,
    seed=3,
    sensors="camera+sacrum",
    duration_s=150.0,
)
to_bytes = msgspec.msgpack.Encoder().encode


class Page:
    """The other end of a room: a simulated person whose images and words go over the wire."""

    def __init__(self, folder: Path, plan: Plan = PLAN) -> None:
        self.guidance: Guidance | None = None
        self.recording = SimulatedRecording(plan, guide=lambda _t_s: self.guidance)
        started = rehearsal_started(Rehearsal(plan, folder, calibrated=False), self.recording)
        self.room = Room(started, folder, begun_s=BEGUN_S)
        self.told: list[Told] = []
        self.refused: list[Refused] = []
        self.kinds: list[type] = []
        self.seq = 0
        self.now_s = BEGUN_S
        self.join()

    def join(self) -> None:
        for line, role in (("page", PAGE), ("phone", PHONE)):
            self.room.join(line, role)
            at_s = self.now_s - OFFSET_S
            self.room.take(line, to_bytes(Clock(at_s)), now_s=self.now_s)
            clock = Clock(at_s + 0.01, (at_s, self.now_s - BEGUN_S + 0.005, at_s + 0.01))
            self.room.take(line, to_bytes(clock), now_s=self.now_s)

    def hear(self, out: list[FromSession]) -> None:
        for message in out:
            self.kinds.append(type(message))
            if isinstance(message, Shown):
                self.guidance = message.guidance
            elif isinstance(message, Told):
                self.told.append(message)
            elif isinstance(message, Refused):
                self.refused.append(message)

    def say(self, raw: bytes, line: str = "page") -> list[FromSession]:
        out = self.room.take(line, raw, now_s=self.now_s)
        self.hear(out)
        return out

    def word(self, kind: SignalKind, value: float | None = None) -> list[FromSession]:
        self.seq += 1
        return self.say(to_bytes(Word(self.seq, kind, value)))

    def bring(self, o: Observation) -> None:
        self.now_s = max(self.now_s, BEGUN_S + o.t_s)
        self.seq += 1
        device_s = BEGUN_S + o.t_s - OFFSET_S
        if isinstance(o, LandmarkFrame):
            self.say(to_bytes(Landmarks(self.seq, device_s, 1, values(o))))
        elif isinstance(o, ImuSample):
            row = np.array([[device_s, *o.acc_m_s2, *(o.gyr_rad_s or (0.0, 0.0, 0.0))]])
            self.say(to_bytes(Motion(self.seq, row.astype("<f8").tobytes())), "phone")
        elif isinstance(o, PersonSignal):
            self.word(o.kind, o.value)

    def wait(self, seconds: float) -> None:
        """Nothing comes, and time passes."""
        for _ in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            self.hear(self.room.pass_time(now_s=self.now_s))

    def until(self, phase: Phase, observations: Iterator[Observation]) -> None:
        for o in observations:
            self.bring(o)
            if self.room.phase is phase:
                return
        raise AssertionError(f"never {phase}; last {self.room.phase}")


def values(frame: LandmarkFrame) -> bytes:
    world = np.zeros((33, 3)) if frame.world_m is None else frame.world_m
    columns = [frame.xy_px, frame.image_z_px[:, None], frame.visibility[:, None], world]
    table = np.where(frame.present[:, None], np.hstack(columns), np.nan)
    return table.astype("<f4").tobytes()


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(tmp_path)


@pytest.fixture
def seen(tmp_path: Path) -> Page:
    """By a camera alone."""
    return Page(tmp_path, dataclasses.replace(PLAN, sensors="camera"))


def test_a_whole_session_goes_over_the_wire_and_is_written_down(page: Page) -> None:
    page.until(Phase.DONE, page.recording.read())
    totals = page.room.end()
    assert not page.refused
    assert totals.complete and totals.effective_s is not None
    assert totals.effective_s + (totals.uncertain_s or 0.0) > 20.0
    events = list(read_sealed(page.room.folder / "session.mcap"))
    decisions = [e.decision for e in events if isinstance(e, DecisionLogged)]
    assert [t.decision for t in page.told] == decisions
    assert [t.seq for t in page.told] == list(range(1, len(decisions) + 1))
    assert not (page.room.folder / "report.html").exists(), "drawn by whoever has the memory for it"


def test_windows_are_told_before_a_view_and_again_to_who_comes_later(page: Page) -> None:
    page.until(Phase.EASE_IN, page.recording.read())
    first, count = page.kinds.index(Windows), page.kinds.count(Windows)
    assert first < page.kinds.index(Shown) and count == 1
    page.word(SignalKind.FIRST_RESISTANCE)
    page.wait(1.0)
    assert page.kinds.count(Windows) == count + 1, "a mark changes them, and nothing else does"
    page.join()
    page.wait(1.0)
    assert page.kinds.count(Windows) == count + 2


def test_a_stop_is_on_the_disk_before_it_is_told(page: Page) -> None:
    page.until(Phase.HOLD, page.recording.read())
    out = page.word(SignalKind.STOP)
    assert any(isinstance(m, Told) and m.decision.kind is DecisionKind.STOP for m in out)
    logged = read_log(page.room.folder / "session.log")
    assert any(
        isinstance(e, DecisionLogged) and e.decision.kind is DecisionKind.STOP for e in logged
    )
    assert page.room.over


def test_a_stop_is_taken_however_it_comes(page: Page) -> None:
    page.until(Phase.HOLD, page.recording.read())
    for _ in range(200):
        page.word(SignalKind.REPEAT)
    assert page.refused, "so many words are not taken"
    page.say(to_bytes(Word(0, SignalKind.STOP)))
    assert page.room.phase is Phase.STOPPED


def killed(page: Page, *, away_s: float = 0.0) -> None:
    """The room's process is killed in the middle of what it does, and another goes on."""
    page.room.let_be()
    page.now_s += away_s
    page.room = Room.gone_on_with(page.room.folder, now_s=page.now_s, away_s=away_s)
    page.seq = 0
    page.join()


def effective_s(page: Page) -> float:
    assert page.guidance is not None
    return page.guidance.effective_s + page.guidance.uncertain_s


def held(page: Page, observations: Iterator[Observation], seconds: float) -> None:
    page.until(Phase.HOLD, observations)
    for o in observations:
        page.bring(o)
        if effective_s(page) >= seconds:
            return
    raise AssertionError("it was not held")


def test_who_comes_back_begins_at_rest_and_has_lost_no_second(seen: Page) -> None:
    held(seen, seen.recording.read(), 3.0)
    before_s = effective_s(seen)
    seen.hear(seen.room.leave("page", now_s=seen.now_s))
    assert seen.room.phase in (Phase.RELEASE, Phase.PAUSED)
    seen.wait(10.0)
    assert seen.room.phase is Phase.PAUSED
    seen.join()
    seen.wait(1.0)
    assert seen.room.phase is Phase.PAUSED
    seen.word(SignalKind.RESUME)
    seen.wait(0.3)
    assert seen.room.phase is Phase.GET_READY
    assert effective_s(seen) == pytest.approx(before_s, abs=0.1)


def test_a_killed_session_goes_on_at_rest_and_loses_no_second(page: Page) -> None:
    observations = page.recording.read()
    held(page, observations, 8.0)
    before_s = effective_s(page)
    for _ in range(2):  # also where what brings it back is killed in turn
        killed(page)
        assert page.room.phase is Phase.PAUSED
    page.wait(1.0)
    assert page.room.phase is Phase.PAUSED, "nothing goes on before it is asked for"
    page.word(SignalKind.RESUME)
    page.wait(0.3)
    assert page.room.phase is Phase.GET_READY
    assert effective_s(page) == pytest.approx(before_s, abs=0.1)
    held(page, observations, before_s + 2.0)
    for _ in range(20):  # the rest is left out
        if page.room.phase is Phase.DONE:
            break
        page.word(SignalKind.SKIP)
        for o in islice(observations, 100):
            page.bring(o)
    assert page.room.phase is Phase.DONE
    totals = page.room.end()
    assert totals.complete and not page.refused
    sealed = page.room.folder / "session.mcap"
    recorded, again = replayed_decisions(sealed)
    assert recorded == again
    assert not (page.room.folder / "session.state").exists()


def test_a_killed_session_knows_how_long_it_was_away(seen: Page) -> None:
    seen.until(Phase.HOLD, seen.recording.read())
    before_s = seen.guidance.t_s if seen.guidance else 0.0
    killed(seen, away_s=300.0)
    seen.wait(0.5)
    assert seen.room.latest is not None
    assert seen.room.latest.t_s == pytest.approx(before_s + 300.5, abs=0.5)
    assert seen.room.phase is Phase.PAUSED
    seen.room.end()
    recorded, again = replayed_decisions(seen.room.folder / "session.mcap")
    assert recorded == again


def test_a_stopped_session_is_not_gone_on_with(seen: Page) -> None:
    seen.until(Phase.HOLD, seen.recording.read())
    seen.word(SignalKind.STOP)
    seen.room.let_be()
    with pytest.raises(AlreadyOverError):
        Room.gone_on_with(seen.room.folder, now_s=seen.now_s, away_s=1.0)
    assert recover(seen.room.folder)[0].problem is None


def test_who_is_not_well_on_coming_back_is_asked_anew(seen: Page) -> None:
    seen.until(Phase.HOLD, seen.recording.read())
    seen.hear(seen.room.leave("page", now_s=seen.now_s))
    seen.join()
    seen.say(to_bytes(Word(1, SignalKind.STOP, UNWELL)))
    assert seen.room.phase is Phase.STOPPED and seen.room.screening_needed
    stops = StopSeen()
    for event in read_log(seen.room.folder / "session.log"):
        stops.take(event)
    assert stops.asks_anew, "its record alone says so"


@pytest.mark.parametrize("ahead_s", [2.0, 3600.0, 1e300, -1e300])
def test_a_time_that_is_not_of_the_session_is_refused_and_the_next_image_is_taken(
    page: Page, ahead_s: float
) -> None:
    """Found by the fuzzer: one image from far ahead made all later ones too old, and no report."""
    seen = (o for o in page.recording.read() if isinstance(o, LandmarkFrame))
    frames = list(islice(seen, 30))
    for frame in frames[:15]:
        page.bring(frame)
    page.seq += 1
    far = to_bytes(Landmarks(page.seq, page.now_s - OFFSET_S + ahead_s, 1, values(frames[0])))
    (refused,) = page.say(far)
    assert isinstance(refused, Refused) and "not of this session" in refused.what
    page.say(to_bytes(Clock(1.0, (0.9, 1e9, 1.0))))
    before = page.room.latest
    for frame in frames[15:]:
        page.bring(frame)
    assert page.room.latest is not before and len(page.refused) == 1
    assert page.room.end().frames >= 25


def test_a_session_that_is_left_is_written_as_cut_off(page: Page) -> None:
    page.until(Phase.HOLD, page.recording.read())
    assert not page.room.end().complete
    *_, ended = read_sealed(page.room.folder / "session.mcap")
    assert isinstance(ended, SessionEnded) and not ended.complete


def test_a_phone_brings_motion_and_nothing_else(page: Page) -> None:
    for message in (Word(1, SignalKind.RESUME), Word(2, SignalKind.STOP)):
        page.say(to_bytes(message), "phone")
    page.say(to_bytes(Landmarks(3, 0.0, 1, bytes(33 * 28))), "phone")
    assert len(page.refused) == 3
    assert page.room.phase is None


def test_nothing_is_taken_twice_or_before_the_clocks_were_compared(page: Page) -> None:
    frame = next(o for o in page.recording.read() if isinstance(o, LandmarkFrame))
    page.bring(frame)
    again = Landmarks(page.seq, BEGUN_S + frame.t_s - OFFSET_S, 1, values(frame))
    page.say(to_bytes(again))
    assert [r.what for r in page.refused] == ["a message that is older than the last one"]
    page.room.join("page", PAGE)
    page.say(to_bytes(msgspec.structs.replace(again, seq=10**6)))
    assert page.refused[-1].what == "a time before the clocks were compared"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return Page(tmp_path_factory.mktemp("garbage"))


floats = st.floats(allow_nan=True, allow_infinity=True)
messages = st.one_of(
    st.binary(max_size=200),
    st.binary(min_size=MOST_BYTES + 1, max_size=MOST_BYTES + 5),
    st.builds(Landmarks, st.integers(), floats, st.integers(), st.binary(max_size=1000)),
    st.builds(Landmarks, st.integers(), floats, st.just(1), st.binary(min_size=924, max_size=924)),
    st.builds(Motion, st.integers(), st.binary(min_size=56, max_size=56)),
    st.builds(Word, st.integers(), st.just(SignalKind.PAIN), floats),
    st.builds(Clock, floats, st.none() | st.tuples(floats, floats, floats)),
    st.builds(Credit, st.integers()),
    st.builds(Hello, st.just(1), st.text(max_size=50)),
    st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=8), max_size=4),
)


@given(messages, st.sampled_from(["page", "phone"]))
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
def test_garbage_is_refused_and_nothing_falls_over(
    shared: Page, message: object, line: str
) -> None:
    try:
        raw = message if isinstance(message, bytes) else to_bytes(message)
    except OverflowError:
        return
    shared.now_s += 0.01
    out = shared.say(raw, line)
    assert all(not isinstance(m, Refused) or len(m.what) < 100 for m in out)
    assert shared.say(to_bytes(Clock(1.0)), line), "it still answers"
