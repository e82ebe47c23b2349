"""Rooms of one process: what overtakes what, and that no room takes another one with it."""

import multiprocessing
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import DecisionKind
from lengthwise.contracts.observation import SignalKind
from lengthwise.contracts.session import SessionEnded
from lengthwise.contracts.wire import FromSession, Told, Word
from lengthwise.live import nursery
from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
from lengthwise.live.room import Room
from lengthwise.live.rooms import Rooms
from lengthwise.live.sequencer import TICK_S
from lengthwise.live.workers import (
    MOST_WAITING,
    Broken,
    Close,
    End,
    Ended,
    FromWorker,
    Join,
    Said,
    Take,
    Through,
    Worker,
)
from lengthwise.record.log import LogWriter
from lengthwise.record.log_reading import read_log
from lengthwise.sim.recording import Plan, SimulatedRecording

PLAN = Plan(
    exercise_id="half_kneeling_hip_flexor",
    side=Side.LEFT,
    seed=3,
    sensors="camera",
    duration_s=60.0,
)
to_bytes = msgspec.msgpack.Encoder().encode
from_worker = msgspec.msgpack.Decoder(FromWorker)
from_session = msgspec.msgpack.Decoder(FromSession)


class Process:
    """The inside of a process without one: what the edge sends, and what it hears."""

    def __init__(self, folder: Path, *rooms: str) -> None:
        self.edge, inside = multiprocessing.Pipe()
        self.now_s = 1000.0
        self.inside = Rooms(inside, clock_s=lambda: self.now_s)
        recording = SimulatedRecording(PLAN, guide=lambda _t_s: None)
        for name in rooms:
            (folder / name).mkdir()
            started = rehearsal_started(Rehearsal(PLAN, folder / name, calibrated=False), recording)
            self.inside._rooms[name] = Room(started, folder / name, begun_s=self.now_s)

    def turn(self, *messages: Any) -> list[FromWorker]:
        """What comes at once, all of it taken, and half a second after it."""
        for message in messages:
            self.edge.send_bytes(to_bytes(message))
        self.inside._read(0.0)
        while self.inside._waiting:
            self.inside._take(self.inside._waiting.popleft())
        for _ in range(10):
            self.now_s += TICK_S
            self.inside._let_time_pass()
        self.inside.say_ended(wait=True)
        heard = []
        while self.edge.poll():
            heard.append(from_worker.decode(self.edge.recv_bytes()))
        return heard


def told(heard: list[FromWorker], room: str) -> list[Told]:
    said = [from_session.decode(m.raw) for m in heard if isinstance(m, Said) and m.room == room]
    return [m for m in said if isinstance(m, Told)]


def test_a_stop_that_comes_with_its_line_is_taken(tmp_path: Path) -> None:
    process = Process(tmp_path, "a")
    stop = Take("a", "page", to_bytes(Word(1, SignalKind.STOP)), urgent=True)
    heard = process.turn(Join("a", "page", "page"), stop)
    assert any(m.decision.kind is DecisionKind.STOP for m in told(heard, "a"))
    assert [m.room for m in heard if isinstance(m, Through)] == ["a"]
    assert not any(isinstance(m, Through) for m in process.turn()), "it is said once"


def test_a_message_of_a_line_that_never_joined_breaks_nothing(tmp_path: Path) -> None:
    process = Process(tmp_path, "a")
    stop = Take("a", "nobody", to_bytes(Word(1, SignalKind.STOP)), urgent=True)
    heard = process.turn(stop)
    assert not any(isinstance(m, Broken) for m in heard)
    assert "a" in process.inside._rooms


def test_a_room_that_fails_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process(tmp_path, "a", "b")

    def fails(*_given: object, **_named: object) -> list[FromSession]:
        raise MemoryError

    monkeypatch.setattr(process.inside._rooms["a"], "pass_time", fails)
    heard = process.turn(Join("b", "page", "page"))
    assert [m.room for m in heard if isinstance(m, Broken)] == ["a"]
    LogWriter.reopened(tmp_path / "a" / "session.log").close()
    stop = Take("b", "page", to_bytes(Word(1, SignalKind.STOP)), urgent=True)
    assert told(process.turn(stop), "b")


def test_a_room_that_nobody_waits_for_any_more_is_ended(tmp_path: Path) -> None:
    process = Process(tmp_path, "a")
    room = process.inside._rooms.pop("a")
    process.inside._opening.add("a")
    assert not process.turn(End("a"))
    process.inside._opened.put(("a", room))
    assert any(isinstance(m, Ended) for m in process.turn())
    assert not process.inside._rooms


def test_where_the_edge_was_killed_rooms_are_left_to_go_on_with(tmp_path: Path) -> None:
    process = Process(tmp_path, "a")
    process.turn(Join("a", "page", "page"))
    process.edge.close()
    process.inside.run()
    log = tmp_path / "a" / "session.log"
    LogWriter.reopened(log).close()
    assert not any(isinstance(e, SessionEnded) for e in read_log(log))


def test_where_the_edge_closes_every_room_is_finished(tmp_path: Path) -> None:
    process = Process(tmp_path, "a", "b")
    process.edge.send_bytes(to_bytes(Close()))
    process.inside.run()
    heard = []
    while process.edge.poll():
        heard.append(from_worker.decode(process.edge.recv_bytes()))
    assert sorted(m.room for m in heard if isinstance(m, Ended)) == ["a", "b"]
    assert (tmp_path / "a" / "session.mcap").exists()


def test_closed_by_two_at_once_it_is_one_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """An idle process that is let go of while the server ends: its descriptor is waited on once."""
    at_once: list[int] = []
    two_here = threading.Barrier(2, timeout=0.2)

    class Ending:
        def __init__(self, _entry: str) -> None:
            self.end, self.there = multiprocessing.Pipe()

        def start(self) -> None:
            pass

        def finish(self, *, within_s: float) -> None:
            try:
                two_here.wait()
                at_once.append(2)
            except threading.BrokenBarrierError:
                at_once.append(1)
            self.there.close()

    monkeypatch.setattr(nursery, "Process", Ending)
    worker = Worker(lambda _: None, lambda: None)
    closing = [threading.Thread(target=worker.close) for _ in range(2)]
    for thread in closing:
        thread.start()
    for thread in closing:
        thread.join()
    assert at_once == [1, 1]


def test_in_a_crowd_readings_are_left_out_and_nothing_else_is(tmp_path: Path) -> None:
    """Ten seconds of images of two lines at once, with words between them."""
    process = Process(tmp_path)

    def bring(sent: list[Take]) -> list[Any]:
        for message in sent:
            process.edge.send_bytes(to_bytes(message))
            process.inside._read(0.0)
        return list(process.inside._waiting)

    sent = [
        Take("a", line, b"%d" % n, fleeting=n % 50 != 0) for n in range(300) for line in ("p", "q")
    ]
    waiting = bring(sent)
    words = [m for m in sent if not m.fleeting]
    assert [m for m in waiting if not m.fleeting] == words
    assert [m for m in sent if m in waiting] == waiting, "in their order"
    assert MOST_WAITING <= len(waiting) <= MOST_WAITING + len(words)
    for _ in range(30):
        process.inside._waiting.popleft()
    newest = Take("a", "p", b"newest", fleeting=True)
    assert bring([newest])[-1] == newest
