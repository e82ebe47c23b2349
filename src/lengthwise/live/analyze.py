"""Use case: a recording in; tables, events, summary, sealed record and report out."""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from lengthwise import __version__
from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.observation import LandmarkFrame, Observation, Posture, Rejection, View
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import (
    LOG_VERSION,
    ObservationLogged,
    SessionConfig,
    SessionEnded,
    SessionEvent,
    SessionStarted,
    SessionTotals,
)
from lengthwise.live.outputs import SessionOutputs
from lengthwise.live.params import pipeline_params
from lengthwise.live.session import session_events
from lengthwise.sensing.driver import OpenOptions, Recording, open_recording


class AnalyzeRequest(Struct, frozen=True):
    """What a person asked for; None where nothing was stated."""

    input: Path
    out: Path
    config: SessionConfig
    pose_model: str = "full"
    view: View | None = None
    person: Person = Person("unnamed")


class Progress(Struct, frozen=True):
    """Where a long run stands: seconds into the recording, samples done, samples in all."""

    t_s: float
    done: int
    total: int | None


class AnalyzeResult(Struct, frozen=True):
    """`notes`: what was left out or assumed in reading the recording, a sentence each."""

    totals: SessionTotals
    notes: tuple[str, ...]
    report: Path
    folder: Path
    recording: Path


Listener = Callable[[SessionEvent], None]


def analyze(
    request: AnalyzeRequest,
    *,
    progress: Callable[[Progress], None] = lambda _: None,
    listener: Listener = lambda _: None,
    stop_after_s: float | None = None,
) -> AnalyzeResult:
    """Run a recording through the pipeline and write everything into `request.out`.

    Raises InputError, MissingPartError or StorageError with one clear line; what was recorded
    before a full disk or an interrupt is kept and can be recovered.
    """
    options = OpenOptions(
        pose_model=request.pose_model,
        view=request.view,
        mirrored=request.config.mirrored,
        posture=Posture(request.config.posture) if request.config.posture else None,
    )
    recording = open_recording(request.input, options)
    with closing(recording):
        started = SessionStarted(
            version=LOG_VERSION,
            session_id=new_session_id(),
            started_utc=recording.header.started_utc or now_utc(),
            software=f"lengthwise {__version__}",
            config=request.config,
            recording=recording.header,
            person=request.person,
        )
        params = pipeline_params(started)
        observations = _watched(recording, progress, stop_after_s)
        return run_session(
            started,
            session_events(params, observations),
            anatomy=params.anatomy,
            folder=prepared_folder(request.out, keep=request.input),
            listener=listener,
        )


def run_session(
    started: SessionStarted,
    events: Iterator[SessionEvent],
    *,
    anatomy: Anatomy,
    folder: Path,
    listener: Listener,
) -> AnalyzeResult:
    """Write a running session to `folder` and finish it, also when it is interrupted."""
    with SessionOutputs(folder, started, anatomy) as outputs:
        try:
            for event in events:
                outputs.take(event)
                listener(event)
        except KeyboardInterrupt:
            outputs.take(SessionEnded(outputs.last_s, complete=False, frames=outputs.frames))
        return AnalyzeResult(
            totals=outputs.finish(),
            notes=started.recording.notes,
            report=folder / "report.html",
            folder=folder,
            recording=outputs.sealed_path,
        )


def _watched(
    recording: Recording, progress: Callable[[Progress], None], stop_after_s: float | None
) -> Iterator[Observation | Rejection]:
    total = recording.header.observation_count
    for done, item in enumerate(recording.read(), start=1):
        if stop_after_s is not None and item.t_s > stop_after_s:
            return
        if done % 10 == 0 or isinstance(item, LandmarkFrame):
            progress(Progress(item.t_s, done, total))
        yield item


def prepared_folder(out: Path, *, keep: Path) -> Path:
    """The output folder, created; refuses a file in its place and the recording itself."""
    if out.exists() and not out.is_dir():
        raise InputError(
            "--out", value=out, allowed="a folder", remedy="choose another name: a file is there"
        )
    if (out / "session.mcap").exists() and keep.resolve() == (out / "session.mcap").resolve():
        raise InputError(
            "--out",
            value=out,
            allowed="another folder than that of the recording",
            remedy="the result would replace the recording that is being read",
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise StorageError(
            f"creating {out}", cause=cause.strerror or str(cause), remedy="choose another --out"
        ) from cause
    return out


def now_utc() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_session_id() -> str:
    compact = re.sub(r"[-:]", "", now_utc().partition(".")[0])
    return f"{compact}Z-{secrets.token_hex(3)}"


def replayed_decisions(sealed: Path) -> tuple[list[bytes], list[bytes]]:
    """Decisions as recorded and as decided again now, each encoded; equal when all is well."""
    from lengthwise.contracts.codec import encode
    from lengthwise.contracts.session import DecisionLogged
    from lengthwise.record.seal import read_sealed

    recorded: list[bytes] = []
    observations: list[Observation] = []
    started: SessionStarted | None = None
    for event in read_sealed(sealed):
        if isinstance(event, SessionStarted):
            started = event
        elif isinstance(event, ObservationLogged):
            observations.append(event.observation)
        elif isinstance(event, DecisionLogged):
            recorded.append(encode(event.decision))
    if started is None:
        raise InputError(
            "recording", value=sealed, allowed="a sealed session", remedy="run: lengthwise recover"
        )
    again = [
        encode(event.decision)
        for event in session_events(pipeline_params(started), observations)
        if isinstance(event, DecisionLogged)
    ]
    return recorded, again
