"""Use case: a recording in; tables, events, summary, sealed record and report out.

A sealed session is analysed with the choices it was recorded with, except for what is stated now.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from lengthwise import __version__
from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.care import Care
from lengthwise.contracts.errors import InputError, LengthwiseError
from lengthwise.contracts.home import data_home
from lengthwise.contracts.observation import (
    LandmarkFrame,
    Posture,
    RecordingHeader,
    Rejection,
    View,
)
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import (
    LOG_VERSION,
    SessionConfig,
    SessionEnded,
    SessionEvent,
    SessionStarted,
    SessionTotals,
)
from lengthwise.live.constant_edits import edit_notes
from lengthwise.live.hindsight import Hindsight
from lengthwise.live.kept_answers import care_at
from lengthwise.live.kept_findings import calibration_notes
from lengthwise.live.kept_marks import mark_notes
from lengthwise.live.learning import practised, sessions_of, with_cues
from lengthwise.live.learning_taken import LearningTaken
from lengthwise.live.marks_taken import MarksTaken
from lengthwise.live.out_folder import check_out, prepared_folder
from lengthwise.live.outputs import SessionOutputs
from lengthwise.live.params import pipeline_params
from lengthwise.live.personal_limits import limit_notes
from lengthwise.live.ramp_session import asked_on, check_asked
from lengthwise.live.sequencer import Came
from lengthwise.live.session import session_events
from lengthwise.live.session_name import new_session_id as new_session_id
from lengthwise.live.session_name import now_utc as now_utc
from lengthwise.live.todays_windows import person_at, window_notes
from lengthwise.live.torque_file import MeasuredTorque, read_torque
from lengthwise.record.session_folder import LOG_NAME, SEALED_NAME
from lengthwise.sensing.driver import OpenOptions, Recording, open_recording
from lengthwise.sensing.sealed_session import SealedSessionRecording
from lengthwise.tissue.setup import setup_name

if TYPE_CHECKING:
    from lengthwise.record.store import ProfileStore


class AnalyzeRequest(Struct, frozen=True):
    """What a person asked for; None where nothing was stated.

    `profile`: whose marks and measures to use, and where to list the session. `measure_only`:
    no coaching, also where the recorded session was coached. `replace`: a finished session in
    `out` may be given up. `smooth`: also body_smoothed.csv. `torque`: what a force sensor measured
    beside the recording, and `standard_torque_nm` the torque that extensibility is told at.
    """

    input: Path
    out: Path
    config: SessionConfig
    pose_model: str = "full"
    view: View | None = None
    profile: str | None = None
    measure_only: bool = False
    replace: bool = False
    smooth: bool = False
    torque: Path | None = None
    standard_torque_nm: float | None = None


class Progress(Struct, frozen=True):
    """Where a long run stands: seconds into the recording, samples done, samples in all."""

    t_s: float
    done: int
    total: int | None


class AnalyzeResult(Struct, frozen=True):
    """`notes`: what was left out or assumed in reading the recording, a sentence each. `ramp`: what
    came of a ramp to tolerance, in lines; empty where none was asked for."""

    totals: SessionTotals
    notes: tuple[str, ...]
    report: Path
    folder: Path
    recording: Path
    ramp: tuple[str, ...] = ()


class StoppedError(LengthwiseError):
    """Interrupted while a session was being written or finished; nothing of it is lost."""

    exit_code = 130

    def __init__(self, folder: Path) -> None:
        if (folder / LOG_NAME).exists():
            kept = f"what was recorded is kept; finish it with: lengthwise recover {folder}"
        else:
            kept = f"the finished record is {folder / SEALED_NAME}"
        super().__init__(f"stopped; {kept}")


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
    before a full disk or an interrupt is kept and can be recovered. A session without a single
    estimate is written like any other, but not listed in a profile.
    """
    check_out(request.out, keep=request.input, replace=request.replace)
    torque = _torque(request)
    recording = open_request(request)
    with closing(recording):
        started = session_started(request, recording)
        params = pipeline_params(started)
        observations = _watched(recording, progress, stop_after_s)
        hindsight, taken = Hindsight(), MarksTaken(started, params)
        kept = practised(sessions_of(request.profile), started.config.exercise_id or "")
        learnt = LearningTaken(params, before=kept)

        def listen(event: SessionEvent) -> None:
            taken.take(event)
            listener(event)

        result = run_session(
            started,
            session_events(params, observations, look_back=hindsight.take, watch=learnt.watch),
            hindsight=hindsight,
            learnt=learnt,
            smoothed_table=request.smooth,
            torque=torque,
            anatomy=params.anatomy,
            folder=prepared_folder(request.out, keep=request.input, replace=request.replace),
            listener=listen,
        )
    if request.profile is not None and result.totals.frames:
        with _store(request.profile) as store:
            store.add_session(result.totals, result.recording)
            if taken.marks() or taken.ramps():
                person = msgspec.structs.replace(store.person(), simulated=result.totals.simulated)
                store.save_person(person.with_marks(taken.marks()).with_ramps(taken.ramps()))
    return result


