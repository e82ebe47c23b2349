"""Use case: everything that is kept of a person in one place: take it away, or delete it."""

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from lengthwise.contracts.errors import InputError, LengthwiseError
from lengthwise.contracts.screening import SafetyStop
from lengthwise.live.looking_back import history
from lengthwise.live.plan_book import book_of
from lengthwise.plan.clearance import Clearance, clearance, still_open
from lengthwise.record.locking import DeletedProfile, delete_profile
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening
from lengthwise.vault.errors import LockedError
from lengthwise.vault.files import open_reading

_CHUNK = 1 << 18
_ABOUT = """Everything that Lengthwise keeps of you.

person.json       height and whatever else was stated, marks and windows
history.json      each session in figures, pain before and after
plan.json         what you told for your plan, and every decision with what it was decided by
screening.json    your answers to the safety questions
book.json         what you told beside the page: goal, own movement, ratings
sessions/         of each session its record (session.mcap), tables and page
"""


class _Piped:
    """What a zip file is written to, piece by piece and never whole."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def exported(store: ProfileStore) -> Iterator[bytes]:
    """A zip file of everything of the person, in pieces. What vanishes meanwhile is left out."""
    whole = msgspec.json.format
    told = {
        "README.txt": _ABOUT.encode(),
        "person.json": whole(msgspec.json.encode(store.person()), indent=2),
        "history.json": whole(msgspec.json.encode(history(store)), indent=2),
        "plan.json": whole(msgspec.json.encode(store.plan_events()), indent=2),
        "screening.json": whole(msgspec.json.encode(store.screenings()), indent=2),
        "book.json": whole(msgspec.json.encode(book_of(store)), indent=2),
    }
    folders = {t.session_id: store.recording(t.session_id).parent for t in store.sessions()}
    pipe = _Piped()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in told.items():
            archive.writestr(name, content)
            yield pipe.taken()
        for session_id, folder in folders.items():
            if not folder.is_relative_to(store.folder):
                continue  # recorded into a folder of the person's own choice: they have it
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                yield from _added(archive, pipe, path, f"sessions/{session_id}/{path.name}")
    yield pipe.taken()


def _added(archive: zipfile.ZipFile, pipe: _Piped, path: Path, name: str) -> Iterator[bytes]:
    try:
        source = open_reading(path)
    except (OSError, LengthwiseError):
        return
    with source, archive.open(name, "w") as into:
        while piece := source.read(_CHUNK):
            into.write(piece)
            yield pipe.taken()


class Forgotten(Struct, frozen=True):
    """`answers_stay`: answers to the safety questions that ask somebody to look first stay, those
    alone and in clear, until somebody has: deleting must not clear them. Without the passphrase of
    a locked profile they cannot be known, and go with its key."""

    deleted: DeletedProfile
    answers_stay: bool


def forget_person(home: Path, profile_id: str, *, recordings: bool = False) -> Forgotten:
    """Delete everything of the person, the key first. `recordings`: also those that were made into
    a folder of the person's own choice.

    Raises StorageError or InputError where something could not be deleted.
    """
    state = Clearance()
    with suppress(LockedError), ProfileStore.open_known(home, profile_id) as store:
        state = clearance(screening(), store.told_of_safety())
        for totals in store.sessions() if recordings else ():
            store.delete_session(totals.session_id)
    deleted = delete_profile(home, profile_id)
    if state.flags:
        with ProfileStore.open(home, profile_id) as anew:
            _keep_open(anew, state)
    return Forgotten(deleted, bool(state.flags))


def _keep_open(anew: ProfileStore, state: Clearance) -> None:
    for number, told in enumerate(still_open(screening(), state)):
        if isinstance(told, SafetyStop):
            anew.add_safety_stop(f"deleted-{number}", at_s=told.at_s)
        else:
            anew.add_screening(told)


def check_word(word: str) -> None:
    """Raises InputError unless everything is meant."""
    if word != "delete everything":
        raise InputError(
            "confirm", value=word, allowed="delete everything", remedy="say exactly that"
        )
