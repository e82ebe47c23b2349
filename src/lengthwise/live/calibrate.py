"""Use case: a recording of a calibration in; findings with sd and expiry out, kept on request."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from math import degrees
from pathlib import Path

import msgspec
from msgspec import Struct

from lengthwise.body.calibration import machine
from lengthwise.body.calibration.asks import Ask
from lengthwise.body.calibration.outcomes import Outcome, Result
from lengthwise.body.calibration.results import results
from lengthwise.body.calibration.worn_check import WornSensor
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.home import data_home
from lengthwise.contracts.observation import (
    CameraStream,
    ImuStream,
    Posture,
    Rejection,
    Stream,
    View,
)
from lengthwise.contracts.person import Finding, FindingKind, MeasureName
from lengthwise.live.session_name import now_utc
from lengthwise.reference.calibration import calibration_words
from lengthwise.reference.constants import constant
from lengthwise.reference.wearing import position
from lengthwise.sensing.driver import OpenOptions, Recording, open_recording

_YES = 0.5


class CalibrateRequest(Struct, frozen=True):
    """`worn`: ids of the wearing positions, one for each sensor that is worn as in a picture.
    `keep`: keep the findings with the person of the profile.
    """

    input: Path
    height_m: float | None = None
    view: View | None = None
    worn: tuple[str, ...] = ()
    pose_model: str = "full"
    profile: str | None = None
    keep: bool = False


class Line(Struct, frozen=True):
    """One thing that was looked for, in words. `finding` None where nothing was found, and for the
    zero pose, which is of this recording only; `told` what it came to; `remedy` what to do.
    """

    looked_for: str
    outcome: Outcome
    value: float | None
    sd: float | None
    unit: str
    told: str
    remedy: str
    finding: Finding | None = None


class Calibrated(Struct, frozen=True):
    """`complete`: everything was asked for; else the recording ended before. `took_s` in all;
    `zero_s` the period of still standing, for `analyze --zero-s`; `kept` in which profile.
    """

    name: str
    simulated: bool
    complete: bool
    took_s: float
    asked_s: dict[str, float]
    zero_s: tuple[float, float] | None
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    kept: str | None = None


def calibrate(request: CalibrateRequest) -> Calibrated:
    """Raises InputError, MissingPartError or StorageError with one clear line."""
    if request.keep and request.profile is None:
        raise InputError(
            "--keep", value="no profile", allowed="with --profile NAME", remedy="name the person's"
        )
    options = OpenOptions(
        pose_model=request.pose_model, view=request.view, posture=Posture.STANDING
    )
    with closing(open_recording(request.input, options)) as recording:
        return calibrated(request, recording)


def calibrated(request: CalibrateRequest, recording: Recording) -> Calibrated:
    """A calibration out of an open recording."""
    header = recording.header
    params = machine.Params(
        header.streams,
        _height_m(request, simulated=header.simulated),
        _worn(request, header.streams),
    )
    state = machine.start(params)
    for item in recording.read():
        if isinstance(item, Rejection):
            continue
        state, ask = machine.step(params, state, item)
        if ask is Ask.DONE:
            break
    measured = header.started_utc or now_utc()
    found = results(params, state)
    lines = tuple(line_of(result, measured) for result in found)
    begun = state.begun_s if state.begun_s is not None else 0.0
    result = Calibrated(
        name=header.name,
        simulated=header.simulated,
        complete=state.ask is Ask.DONE,
        took_s=(state.time_s or begun) - begun,
        asked_s={ask.value: took for ask, took in state.took_s},
        zero_s=state.zero_s,
        lines=lines,
        notes=(*header.notes, *_contradictions(header.streams, found)),
        kept=request.profile if request.keep else None,
    )
    if request.keep:
        _keep(request.profile or "", result)
    return result


def _height_m(request: CalibrateRequest, *, simulated: bool) -> float | None:
    """As stated, else as kept with the person."""
    if request.height_m is not None or request.profile is None:
        return request.height_m
    from lengthwise.record.store import ProfileStore

    opened = ProfileStore.open if request.keep else ProfileStore.open_known
    with opened(data_home(), request.profile) as store:
        store.check_kind(simulated=simulated)
        known = store.person().measure(MeasureName.HEIGHT)
    return None if known is None else known.value


def _worn(request: CalibrateRequest, streams: tuple[Stream, ...]) -> tuple[WornSensor, ...]:
    """Raises InputError for a position without a sensor, and for two on one segment."""
    segments = {s.segment for s in streams if isinstance(s, ImuStream)}
    found: dict[object, WornSensor] = {}
    for name in request.worn:
        at = position(name)
        if at.segment not in segments or at.segment in found:
            here = ", ".join(sorted(s.value for s in segments)) or "no worn sensor"
            raise InputError(
                "--worn",
                value=f"{name} (a sensor on the {at.segment.value})",
                allowed=f"one position for each sensor of the recording: {here}",
                remedy="leave it out or correct it",
            )
        found[at.segment] = WornSensor(at.segment, name, at.front, at.up)
    return tuple(found.values())


def line_of(result: Result, measured_utc: str) -> Line:
    words = calibration_words()
    filled = {
        "segment": _segment(result.segment),
        "seems": _segment(result.seems),
        "angle": "" if result.angle_rad is None else f"{abs(degrees(result.angle_rad)):.0f}°",
    }
    kind = result.kind
    value, unit = result.value, ""
    shown = None if value is None else (value.mean, value.sd)
    if kind is None or kind is FindingKind.WEARING_TURN:
        unit = "°"
        shown = None if value is None else (degrees(value.mean), degrees(value.sd))
    elif kind.value.endswith("_m"):
        unit = "m"
    return Line(
        looked_for=words.looked_for["zero" if kind is None else kind.value].format(**filled),
        outcome=result.outcome,
        value=None if shown is None else shown[0],
        sd=None if shown is None else shown[1],
        unit=unit,
        told=words.outcome[result.outcome.value].format(**filled),
        remedy=words.remedy.get(result.outcome.value, ""),
        finding=_finding(result, measured_utc),
    )


def _segment(segment: object) -> str:
    return "" if segment is None else str(segment).replace("_l", ", left").replace("_r", ", right")


def _finding(result: Result, measured_utc: str) -> Finding | None:
    if result.kind is None or result.value is None:
        return None
    return Finding(
        kind=result.kind,
        value=result.value.mean,
        sd=result.value.sd,
        measured_utc=measured_utc,
        expires_utc=expiry_utc(result.kind, measured_utc),
        setup=result.setup,
    )


def expiry_utc(kind: FindingKind, measured_utc: str) -> str:
    """When a finding of that kind is no longer used."""
    moment = datetime.fromisoformat(measured_utc)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    after = aware + timedelta(days=constant("calibration", f"{kind.value}_valid_days"))
    return after.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _contradictions(streams: tuple[Stream, ...], found: tuple[Result, ...]) -> tuple[str, ...]:
    camera = next((s for s in streams if isinstance(s, CameraStream)), None)
    raised = next((r.value for r in found if r.kind is FindingKind.MIRRORED and r.value), None)
    if camera is None or camera.mirrored is None or raised is None:
        return ()
    says = raised.mean >= _YES
    if says == camera.mirrored:
        return ()
    named = {True: "a mirror image", False: "no mirror image"}
    return (
        f"the recording is declared as {named[camera.mirrored]}, but the raised hand says "
        f"{named[says]}: state it with analyze --mirrored {'yes' if says else 'no'}",
    )


def _keep(profile: str, result: Calibrated) -> None:
    from lengthwise.record.store import ProfileStore

    found = tuple(line.finding for line in result.lines if line.finding is not None)
    with ProfileStore.open(data_home(), profile) as store:
        store.check_kind(simulated=result.simulated)
        person = msgspec.structs.replace(store.person(), simulated=result.simulated)
        store.save_person(person.with_findings(found))