def _torque(request: AnalyzeRequest) -> MeasuredTorque | None:
    if request.torque is not None:
        return read_torque(request.torque, standard_nm=request.standard_torque_nm)
    if request.standard_torque_nm is not None:
        raise InputError(
            "--standard-torque-nm",
            value=f"{request.standard_torque_nm:g} without --torque",
            allowed="only with a measured torque",
            remedy="give the torque as well, or leave it out",
        )
    return None


def open_request(request: AnalyzeRequest) -> Recording:
    """The recording that is asked for. Raises InputError or MissingPartError."""
    options = OpenOptions(
        pose_model=request.pose_model,
        view=request.view,
        mirrored=request.config.mirrored,
        posture=Posture(request.config.posture) if request.config.posture else None,
    )
    return open_recording(request.input, options)


def session_started(request: AnalyzeRequest, recording: Recording) -> SessionStarted:
    """What fixes every step's params: as stated, else as recorded, else as in the header."""
    header = msgspec.structs.replace(recording.header, name=_printable(recording.header.name))
    recorded = recording.started if isinstance(recording, SealedSessionRecording) else None
    config = request.config
    if recorded is not None:
        config = _as_recorded(config, recorded.config)
    if request.measure_only:
        config = msgspec.structs.replace(config, exercise_id=None, side=request.config.side)
    if config.side and not config.exercise_id:
        raise InputError(
            "--side", value=config.side.value, allowed="only with an exercise", remedy="name one"
        )
    check_asked(config)
    started_utc = _start_utc(recorded.started_utc if recorded else header.started_utc, header)
    sessions = sessions_of(request.profile)
    config, of_cues = with_cues(config, sessions, started_utc, recorded=recorded)
    person = kept = _person(request.profile, header, recorded)
    if request.profile is not None:
        care = care_at(config.care, kept, started_utc)
        config = msgspec.structs.replace(config, care=care)
        if config.ramp is not None:
            config = msgspec.structs.replace(config, ramp=asked_on(kept, started_utc))
    of_windows: tuple[str, ...] = ()
    if request.profile is not None:
        # A recorded session holds what its person's marks had come to; a profile all of them.
        setup = setup_name(header.streams)
        person = person_at(kept, started_utc, setup=setup)
        of_windows = window_notes(kept, started_utc, setup=setup)
    said = (
        *calibration_notes(person, header.streams, started_utc),
        *mark_notes(person, started_utc),
        *of_windows,
        *of_cues,
        *limit_notes(config, person, started_utc),
        *(() if request.profile is None else edit_notes()),
    )
    notes = (*header.notes, *(note for note in said if note not in header.notes))
    return SessionStarted(
        version=LOG_VERSION,
        session_id=new_session_id(),
        started_utc=started_utc,
        software=f"lengthwise {__version__}",
        config=config,
        recording=msgspec.structs.replace(header, notes=notes),
        person=person,
    )


