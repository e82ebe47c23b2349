"""A key is forgotten when its time is over, with nobody asking for anything, on a virtual clock."""

import heapq
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lengthwise.record import locking
from lengthwise.vault import key_file, keyring
from lengthwise.web import house as house_module
from lengthwise.web.door import IDLE_S
from lengthwise.web.house import House
from lengthwise.web.quiet import Quiet
from served_inside import PROFILE, settings


class Time:
    """Of a loop that only goes on when it is told to."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    def later(self, seconds: float, what: Callable[[], None]) -> "Time":
        heapq.heappush(self._due, (self.now_s + seconds, len(self._due), what))
        return self

    def cancel(self) -> None:
        self._due.clear()

    def passes(self, seconds: float) -> None:
        until_s = self.now_s + seconds
        while self._due and self._due[0][0] <= until_s:
            self.now_s, _, what = heapq.heappop(self._due)
            what()
        self.now_s = until_s


class Locked:
    """A house of a profile with a passphrase, which was opened."""

    def __init__(self, home: Path) -> None:
        self.time = Time()
        self.house = House(settings(home), clock_s=lambda: self.time.now_s)
        with self.house.store():
            pass
        lock = locking.prepared(home, PROFILE, "four words of mine")
        locking.encrypt(home, PROFILE, lock)
        self.led = False
        self.quiet = Quiet(
            self.house.door,
            going_on=lambda: self.led,
            forget=self.house.lock,
            later=self.time.later,
        )

    @property
    def key_is_here(self) -> bool:
        return self.house.folder.resolve() in keyring._held


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Locked]:
    for name, value in {"_MEMORY_KIB": 64, "_PASSES": 1, "_LANES": 1}.items():
        monkeypatch.setattr(key_file, name, value)
    yield Locked(tmp_path)
    keyring._held.clear()


def test_the_key_goes_when_its_time_is_over_and_nobody_asked(locked: Locked) -> None:
    locked.time.passes(IDLE_S - 1.0)
    assert locked.key_is_here
    locked.time.passes(2.0)
    assert not locked.key_is_here
    assert locked.house.locked


def test_whoever_does_something_keeps_it_for_as_long_again(locked: Locked) -> None:
    locked.time.passes(IDLE_S - 60.0)
    assert locked.house.door.admits(locked.house.door.cookie)
    locked.time.passes(IDLE_S - 60.0)
    assert locked.key_is_here
    locked.time.passes(61.0)
    assert not locked.key_is_here


def test_it_does_not_go_in_the_middle_of_a_session_but_soon_after(locked: Locked) -> None:
    locked.led = True
    locked.time.passes(3.0 * IDLE_S)
    assert locked.key_is_here
    locked.led = False
    locked.time.passes(61.0)
    assert not locked.key_is_here


def test_a_server_watches_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From its beginning to its end."""
    import asyncio

    begun: list[Quiet] = []

    class Seen(Quiet):
        def __init__(self, *given: object, **named: object) -> None:
            super().__init__(*given, **named)  # type: ignore[arg-type]
            begun.append(self)

    monkeypatch.setattr(house_module, "Quiet", Seen)

    async def lives() -> bool:
        house = House(settings(tmp_path))
        await house.begin()
        await house.close()
        timer = begun[0]._timer
        assert isinstance(timer, asyncio.TimerHandle)
        return timer.cancelled()

    assert asyncio.run(lives())
    assert len(begun) == 1
