"""A sealed session is a recording like any other: its observations, in the order delivered."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.writer import Writer
from sensed_files import read_all, reasons, standing_frame, still_sample

from lengthwise.contracts.codec import encode
from lengthwise.contracts.errors import InputError, LengthwiseError
from lengthwise.contracts.observation import (
    CameraStream,
    PersonSignal,
    RecordingHeader,
    Rejection,
    RejectionReason,
    SignalKind,
    Tick,
)
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import (
    LOG_VERSION,
    ObservationLogged,
    RejectionLogged,
    SessionConfig,
    SessionEnded,
    SessionEvent,
    SessionStarted,
)
from lengthwise.record.log import LogWriter
from lengthwise.record.seal import write_sealed
from lengthwise.sensing.driver import OpenOptions
from lengthwise.sensing.sealed_session import DRIVER, MESSAGE_ENCODING, TOPIC

RECORDING = RecordingHeader("morning", "video", (CameraStream(1280, 720, 30.0),), 4.0, 120)
STARTED = SessionStarted(
    LOG_VERSION,
    "20260131T081500Z-a1b2c3",
    "2026-01-31T08:15:00.000Z",
    "lengthwise test",
    SessionConfig(),
    RECORDING,
    Person("anna"),
)
OBSERVED = (
    standing_frame(0.1, world=True),
    still_sample(0.05),
    Tick(0.1),
    PersonSignal(0.2, SignalKind.FIRST_RESISTANCE),
    standing_frame(0.2),
)
EVENTS: tuple[SessionEvent, ...] = (
    STARTED,
    *(ObservationLogged(o) for o in OBSERVED[:3]),
    RejectionLogged(Rejection(0.15, "camera", RejectionReason.NO_PERSON)),
    *(ObservationLogged(o) for o in OBSERVED[3:]),
    SessionEnded(0.2, True, 0),
)


def sealed(folder: Path, messages: list[bytes], *, encoding: str = MESSAGE_ENCODING) -> Path:
    path = folder / "session.mcap"
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start()
        schema = writer.register_schema("lengthwise.SessionEvent", "", b"")
        channel = writer.register_channel(TOPIC, encoding, schema)
        for number, message in enumerate(messages):
            writer.add_message(channel, 1000 - number, message, 1000 - number, number)
        writer.finish()
    return path


def test_observations_come_back_in_the_order_logged_whatever_their_times(tmp_path: Path) -> None:
    header, items = read_all(DRIVER, sealed(tmp_path, [encode(e) for e in EVENTS]))
    assert [encode(i) for i in items] == [encode(o) for o in OBSERVED]
    assert header.driver == "sealed_session"
    assert header.streams == RECORDING.streams and header.name == "morning"


def test_what_the_record_seals_is_what_is_read(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "session.log") as log:
        for event in EVENTS:
            log.append(event)
    write_sealed(tmp_path / "session.log", tmp_path / "session.mcap", cut_off=False)
    _, items = read_all(DRIVER, tmp_path / "session.mcap")
    assert [encode(i) for i in items] == [encode(o) for o in OBSERVED]


def test_a_file_cut_off_names_the_command_that_brings_it_back(tmp_path: Path) -> None:
    path = sealed(tmp_path, [encode(e) for e in EVENTS])
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match="lengthwise recover"):
        DRIVER.open(path, OpenOptions())


def test_a_session_without_its_beginning_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without its beginning"):
        DRIVER.open(sealed(tmp_path, [encode(EVENTS[1])]), OpenOptions())


@pytest.mark.parametrize("content", [b"", b"\x89MCAP0\r\n", b"text", b"\x89MCAP0\r\n" * 2])
def test_what_is_no_sealed_session_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "session.mcap"
    path.write_bytes(content)
    with pytest.raises(InputError):
        DRIVER.open(path, OpenOptions())


def test_a_container_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        DRIVER.open(sealed(tmp_path, [b"{}"], encoding="json"), OpenOptions())


def test_a_frame_of_another_shape_is_counted_and_left_out(tmp_path: Path) -> None:
    import msgspec

    from lengthwise.contracts.codec import frozen_array

    short = msgspec.structs.replace(standing_frame(0.3), xy_px=frozen_array([[1.0, 2.0]]))
    messages = [encode(STARTED), encode(ObservationLogged(short)), b"\xc1", encode(EVENTS[2])]
    _, items = read_all(DRIVER, sealed(tmp_path, messages))
    assert reasons(items) == ["undecodable", "undecodable"]
    assert items[-1] == OBSERVED[1]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_files_give_a_clear_line_or_counted_rejections(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = sealed(Path(folder), [encode(e) for e in EVENTS])
        whole = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(whole)
        try:
            read_all(DRIVER, path)
        except LengthwiseError as known:
            assert "\n" not in str(known)
