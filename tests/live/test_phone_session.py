"""A session that begins with a phone: its standing is the zero, its loss is seen, and the sealed
record decides the same again."""

from math import degrees
from pathlib import Path

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.observation import (
    CameraStream,
    ImuSample,
    LandmarkFrame,
    LateSample,
    Segment,
    SignalKind,
)
from lengthwise.contracts.session import (
    DecisionLogged,
    ObservationLogged,
    SessionConfig,
    SessionEvent,
)
from lengthwise.contracts.states import Unseen
from lengthwise.contracts.wire import (
    MOST_SAMPLES,
    Clock,
    FromSession,
    Landmarks,
    Motion,
    Refused,
    Shown,
    Word,
)
from lengthwise.live import guided
from lengthwise.live.analyze import AnalyzeRequest, analyze
from lengthwise.live.phone_standing import Standing
from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
from lengthwise.live.roles import PAGE, PHONE
from lengthwise.live.room import Room
from lengthwise.live.sequencer import LIVE_LAG_S, TICK_S
from lengthwise.live.worn import STANDS_S
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.reference.exercises import exercise
from lengthwise.sim.recording import Plan, SimulatedRecording

BEGUN_S = 9000.0
JOINS_S = 4.5
"""The page is there so long after the person began to stand still."""
HZ = 100.0
PLAN = Plan(
    exercise_id="half_kneeling_hip_flexor",
    side=Side.LEFT,
    seed=5,
    sensors="camera+sacrum",
    duration_s=34.0,
    stand_s=6.0,
)
TILT = INDEX[Coordinate.PELVIS_TILT]
to_bytes = msgspec.msgpack.Encoder().encode


def as_phone(sample: ImuSample) -> ImuSample:
    """The simulated sensor has x to the front and z up; a phone at the sacrum y up, -z to the
    front, and x to the person's right."""

    def turned(v: tuple[float, float, float]) -> tuple[float, float, float]:
        front, left, up = v
        return -left, up, -front

    assert sample.gyr_rad_s is not None
    return ImuSample(sample.t_s, sample.segment, turned(sample.acc_m_s2), turned(sample.gyr_rad_s))


