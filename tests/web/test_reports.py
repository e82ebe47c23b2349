"""The page of a session that is over: drawn apart, one at a time, and again where it was not."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.observation import RecordingHeader
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import LOG_VERSION, SessionConfig, SessionEnded, SessionStarted
from lengthwise.live import apart
from lengthwise.live.outputs import SessionOutputs
from lengthwise.record.store import ProfileStore
from lengthwise.web import reports as reports_module
from lengthwise.web.reports import Reports, Standing

IDS = ("20260101T000000Z-000001", "20260101T000000Z-000002")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Two sessions that are sealed and listed, without a page."""
    with ProfileStore.open(tmp_path, "anna") as store:
        for session_id in IDS:
            folder = store.session_folder(session_id).create()
            started = SessionStarted(
                LOG_VERSION, session_id, "2026-01-01T00:00:00Z", "test", SessionConfig(),
                RecordingHeader("nothing", "test", ()), Person("anna"),
            )  # fmt: skip
            with SessionOutputs(folder.path, started, Anatomy.build()) as outputs:
                outputs.take(SessionEnded(0.0, complete=True, frames=0))
                store.add_session(outputs.finish(draw=False), outputs.sealed_path)
    return tmp_path


def opening(home: Path) -> Callable[[], ProfileStore]:
    return lambda: ProfileStore.open(home, "anna")


def page(home: Path, session_id: str) -> Path:
    with ProfileStore.open(home, "anna") as store:
        return store.recording(session_id).with_name("report.html")


def test_what_was_not_drawn_is_drawn_in_a_process_of_its_own(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports_module, "_WAITED_FOR_S", 600.0)  # however busy this machine is
    reports = Reports(opening(kept))
    with ProfileStore.open(kept, "anna") as store:
        reports.draw_missing(store)
    assert all(reports.waited_for(i) for i in IDS)
    assert all("<html" in page(kept, i).read_text() for i in IDS)
    reports.close()


class Slow:
    """Draws when it is let, and tells how many are drawn at once."""

    def __init__(self) -> None:
        self.go, self.begun = threading.Event(), threading.Semaphore(0)
        self.now = self.most = 0

    def __call__(self, *_: Any) -> bytes:
        self.now += 1
        self.most = max(self.most, self.now)
        self.begun.release()
        assert self.go.wait(30.0)
        self.now -= 1
        return b"<html>"


def test_one_at_a_time_and_it_is_said_while_it_is_drawn(kept: Path) -> None:
    slow = Slow()
    reports = Reports(opening(kept), draw_page=slow)
    for session_id in (*IDS, *IDS):
        reports.draw(session_id)
    assert slow.begun.acquire(timeout=30.0)
    assert {reports.standing(i, there=False) for i in IDS} == {Standing.BEING_DRAWN}
    slow.go.set()
    assert all(reports.waited_for(i) for i in IDS)
    assert slow.most == 1
    assert [slow.begun.acquire(blocking=False) for _ in range(2)] == [True, False], "each once"
    assert all(page(kept, i).read_bytes() == b"<html>" for i in IDS)