def _as_recorded(stated: SessionConfig, recorded: SessionConfig) -> SessionConfig:
    """What is not stated now, as it was then. A side belongs to the exercise it was chosen for."""
    inherited = {
        name: getattr(recorded, name)
        for name in SessionConfig.__struct_fields__
        if getattr(stated, name) is None
    }
    if stated.exercise_id is not None:
        inherited.pop("side", None)
    care = msgspec.structs.replace(recorded.care, **_told(stated.care))
    return msgspec.structs.replace(stated, care=care, **inherited)


def _told(care: Care) -> dict[str, object]:
    """What is stated in it; that there is no neural sign is stated, too."""
    stated = {name: getattr(care, name) for name in Care.__struct_fields__}
    return {k: v for k, v in stated.items() if v is not None and v != getattr(Care(), k)}


def _printable(name: str) -> str:
    """A file name that can be written and shown; its bytes need not be text."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def _start_utc(text: str | None, header: RecordingHeader) -> str:
    """When the recording began, or now. Raises InputError on a text that is no time."""
    if not text:
        return now_utc()
    try:
        datetime.fromisoformat(text)
        usable = text.isascii() and text.isprintable()
    except ValueError:
        usable = False
    if not usable:
        raise InputError(
            f"recording {header.name}, started_utc",
            value=ascii(text),
            allowed="an ISO 8601 time such as 2026-01-31T08:15:00Z",
            remedy="correct that line or leave it out",
        )
    return text


def _person(
    profile: str | None, header: RecordingHeader, recorded: SessionStarted | None
) -> Person:
    """Of the profile where one is named. Raises InputError: simulated and real are never mixed."""
    if profile is None:
        return recorded.person if recorded else Person("unnamed")
    with _store(profile) as store:
        store.check_kind(simulated=header.simulated)
        # A profile in which nothing is kept yet becomes that of its first session's kind.
        return msgspec.structs.replace(store.person(), simulated=header.simulated)


def _store(profile: str) -> "ProfileStore":
    # Imported here: needed with a profile only, and it takes 0.3 s.
    from lengthwise.record.store import ProfileStore

    return ProfileStore.open(data_home(), profile)


def run_session(
    started: SessionStarted,
    events: Iterator[SessionEvent],
    *,
    anatomy: Anatomy,
    folder: Path,
    listener: Listener,
    hindsight: Hindsight | None = None,
    smoothed_table: bool = False,
    torque: MeasuredTorque | None = None,
    learnt: LearningTaken | None = None,
) -> AnalyzeResult:
    """Write a running session to `folder` and finish it, also when it is interrupted.

    `hindsight` must be given the moments of the same session, `learnt` what its steps remember.
    Raises StoppedError where the finishing is interrupted as well.
    """
    try:
        with SessionOutputs(
            folder,
            started,
            anatomy,
            hindsight=hindsight,
            smoothed_table=smoothed_table,
            torque=torque,
            learnt=learnt,
        ) as outputs:
            try:
                for event in events:
                    outputs.take(event)
                    listener(event)
            except KeyboardInterrupt:
                outputs.take(SessionEnded(outputs.last_s, complete=False, frames=outputs.frames))
            totals = outputs.finish()
    except KeyboardInterrupt as cause:
        raise StoppedError(folder) from cause
    return AnalyzeResult(
        totals=totals,
        notes=started.recording.notes,
        report=folder / "report.html",
        folder=folder,
        recording=outputs.sealed_path,
        ramp=outputs.ramp.told(),
    )


def _watched(
    recording: Recording, progress: Callable[[Progress], None], stop_after_s: float | None
) -> Iterator[Came | Rejection]:
    total = recording.header.observation_count
    came: Iterator[Came | Rejection] = recording.read()
    if isinstance(recording, SealedSessionRecording):
        came = recording.delivered()
    for done, item in enumerate(came, start=1):
        if stop_after_s is not None and item.t_s > stop_after_s:
            return
        if done % 10 == 0 or isinstance(item, LandmarkFrame):
            progress(Progress(item.t_s, done, total))
        yield item
