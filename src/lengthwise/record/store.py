"""The store of one profile: who the person is, and what remains of each session.

`<home>/profiles/<profile_id>/store.sqlite`, the recordings beside it under `sessions/`. One file
per profile: deleting the folder deletes the person.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from msgspec import Struct
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, selectinload

from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.person import Person
from lengthwise.contracts.screening import FLARE_STOP, SafetyStop, Screened, Told
from lengthwise.contracts.session import SessionTotals
from lengthwise.contracts.told import PainMoment, PainTold
from lengthwise.record.database import let_go, open_database, stated, writing
from lengthwise.record.owners import owners_of
from lengthwise.record.plan_book import forget_session
from lengthwise.record.plan_rows import KeepsPlan
from lengthwise.record.rows import (
    person_of,
    person_row,
    screened_of,
    screening_row,
    session_row,
    totals_of_row,
)
from lengthwise.record.session_folder import (
    SessionFolder,
    is_profile_id,
    make_private_folder,
    profile_folder,
    profiles_folder,
    session_folder,
    sessions_folder,
)
from lengthwise.record.tables import (
    LengthMarkRow,
    PersonRow,
    PracticeRow,
    RampRow,
    SafetyStopRow,
    ScreeningRow,
    SessionRow,
)
from lengthwise.record.told_tables import ConsentRow, PainRow

STORE_NAME = "store.sqlite"


class Deleted(Struct, frozen=True):
    """What became of a session that was taken out of its profile. Paths as text, for JSON.

    `kept`: files in its place that belong to another session and were left alone; `ramps_kept`:
    ramps to tolerance that stay known, no longer as of this session.
    """

    session_id: str
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    ramps_kept: int = 0


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


class ProfileStore(KeepsPlan):
    """An open store. Every method is one transaction and hands out contract values only."""

    def __init__(self, home: Path, profile_id: str, engine: Engine) -> None:
        self._home = home
        self.profile_id = profile_id
        self.folder = profile_folder(home, profile_id)
        self.path = self.folder / STORE_NAME
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

    @classmethod
    def open_known(cls, home: Path, profile_id: str) -> "ProfileStore":
        """The same for who only reads: a profile that is not there is not made.

        Raises InputError, also for a name that nobody is kept under.
        """
        if (profile_folder(home, profile_id) / STORE_NAME).exists():
            return cls.open(home, profile_id)
        known = profiles(home)
        raise InputError(
            "--profile",
            value=profile_id,
            allowed=", ".join(known) or "none, as nobody is kept yet",
            remedy=("choose one of these, or " if known else "")
            + f"make it with: lengthwise person --profile {profile_id} --height-m 1.72",
        )

    def __enter__(self) -> "ProfileStore":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        let_go(self._engine)

    def session_folder(self, session_id: str) -> SessionFolder:
        """Where a new session of this profile is to be recorded; not created yet."""
        return session_folder(self._home, self.profile_id, session_id)

    def person(self) -> Person:
        """The person as last saved; one without measures where nothing was saved yet."""
        with self._transaction() as session:
            row = session.get(PersonRow, self.profile_id)
            if row is None:
                return Person(self.profile_id, simulated=self._simulated(session) or False)
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
            self._admit(session, "person", simulated=person.simulated)
            known = session.get(PersonRow, self.profile_id)
            revision = 1
            if known is not None:
                revision = known.revision + 1
                session.delete(known)
                session.flush()
            session.add(person_row(person, revision=revision))

    def add_session(self, totals: SessionTotals, recording_path: Path) -> None:
        """List a session; one of the same id is replaced (recovery may run twice).

        Raises InputError when a simulated one would stand among real ones or the other way round.
        """
        with self._transaction(writes=True) as session:
            self._admit(session, "session", simulated=totals.simulated)
            known = session.get(SessionRow, totals.session_id)
            if known is not None:
                session.delete(known)
                session.flush()
            session.add(session_row(totals, recording=self._stored_path(recording_path)))

    def check_kind(self, *, simulated: bool) -> None:
        """Raises InputError where a session of that kind could not be listed here."""
        with self._transaction() as session:
            self._admit(session, "session", simulated=simulated)

    def sessions(self) -> list[SessionTotals]:
        """All sessions, the oldest first."""
        whole = (
            select(SessionRow)
            .options(
                selectinload(SessionRow.totals),
                selectinload(SessionRow.rejections),
                selectinload(SessionRow.claimed_ratios),
                selectinload(SessionRow.practice).selectinload(PracticeRow.constraints),
                selectinload(SessionRow.repositioning),
                selectinload(SessionRow.reached),
                selectinload(SessionRow.pulled),
            )
            .order_by(SessionRow.started_ns, SessionRow.session_id)
        )
        with self._transaction() as session:
            return [totals_of_row(row) for row in session.scalars(whole)]

    def add_screening(self, screened: Screened) -> None:
        """Keep the answers to the safety questions of one time beside all earlier ones."""
        with self._transaction(writes=True) as session:
            at_ns = _free_ns(session, ScreeningRow, screened.at_s)
            session.add(screening_row(screened, at_ns=at_ns, place=_next_place(session)))

    def screenings(self) -> list[Screened]:
        """All answers to the safety questions in the order in which they were kept, whatever the
        clock said."""
        whole = select(ScreeningRow).options(selectinload(ScreeningRow.answers))
        with self._transaction() as session:
            return [screened_of(row) for row in session.scalars(whole.order_by(ScreeningRow.place))]

    def told_of_safety(self) -> list[Told]:
        """All answers to the safety questions and all stops, in the order in which they were kept,
        whatever the clock said."""
        answers = select(ScreeningRow).options(selectinload(ScreeningRow.answers))
        with self._transaction() as session:
            told: list[tuple[int, Told]] = [
                (row.place, screened_of(row)) for row in session.scalars(answers)
            ]
            told += [
                (row.place, SafetyStop(row.at_ns / 1e9, row.session_id.startswith(FLARE_STOP)))
                for row in session.scalars(select(SafetyStopRow))
            ]
        return [each for _, each in sorted(told, key=lambda one: one[0])]

    def add_safety_stop(self, session_id: str, *, at_s: float) -> None:
        """Keep that a session ended with a symptom or with pain, `at_s` seconds since 1970. One
        that was kept already stands where it was: answers that came after it count."""
        with self._transaction(writes=True) as session:
            known = select(SafetyStopRow.at_ns).where(SafetyStopRow.session_id == session_id)
            if session.scalar(known.limit(1)) is None:
                at_ns = _free_ns(session, SafetyStopRow, at_s)
                place = _next_place(session)
                session.add(SafetyStopRow(at_ns=at_ns, place=place, session_id=session_id))

    def ended_unsafely(self, session_id: str) -> bool:
        """Whether that session ended with a symptom or with pain."""
        known = select(SafetyStopRow.at_ns).where(SafetyStopRow.session_id == session_id)
        with self._transaction() as session:
            return session.scalar(known.limit(1)) is not None

    def tell_pain(self, told: PainTold) -> None:
        """Keep it in place of an earlier word for the same moment."""
        with self._transaction(writes=True) as session:
            row = PainRow(session_id=told.session_id, moment=told.moment.value, nrs=told.nrs)
            row.at_ns = round(told.at_s * 1e9)
            session.merge(row)

    def pain_told(self) -> list[PainTold]:
        """All that was told, the oldest first."""
        with self._transaction() as session:
            return [
                PainTold(row.session_id, PainMoment(row.moment), row.nrs, row.at_ns / 1e9)
                for row in session.scalars(select(PainRow).order_by(PainRow.at_ns))
            ]

    def consent(self, version: int, *, at_s: float) -> None:
        """Keep that the person agreed to a version of what the program says of itself."""
        with self._transaction(writes=True) as session:
            session.merge(ConsentRow(at_ns=round(at_s * 1e9), version=version))

    def consented(self) -> int | None:
        """The newest version that was agreed to; None: to none."""
        with self._transaction() as session:
            return session.scalar(select(func.max(ConsentRow.version)))

    def recording(self, session_id: str) -> Path:
        """Where the recording of a session lies. Raises InputError on an unknown session."""
        with self._transaction() as session:
            return self.folder / self._row(session, session_id).recording

    def delete_session(self, session_id: str) -> Deleted:
        """Remove a session, its marks, pain, recording and, inside the profile, its folder.

        That a muscle was ramped, and whether that did harm, stays, no longer as this session's:
        whether another ramp may be led depends on it, and deleting may permit nothing.

        Of a recording elsewhere only the recording and its log are removed, and only where they
        say that they are of this session: what was recorded there since then is kept. The files
        go first: a deletion that was cut off can be repeated. Raises InputError on an unknown
        session, and before anything is removed where a file does not tell whose it is.
        """
        recording = self.recording(session_id)
        own, kept = self._files_of(recording, session_id)
        try:
            for path in own:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
        except OSError as cause:
            raise StorageError(
                f"deleting {recording}",
                cause=cause.strerror or str(cause),
                remedy="check the permissions of its folder, then delete it again",
            ) from cause
        with self._transaction(writes=True) as session:
            session.execute(delete(LengthMarkRow).where(LengthMarkRow.session_id == session_id))
            mine = RampRow.session_id == session_id
            stays = session.scalar(select(func.count()).where(mine)) or 0
            session.execute(update(RampRow).where(mine).values(session_id=None))
            session.execute(delete(PainRow).where(PainRow.session_id == session_id))
            session.delete(self._row(session, session_id))
        self._empty_journal()
        forget_session(self.folder, session_id)
        return Deleted(session_id, tuple(map(str, own)), tuple(map(str, kept)), stays)

    def _files_of(self, recording: Path, session_id: str) -> tuple[list[Path], list[Path]]:
        """What to remove with a session, and what in its place is another's."""
        folder = recording.parent
        owners = owners_of(recording)
        kept = [path for path, owner in owners.items() if owner not in (None, session_id)]
        named_so = folder == sessions_folder(self._home, self.profile_id) / session_id
        if named_so and not kept:
            return ([folder] if folder.exists() else []), []
        unknown = [path for path, owner in owners.items() if owner is None]
        if unknown:
            raise InputError(
                f"recording {unknown[0]}",
                value="a file that does not tell which session it is of",
                allowed=f"the recording of {session_id}",
                remedy="move it aside or remove it yourself, then delete the session again",
            )
        own = [path for path, owner in owners.items() if owner == session_id]
        return own, kept

    def _simulated(self, session: Session) -> bool | None:
        """Whether this profile holds a simulated person; None where nothing is kept yet."""
        person = session.get(PersonRow, self.profile_id)
        if person is not None:
            return person.simulated
        return session.scalar(select(SessionRow.simulated).limit(1))

    def _admit(self, session: Session, what: str, *, simulated: bool) -> None:
        """Raises InputError where simulated and real would stand in one profile."""
        known = self._simulated(session)
        if known is not None and known != simulated:
            raise InputError(
                what,
                value="simulated" if simulated else "real",
                allowed=f"only a {'simulated' if known else 'real'} person in "
                f"profile {self.profile_id}",
                remedy="use another profile",
            )

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


def _next_place(session: Session) -> int:
    """Behind all answers and stops that are kept. Within a transaction that writes nobody else
    takes it."""
    last = (session.scalar(select(func.max(t.place))) for t in (ScreeningRow, SafetyStopRow))
    return 1 + max((place or 0 for place in last), default=0)


def _free_ns(session: Session, table: type[ScreeningRow] | type[SafetyStopRow], at_s: float) -> int:
    """The time, or the next that is free: a clock that was set back tells the same one twice."""
    at_ns = round(at_s * 1e9)
    while session.get(table, at_ns) is not None:
        at_ns += 1
    return at_ns
