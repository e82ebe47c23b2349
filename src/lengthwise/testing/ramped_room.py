"""The process of rooms, in which a simulated person with worn sensors is led to tolerance, some
times as fast as the clock: what the page says is heard as ever, what its camera sees is not used.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from msgspec.structs import replace

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Guidance
from lengthwise.contracts.observation import Observation, PersonSignal
from lengthwise.contracts.session import SessionStarted
from lengthwise.contracts.wire import Landmarks, NotTakenError, read_message
from lengthwise.live import rooms
from lengthwise.live.room import FromRoom, Room
from lengthwise.live.sequencer import TICK_S
from lengthwise.record.log import LogWriter
from lengthwise.sim import recording
from lengthwise.sim.recording import Plan, SimulatedRecording

SENSORS = "imu4"
FASTER = 4.0
RATE_HZ = 25.0
_SEED, _LONGEST_S = 101, 900.0
_STOOD_S = (3.0, 6.0)
"""Stood still with the sensors."""


class RampedRoom(Room):
    """The person does what the coach says, and says nothing: that is left to who sits before it."""

    def __init__(
        self,
        started: SessionStarted,
        folder: Path,
        *,
        begun_s: float,
        log: LogWriter | None = None,
    ) -> None:
        config = started.config
        assert config.exercise_id is not None, "a page always names one"
        side = config.side or Side.LEFT
        plan = Plan(
            config.exercise_id,
            side,
            _SEED,
            sensors=SENSORS,
            duration_s=_LONGEST_S,
            stand_s=_STOOD_S[1],
        )
        self._person = SimulatedRecording(plan, guide=lambda _: self._told)
        self._coming: Iterator[Observation] = self._person.read()
        self._next: Observation = next(self._coming)
        self._ticked_s: float | None = None
        worn = replace(started.recording, streams=self._person.header.streams)
        height_m = self._person.traits.height_m
        config = replace(config, zero_s=_STOOD_S, height_m=height_m)
        told = replace(started, config=config, recording=worn)
        super().__init__(told, folder, begun_s=begun_s, log=log)

    @property
    def _told(self) -> Guidance | None:
        return None if self.latest is None else self.latest.guidance

    def pass_time(self, *, now_s: float) -> list[FromRoom]:
        felt = self._felt(now_s)
        return [*felt, *super().pass_time(now_s=now_s)]

    def take(self, line: str, raw: bytes, *, now_s: float) -> list[FromRoom]:
        felt = self._felt(now_s)
        with suppress(NotTakenError):
            if isinstance(read_message(raw), Landmarks):
                return felt
        return [*felt, *super().take(line, raw, now_s=now_s)]

    def _felt(self, now_s: float) -> list[FromRoom]:
        """All that was felt by now, each at its own time: however busy the machine is, nothing is
        late. The session begins as the page is there, or the standing before it would be missed."""
        if not self._looked_at:
            return []
        if self._ticked_s is None:
            self._begun_s, self._ticked_s = now_s, 0.0
        out: list[FromRoom] = []
        while self._next.t_s <= now_s - self._begun_s:
            at_s = self._next.t_s
            if at_s >= self._ticked_s + TICK_S:
                self._ticked_s = at_s
                out += super().pass_time(now_s=self._begun_s + at_s)
            if not isinstance(self._next, PersonSignal):
                out += self._driven(at_s, [self._next])
            self._next = next(self._coming)
        return out


def work(end: Connection) -> None:
    """In a process of its own: sensors are felt a quarter as often, for a machine that is busy."""
    vars(rooms)["Room"] = RampedRoom
    recording.RATE_HZ = RATE_HZ
    rooms.Rooms(end, clock_s=lambda: FASTER * time.monotonic()).run()