class Led:
    """A simulated person with a phone, before a room; the phone is not heard in `lost`, and then
    brings what it `keeps` of that."""

    def __init__(
        self, folder: Path, *, lost: tuple[float, float] = (1e9, 1e9), keeps: bool = False
    ) -> None:
        self.guidance: Guidance | None = None
        self.lost, self.keeps = lost, keeps
        self.recording = SimulatedRecording(PLAN, guide=lambda _t_s: self.guidance)
        self.shown: list[Shown] = []
        self.refused: list[Refused] = []
        self.seq = 0
        folder.mkdir()
        self.room = self._opened(folder)
        self.page = False

    def _opened(self, folder: Path) -> Room:
        standing = Standing("sacrum", HZ)
        for o in SimulatedRecording(PLAN).read():
            if isinstance(o, ImuSample):
                standing.take(as_phone(o))
            if standing.found is not None:
                break
        assert standing.found is not None
        self.worn = standing.found
        started = rehearsal_started(Rehearsal(PLAN, folder, calibrated=False), self.recording)
        camera = next(s for s in started.recording.streams if isinstance(s, CameraStream))
        chosen = exercise(PLAN.exercise_id)
        started = replace(
            started,
            config=replace(started.config, zero_s=guided._zero_s(self.worn, chosen)),
            recording=replace(started.recording, streams=(camera, self.worn.stream())),
        )
        self.from_s = self.worn.stood_s[0]
        room = Room(started, folder, begun_s=BEGUN_S + self.from_s)
        room.join("phone", PHONE)
        at_s = BEGUN_S + self.from_s
        room.take("phone", to_bytes(Clock(at_s, (at_s, 0.0, at_s))), now_s=at_s)
        return room

    def hear(self, out: list[FromSession]) -> None:
        for message in out:
            if isinstance(message, Shown):
                self.guidance = message.guidance
                self.shown.append(message)
            elif isinstance(message, Refused):
                self.refused.append(message)

    def say(self, line: str, message: object, now_s: float) -> None:
        self.hear(self.room.take(line, to_bytes(message), now_s=now_s))

    def run(self, until_s: float = PLAN.duration_s) -> None:
        """Time passes as in a process: what comes, and a tick where nothing did."""
        ticked_s, bundle, kept = 0.0, list[ImuSample](), list[ImuSample]()
        for o in self.recording.read():
            now_s = BEGUN_S + o.t_s
            if o.t_s < self.from_s or (self.guidance and self.guidance.phase is Phase.DONE):
                continue
            if o.t_s >= until_s:
                return
            if not self.page and o.t_s >= self.from_s + JOINS_S:
                self._join(now_s)
            if o.t_s - ticked_s >= TICK_S:
                ticked_s = o.t_s
                self.hear(self.room.pass_time(now_s=now_s))
            if isinstance(o, ImuSample):
                silent = self.lost[0] <= o.t_s < self.lost[1]
                if silent and self.keeps:
                    kept = [*kept, *bundle, as_phone(o)]
                bundle = [] if silent else [*bundle, as_phone(o)]
                if len(bundle) == 10:
                    for at in range(0, len(kept), MOST_SAMPLES):
                        self._bring(kept[at : at + MOST_SAMPLES], now_s)
                    kept = []
                    self._bring(bundle, now_s)
                    bundle = []
            elif isinstance(o, LandmarkFrame) and self.page:
                self.seq += 1
                self.say("page", Landmarks(self.seq, now_s, 1, table(o)), now_s)

    def _join(self, now_s: float) -> None:
        self.page = True
        self.room.join("page", PAGE)
        session_s = now_s - BEGUN_S - self.from_s
        self.say("page", Clock(now_s, (now_s, session_s, now_s)), now_s)

    def _bring(self, samples: list[ImuSample], now_s: float) -> None:
        rows = [[BEGUN_S + s.t_s, *s.acc_m_s2, *(s.gyr_rad_s or ())] for s in samples]
        self.seq += 1
        self.say("phone", Motion(self.seq, np.array(rows).astype("<f8").tobytes()), now_s)

    def tilt(self, shown: Shown) -> tuple[float, float]:
        mean, sd = np.frombuffer(shown.angles, "<f4").reshape(-1, 2)[TILT].tolist()
        return degrees(mean), degrees(sd)

    def true_tilt_deg(self, shown: Shown) -> float:
        times_s, poses = self.recording.truth()
        return degrees(float(np.interp(shown.t_s + self.from_s, times_s, poses[:, TILT])))


def table(frame: LandmarkFrame) -> bytes:
    world = np.zeros((33, 3)) if frame.world_m is None else frame.world_m
    columns = [frame.xy_px, frame.image_z_px[:, None], frame.visibility[:, None], world]
    rows = np.where(frame.present[:, None], np.hstack(columns), np.nan)
    return rows.astype("<f4").tobytes()


def decisions(events: list[SessionEvent]) -> list[bytes]:
    return [to_bytes(e.decision) for e in events if isinstance(e, DecisionLogged)]


def test_the_standing_is_the_zero_and_the_sealed_record_decides_the_same(tmp_path: Path) -> None:
    led = Led(tmp_path / "live")
    led.run()
    led.say("page", Word(10**6, SignalKind.STOP), BEGUN_S + PLAN.duration_s)
    assert not led.refused
    held = [s for s in led.shown if s.t_s > 12.0]
    assert sum(s.unseen[TILT] == Unseen.CLAIMED.value for s in held) > 0.9 * len(held)
    for shown in held:
        mean, sd = led.tilt(shown)
        assert abs(mean - led.true_tilt_deg(shown)) < max(3.0, 2.0 * sd)
    led.room.end()
    sealed = led.room.folder / "session.mcap"
    analyze(AnalyzeRequest(sealed, tmp_path / "again", SessionConfig()))
    for name in ("body.csv", "tissue.csv", "events.jsonl"):
        assert (tmp_path / "again" / name).read_bytes() == (led.room.folder / name).read_bytes()
    again = list(read_sealed(tmp_path / "again" / "session.mcap"))
    live = decisions(list(read_sealed(sealed)))
    assert live and decisions(again) == live


