"""Exercise files on their way in: one line for whatever keeps a file from being read."""

from importlib.resources import files
from pathlib import Path

import msgspec
from msgspec import Struct

from lengthwise.contracts.errors import InputError, not_utf8
from lengthwise.reference.exercise_check import Finding, check_exercise
from lengthwise.reference.exercises import Exercise, read_exercise


class CheckedFile(Struct, frozen=True):
    """`exercise` None where the file cannot be read; then one finding says why."""

    name: str
    exercise: Exercise | None
    findings: tuple[Finding, ...]


def packaged_files() -> list[tuple[str, bytes]]:
    """Name and bytes of every file that comes with the package, in the order of names."""
    folder = files("lengthwise.reference") / "exercises_data"
    found = [(f.name, f.read_bytes()) for f in folder.iterdir() if f.name.endswith(".toml")]
    return sorted(found)


def checked_files(given: list[Path]) -> list[CheckedFile]:
    """The given files or ids, else the packaged files, each with what is found. Raises OSError, and
    InputError for what is neither a file nor an id."""
    packaged = packaged_files()
    texts = [_named(path, dict(packaged)) for path in given] or packaged
    read = [(name, *_read(text)) for name, text in texts]
    known = {name.removesuffix(".toml") for name, _ in packaged}
    known |= {e.id for _, e, _ in read if e is not None}
    checked = []
    for name, e, problem in read:
        if e is None:
            found = [Finding("file", problem)]
        else:
            found = check_exercise(e, frozenset(known))
            if e.id != Path(name).stem:
                found.insert(0, Finding("id", f"{e.id}, but the file is called {Path(name).name}"))
        checked.append(CheckedFile(name, e, tuple(found)))
    return checked


def _named(path: Path, packaged: dict[str, bytes]) -> tuple[str, bytes]:
    name = f"{path}.toml"
    if not path.exists():
        if name in packaged:
            return name, packaged[name]
        raise InputError(
            "exercises check",
            value=str(path),
            allowed="an exercise file or the id of an exercise",
            remedy="name an existing .toml file, or an id of `lengthwise exercises list`",
        )
    return str(path), path.read_bytes()


def _read(text: bytes) -> tuple[Exercise | None, str]:
    try:
        text.decode()
        return read_exercise(text), ""
    except UnicodeDecodeError as problem:
        return None, f"{not_utf8(problem)}; save it as UTF-8"
    except (msgspec.MsgspecError, ValueError) as problem:
        return None, " ".join(str(problem).split())