def test_what_cannot_be_drawn_costs_neither_the_session_nor_the_next_one(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def draws(sealed: Path, *_: Any) -> bytes:
        if IDS[0] in str(sealed):
            raise apart.CutOffError
        return b"<html>"

    reports = Reports(opening(kept), draw_page=draws)
    for session_id in IDS:
        reports.draw(session_id)
    assert all(reports.waited_for(i) for i in IDS)
    assert reports.standing(IDS[0], there=False) is Standing.NOT_DRAWN
    assert not page(kept, IDS[0]).exists() and page(kept, IDS[1]).is_file()
    assert page(kept, IDS[0]).with_name("session.mcap").is_file()
    assert "try again" in capsys.readouterr().err


def test_a_session_deleted_meanwhile_leaves_nothing(kept: Path) -> None:
    slow = Slow()
    reports = Reports(opening(kept), draw_page=slow)
    folder = page(kept, IDS[0]).parent
    reports.draw(IDS[0])
    assert slow.begun.acquire(timeout=30.0)
    with reports.writing, ProfileStore.open(kept, "anna") as store:
        store.delete_session(IDS[0])
    slow.go.set()
    assert reports.waited_for(IDS[0])
    assert not folder.exists()


class Draws:
    """At once, and tells in which order."""

    def __init__(self) -> None:
        self.order: list[str] = []

    def __call__(self, sealed: Path, *_: Any) -> bytes:
        self.order.append(sealed.parent.name)
        return b"<html>"


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_NEXT_ONE_S", "_LOOKS_EVERY_S"):
        monkeypatch.setattr(reports_module, name, 0.01)


@pytest.mark.usefixtures("soon")
def test_while_somebody_is_led_nothing_is_drawn_and_then_the_latest_first(kept: Path) -> None:
    draws, looked, over = Draws(), threading.Semaphore(0), threading.Event()

    def leads() -> bool:
        looked.release()
        return not over.is_set()

    reports = Reports(opening(kept), draw_page=draws, leads=leads)
    for session_id in IDS:
        reports.draw(session_id)
    assert all(looked.acquire(timeout=30.0) for _ in range(5))
    assert draws.order == []
    assert {reports.standing(i, there=False) for i in IDS} == {Standing.BEING_DRAWN}
    over.set()
    with reports._guard:  # asking for one would change the order
        assert reports._guard.wait_for(lambda: not reports._wanted, 30.0)
    assert draws.order == list(reversed(IDS))
    reports.close()


@pytest.mark.usefixtures("soon")
def test_who_asks_for_a_page_does_not_wait_for_a_session_that_nobody_is_before(kept: Path) -> None:
    draws = Draws()
    reports = Reports(opening(kept), draw_page=draws, leads=lambda: True, led=lambda: False)
    for session_id in IDS:
        reports.draw(session_id)
    assert reports.waited_for(IDS[0])
    assert draws.order == [IDS[0]], "the other one goes on waiting"
    reports.draw(IDS[1], asked=True)
    assert reports.waited_for(IDS[1])
    assert draws.order == list(IDS)
    reports.close()


@pytest.mark.usefixtures("soon")
def test_who_asks_for_a_page_waits_while_somebody_is_led(kept: Path) -> None:
    draws, looked, over = Draws(), threading.Semaphore(0), threading.Event()

    def led() -> bool:
        looked.release()
        return not over.is_set()

    reports = Reports(opening(kept), draw_page=draws, leads=led, led=led)
    reports.draw(IDS[0], asked=True)
    assert all(looked.acquire(timeout=30.0) for _ in range(5))
    assert draws.order == []
    over.set()
    assert reports.waited_for(IDS[0])
    assert draws.order == [IDS[0]]
    reports.close()


@pytest.mark.usefixtures("soon")
def test_who_begins_while_a_page_is_drawn_has_it_given_up_and_drawn_afterwards(kept: Path) -> None:
    begun, over, made_room = threading.Event(), threading.Event(), []
    tries = []

    def draws(*_: Any) -> bytes:
        tries.append(begun.is_set())
        if over.is_set():
            return b"<html>"
        begun.set()
        assert reports._given_up
        threading.Timer(0.1, over.set).start()
        raise apart.CutOffError

    def leads() -> bool:
        return begun.is_set() and not over.is_set()

    reports = Reports(
        opening(kept), draw_page=draws, leads=leads, makes_room=lambda: made_room.append(1)
    )
    reports.draw(IDS[0])
    assert reports.waited_for(IDS[0])
    assert tries == [False, True] and page(kept, IDS[0]).is_file()
    assert len(made_room) == 2
    reports.close()


@pytest.mark.usefixtures("soon")
def test_a_server_that_ends_waits_for_nobody_who_is_led(kept: Path) -> None:
    draws = Draws()
    reports = Reports(opening(kept), draw_page=draws, leads=lambda: True)
    reports.draw(IDS[0])
    reports.close()
    assert draws.order == []


@pytest.mark.usefixtures("soon")
def test_a_session_that_was_left_lying_keeps_no_page_back(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports_module, "_LEFT_LYING_S", 0.0)
    draws = Draws()
    reports = Reports(opening(kept), draw_page=draws, leads=lambda: True)
    reports.draw(IDS[0])
    with reports._guard:
        assert reports._guard.wait_for(lambda: not reports._wanted, 30.0)
    assert draws.order == [IDS[0]]
    reports.close()
