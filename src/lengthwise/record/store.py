"""The store of one profile: who the person is, and what remains of each session.

`<home>/profiles/<profile_id>/store.sqlite`, the recordings beside it under `sessions/`. One file
per profile: deleting the folder deletes the person.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, selectinload

from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import SessionTotals
from lengthwise.record.database import open_database, stated, writing
from lengthwise.record.rows import person_of, person_row, session_row, totals_of_row
from lengthwise.record.session_folder import (
    LOG_NAME,
    SessionFolder,
    is_profile_id,
    make_private_folder,
    profile_folder,
    profiles_folder,
    session_folder,
    sessions_folder,
)
from lengthwise.record.tables import PersonRow, SessionRow

STORE_NAME = "store.sqlite"


def profiles(home: Path) -> tuple[str, ...]:
    """Ids of the profiles that have a store, sorted."""
    folder = profiles_folder(home)
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(
            p.name for p in folder.iterdir() if is_profile_id(p.name) and (p / STORE_NAME).exists()
        )
    )


class ProfileStore:
    """An open store. Every method is one transaction and hands out contract values only."""

    def __init__(self, home: Path, profile_id: str, engine: Engine) -> None:
        self._home = home
        self.profile_id = profile_id
        self.folder = profile_folder(home, profile_id)
        self._engine = engine

    @classmethod
    def open(cls, home: Path, profile_id: str) -> "ProfileStore":
        """Open the store of a profile, made if it is new.

        Raises InputError on a name that is not allowed or a file that is not a store of this
        version or older (it is left as it was); StorageError where it cannot be written.
        """
        folder = profile_folder(home, profile_id)
        make_private_folder(folder)
        make_private_folder(sessions_folder(home, profile_id))
        return cls(home, profile_id, open_database(folder / STORE_NAME))

    def __enter__(self) -> "ProfileStore":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        return self.folder / STORE_NAME

    def close(self) -> None:
        self._engine.dispose()

    def session_folder(self, session_id: str) -> SessionFolder:
        """Where a new session of this profile is to be recorded; not created yet."""
        return session_folder(self._home, self.profile_id, session_id)

    def person(self) -> Person:
        """The person as last saved; one without measures where nothing was saved yet."""
        with self._transaction() as session:
            row = session.get(PersonRow, self.profile_id)
            if row is None:
                return Person(self.profile_id)
            try:
                return person_of(row)
            except ValueError as cause:
                raise InputError(
                    f"store {self.path}",
                    value=cause,
                    allowed="names that this version knows",
                    remedy="use the newer lengthwise that wrote it",
                ) from cause

    def save_person(self, person: Person) -> None:
        """Replace the person. Raises InputError when a simulated one would become real or back."""
        if person.profile_id != self.profile_id:
            raise ValueError(f"{person.profile_id} is not the person of {self.profile_id}")
        with self._transaction(writes=True) as session:
            known = session.get(PersonRow, self.profile_id)
            if known is not None and known.simulated != person.simulated:
                raise InputError(
                    "person",
                    value="simulated" if person.simulated else "real",
                    allowed=f"only a {'simulated' if known.simulated else 'real'} person in "
                    f"profile {self.profile_id}",
                    remedy="use another profile",
                )
            revision = 1
            if known is not None:
                revision = known.revision + 1
                session.delete(known)
                session.flush()
            session.add(person_row(person, revision=revision))

    def add_session(self, totals: SessionTotals, recording_path: Path) -> None:
        """List a session; one of the same id is replaced (recovery may run twice)."""
        with self._transaction(writes=True) as session:
            known = session.get(SessionRow, totals.session_id)
            if known is not None:
                session.delete(known)
                session.flush()
            session.add(session_row(totals, recording=self._stored_path(recording_path)))

    def sessions(self) -> list[SessionTotals]:
        """All sessions, the oldest first."""
        whole = (
            select(SessionRow)
            .options(
                selectinload(SessionRow.totals),
                selectinload(SessionRow.rejections),
                selectinload(SessionRow.claimed_ratios),
            )
            .order_by(SessionRow.started_ns, SessionRow.session_id)
        )
        with self._transaction() as session:
            return [totals_of_row(row) for row in session.scalars(whole)]

    def recording(self, session_id: str) -> Path:
        """Where the recording of a session lies. Raises InputError on an unknown session."""
        with self._transaction() as session:
            return self.folder / self._row(session, session_id).recording

    def delete_session(self, session_id: str) -> None:
        """Remove a session, its recording and, inside the profile, its whole folder.

        Of a recording elsewhere only the recording and its log are removed. The files go first:
        a deletion that was cut off can be repeated. Raises InputError on an unknown session.
        """
        recording = self.recording(session_id)
        try:
            if recording.parent.parent == sessions_folder(self._home, self.profile_id):
                shutil.rmtree(recording.parent, ignore_errors=False)
            else:
                _remove_recording(recording)
        except FileNotFoundError:
            pass  # Already gone: the row is what remains to be removed.
        except OSError as cause:
            raise StorageError(
                f"deleting {recording}",
                cause=cause.strerror or str(cause),
                remedy="check the permissions of its folder, then delete it again",
            ) from cause
        with self._transaction(writes=True) as session:
            session.delete(self._row(session, session_id))
        self._empty_journal()

    def _row(self, session: Session, session_id: str) -> SessionRow:
        row = session.get(SessionRow, session_id)
        if row is None:
            raise InputError(
                "session",
                value=session_id,
                allowed=f"a session of profile {self.profile_id}",
                remedy="list them with: lengthwise history",
            )
        return row

    def _stored_path(self, recording: Path) -> str:
        absolute = recording.resolve()
        inside = self.folder.resolve()
        return str(absolute.relative_to(inside) if absolute.is_relative_to(inside) else absolute)

    def _empty_journal(self) -> None:
        """Leave nothing of a deleted session in the write-ahead log."""
        raw = self._engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()

    @contextmanager
    def _transaction(self, *, writes: bool = False) -> Iterator[Session]:
        engine = writing(self._engine) if writes else self._engine
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                yield session
        except DBAPIError as cause:
            raise stated(self.path, cause) from cause


def _remove_recording(recording: Path) -> None:
    beside = (LOG_NAME, LOG_NAME + ".damaged", f".{recording.name}.part")
    for path in (recording, *(recording.with_name(name) for name in beside)):
        path.unlink(missing_ok=True)
