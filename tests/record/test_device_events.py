"""What worn devices tell is in the log, in the sealed recording, and in its place in a replay."""

from pathlib import Path

import pytest

from lengthwise.contracts.devices import (
    BandFault,
    BandMode,
    BandSample,
    BatterySample,
    ForceSample,
    HeartSample,
)
from lengthwise.contracts.observation import RecordingHeader, Tick
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import (
    DeviceLogged,
    ObservationLogged,
    SessionConfig,
    SessionEnded,
    SessionEvent,
    SessionStarted,
)
from lengthwise.record.log import LogWriter
from lengthwise.record.log_reading import LogReading
from lengthwise.record.seal import event_time_s, seal
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.sensing.driver import OpenOptions
from lengthwise.sensing.sealed_session import DRIVER

EVENTS: tuple[SessionEvent, ...] = (
    SessionStarted(
        1, "s", "2026-01-01T00:00:00Z", "0.1.0", SessionConfig(),
        RecordingHeader("devices", "test", ()), Person("p"),
    ),
    ObservationLogged(Tick(1.0)),
    DeviceLogged(ForceSample(1.1, "gauge", 61.25)),
    DeviceLogged(HeartSample(1.2, "strap", 62.0, (0.968, 0.951), contact=True)),
    DeviceLogged(HeartSample(1.3, "strap", None)),
    DeviceLogged(
        BandSample(1.4, "band", None, 0.0, -0.012, BandMode.FAULT, BandFault.FORCE_SENSOR, True)
    ),
    DeviceLogged(BatterySample(1.5, "gauge", voltage_v=3.2, low=True)),
    ObservationLogged(Tick(2.0)),
    SessionEnded(2.0, complete=True, frames=0),
)  # fmt: skip


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    with LogWriter(tmp_path / "session.log") as log:
        for event in EVENTS:
            log.append(event)
    assert list(LogReading(tmp_path / "session.log")) == list(EVENTS)
    seal(tmp_path / "session.log", tmp_path / "session.mcap")
    return tmp_path / "session.mcap"


def test_samples_of_devices_come_back_from_the_sealed_recording_as_they_were(sealed: Path) -> None:
    assert list(read_sealed(sealed)) == list(EVENTS)


def test_who_reads_observations_alone_goes_by_without_them(sealed: Path) -> None:
    recording = DRIVER.open(sealed, OpenOptions())
    assert list(recording.read()) == [Tick(1.0), Tick(2.0)]


def test_a_replay_of_the_session_is_given_them_in_their_place(sealed: Path) -> None:
    delivered = list(DRIVER.open(sealed, OpenOptions()).delivered())
    samples = [e.sample for e in EVENTS if isinstance(e, DeviceLogged)]
    assert delivered == [Tick(1.0), *samples, Tick(2.0)]


def test_they_stand_at_their_own_time() -> None:
    times = [event_time_s(e) for e in EVENTS if isinstance(e, DeviceLogged)]
    assert times == [1.1, 1.2, 1.3, 1.4, 1.5]
