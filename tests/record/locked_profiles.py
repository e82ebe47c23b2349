"""A profile with a recorded session, and a passphrase that costs no time in a test."""

from pathlib import Path

import pytest
from recorded_sessions import SESSION_ID, session

from lengthwise.contracts.person import Measure, MeasureName, Person
from lengthwise.record import locking
from lengthwise.record.log import LogWriter
from lengthwise.record.seal import seal
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.record.session_folder import profile_folder
from lengthwise.record.store import ProfileStore
from lengthwise.vault import key_file
from totalled import totals_of

WORDS = "four words of mine"
CANARY = "canary-of-anna-4711"
IN_CLEAR = (CANARY.encode(), b"SQLite format 3", b"height_m", b"half_kneeling", b"MCAP0")


def make_light(patch: pytest.MonkeyPatch) -> None:
    for name, value in {"_MEMORY_KIB": 64, "_PASSES": 1, "_LANES": 1}.items():
        patch.setattr(key_file, name, value)


def recorded(home: Path, *, profile: str = "anna", extra: bool = True) -> Path:
    """A profile in clear with one session; its folder."""
    with ProfileStore.open(home, profile) as store:
        height = Measure(MeasureName.HEIGHT, 1.72, 0.01, "2026-01-31T08:15:00Z")
        store.save_person(Person(profile, measures=(height,)))
        folder = store.session_folder(SESSION_ID).create()
        with LogWriter(folder.log) as log:
            for event in session(30):
                log.append(event)
        seal(folder.log, folder.sealed)
        totals = totals_of(read_sealed(folder.sealed))
        assert totals is not None
        store.add_session(totals, folder.sealed)
    if extra:
        (folder.path / "report.html").write_text(f"<p>{CANARY}</p>")
        (folder.path / "body.csv").write_text(f"t_s,{CANARY}\n" * 5000)
    return profile_folder(home, profile)


def locked(home: Path, profile: str = "anna") -> str:
    """Set the passphrase; the recovery code."""
    lock = locking.prepared(home, profile, WORDS)
    locking.encrypt(home, profile, lock)
    return lock.code


def all_bytes(folder: Path) -> bytes:
    return b"\n".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())
