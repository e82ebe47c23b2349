"""What earlier calibrations found of a person: what of it still counts, and saying so."""

from datetime import UTC, datetime

from lengthwise.body.camera_names import camera_setup_name, pose_model_name
from lengthwise.contracts.observation import CameraStream, Stream
from lengthwise.contracts.person import Finding, Person
from lengthwise.reference.calibration import calibration_words


def valid(expires_utc: str | None, at_utc: str) -> bool:
    """Whether something with that expiry still counts at the start of the session."""
    return expires_utc is None or _utc(expires_utc) > _utc(at_utc)


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def kept_findings(person: Person, at_utc: str) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What the person's calibrations found that still counts at a time, and what has expired."""
    fresh = tuple(f for f in person.findings if valid(f.expires_utc, at_utc))
    return fresh, tuple(f for f in person.findings if f not in fresh)


def calibration_notes(person: Person, streams: tuple[Stream, ...], at_utc: str) -> tuple[str, ...]:
    """Which kept findings a session of these sensors takes, and which it does not any more."""
    fresh, expired = kept_findings(person, at_utc)
    taken, passed = _of_sensors(fresh, streams), _of_sensors(expired, streams)
    notes = []
    if taken:
        notes.append(f"taken from an earlier calibration: {_named(taken)}")
    gone = tuple(f for f in passed if f.kind not in {t.kind for t in taken})
    if gone:
        notes.append(
            f"no longer used, since it has expired: {_named(gone)}; run: lengthwise calibrate"
        )
    return tuple(notes)


def _of_sensors(findings: tuple[Finding, ...], streams: tuple[Stream, ...]) -> tuple[Finding, ...]:
    """Those that the estimate would take with these sensors."""
    camera = next((s for s in streams if isinstance(s, CameraStream)), None)
    if camera is None:
        return ()
    setups = (camera_setup_name(camera), pose_model_name(camera))
    return tuple(f for f in findings if f.setup in setups)


def _named(findings: tuple[Finding, ...]) -> str:
    words = calibration_words().looked_for
    return ", ".join(f"{words[f.kind.value]} ({f.measured_utc[:10]})" for f in findings)