def test_a_phone_that_is_lost_is_noticed_and_its_return_is_taken(tmp_path: Path) -> None:
    led = Led(tmp_path / "live", lost=(20.0, 24.0))
    led.run(until_s=32.0)

    def known(from_s: float, until_s: float) -> list[bool]:
        return [
            s.unseen[TILT] == Unseen.CLAIMED.value
            for s in led.shown
            if from_s <= s.t_s + led.from_s < until_s
        ]

    assert all(known(16.0, 20.0))
    assert not any(known(21.5, 24.0)), "what only the phone shows is no longer told"
    assert all(known(27.0, 31.0))
    back = [s for s in led.shown if 27.0 <= s.t_s + led.from_s < 31.0]
    assert all(
        abs(led.tilt(s)[0] - led.true_tilt_deg(s)) < max(4.0, 2.0 * led.tilt(s)[1]) for s in back
    )


def test_what_a_phone_kept_is_known_at_once_changes_nothing_before_and_is_replayed(
    tmp_path: Path,
) -> None:
    """The link is gone for five seconds; the session is cut off later and gone on with."""
    forgets = Led(tmp_path / "forgets", lost=(20.0, 25.0))
    forgets.run(until_s=26.0)
    led = Led(tmp_path / "keeps", lost=(20.0, 25.0), keeps=True)
    led.run(until_s=30.0)
    assert not led.refused

    def shown(of: Led, from_s: float, until_s: float) -> list[Shown]:
        return [s for s in of.shown if from_s <= s.t_s + of.from_s < until_s]

    # A frame waits 0.2 s for what belongs to its instant; what was kept of that comes in time.
    until_s = 25.0 - LIVE_LAG_S
    assert [to_bytes(s) for s in shown(led, 0.0, until_s)] == [
        to_bytes(s) for s in shown(forgets, 0.0, until_s)
    ], "in the gap it is as lost as ever"
    assert not any(s.unseen[TILT] == Unseen.CLAIMED.value for s in shown(led, 21.5, until_s))
    back = shown(led, 25.1, 30.0)
    assert all(s.unseen[TILT] == Unseen.CLAIMED.value for s in back)
    for s in back:
        mean, sd = led.tilt(s)
        assert abs(mean - led.true_tilt_deg(s)) < max(2.0, 2.0 * sd)
    led.room.let_be()
    again = Room.gone_on_with(led.room.folder, now_s=BEGUN_S + led.from_s + 40.0, away_s=1.0)
    again.end()
    sealed = list(read_sealed(again.folder / "session.mcap"))
    late = [e for e in sealed if isinstance(e, ObservationLogged)]
    late = [e for e in late if isinstance(e.observation, LateSample)]
    assert len(late) == pytest.approx(100 * (5.0 + 0.1 - LIVE_LAG_S), abs=12)
    analyze(AnalyzeRequest(again.folder / "session.mcap", tmp_path / "again", SessionConfig()))
    for name in ("body.csv", "tissue.csv", "events.jsonl"):
        assert (tmp_path / "again" / name).read_bytes() == (again.folder / name).read_bytes()


def test_where_an_exercise_begins_standing_the_zero_is_left_to_both_sensors() -> None:
    at = Standing("sacrum", HZ)
    for n in range(400):
        at.take(ImuSample(n / HZ, Segment.PELVIS, (0.0, 9.81, 0.01 * (n % 3)), (0.0, 0.0, 0.0)))
    assert at.found is not None
    assert guided._zero_s(at.found, exercise("standing_side_bend")) is None
    assert guided._zero_s(None, exercise("cat_cow")) is None
    zero = guided._zero_s(at.found, exercise("cat_cow"))
    assert zero == (0.0, pytest.approx(STANDS_S, abs=0.1))
