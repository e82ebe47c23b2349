"""The folder that a session is written to: what must not be there, and making it."""

from pathlib import Path

from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.record.session_folder import SEALED_NAME


def check_out(out: Path, *, keep: Path, replace: bool) -> None:
    """Refuse a file in the folder's place, the recording itself and a finished session."""
    if out.exists() and not out.is_dir():
        raise InputError(
            "--out", value=out, allowed="a folder", remedy="choose another name: a file is there"
        )
    sealed = out / SEALED_NAME
    if not sealed.exists():
        return
    if keep.resolve() == sealed.resolve():
        raise InputError(
            "--out",
            value=out,
            allowed="another folder than that of the recording",
            remedy="the result would replace the recording that is being read",
        )
    if not replace:
        raise InputError(
            "--out",
            value=f"a finished session in {out}",
            allowed="a folder without one",
            remedy="choose another, or give the old one up with --replace",
        )


def prepared_folder(out: Path, *, keep: Path, replace: bool) -> Path:
    """The output folder, created; refuses what `check_out` refuses."""
    check_out(out, keep=keep, replace=replace)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise StorageError(
            f"creating {out}", cause=cause.strerror or str(cause), remedy="choose another --out"
        ) from cause
    return out
