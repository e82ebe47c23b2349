"""Which session the files beside a recording are of, before anything of it is deleted."""

from pathlib import Path

from lengthwise.record.log_reading import is_log, log_session_id
from lengthwise.record.sealed_reading import sealed_session_id
from lengthwise.record.session_folder import LOG_NAME


def owners_of(recording: Path) -> dict[Path, str | None]:
    """The session of the recording and of each log beside it, as far as they exist."""
    log = recording.with_name(LOG_NAME)
    damaged = log.with_name(log.name + ".damaged")
    # Another program may have left a file of this name: it is none of a session's.
    logs = [path for path in (log, damaged) if path.exists() and (path == damaged or is_log(path))]
    owners = {path: log_session_id(path) for path in logs}
    part = recording.with_name(f".{recording.name}.part")
    if part.exists():
        # A sealing that was cut off: what it had written comes from the log that is still there.
        owners[part] = owners.get(log) or sealed_session_id(part)
    if recording.exists():
        owners[recording] = sealed_session_id(recording)
    return owners
