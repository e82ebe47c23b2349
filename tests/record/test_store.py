"""Laws of a profile's store: values come back equal, nothing foreign is touched."""

import gc
import sqlite3
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from recorded_sessions import totals
from sqlalchemy.sql.compiler import SQLCompiler

from lengthwise.contracts.coordinates import COORDINATES, Side
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.movements import MeasuredLimit, Movement, Sex
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import (
    Finding,
    FindingKind,
    FractionMark,
    Mark,
    MarkKind,
    Measure,
    MeasureName,
    Person,
    Window,
)
from lengthwise.contracts.session import MuscleReached, SessionTotals
from lengthwise.contracts.told import PainMoment, PainTold
from lengthwise.record.rows import utc_ns
from lengthwise.record.store import ProfileStore, profiles

_utc = st.datetimes(datetime(1678, 1, 1), datetime(2262, 1, 1)).map(lambda t: t.isoformat() + "Z")
_maybe_utc = st.none() | _utc
_number = st.floats(allow_nan=False)
_ratio = st.floats(0, 1)

people = st.builds(
    Person,
    profile_id=st.just("anna"),
    measures=st.lists(
        st.builds(Measure, st.sampled_from(MeasureName), _number, _number, _utc, _maybe_utc),
        max_size=4,
    ).map(tuple),
    marks=st.lists(
        st.builds(
            Mark,
            group=st.sampled_from(MuscleGroup),
            side=st.sampled_from(Side),
            kind=st.sampled_from(MarkKind),
            length_m=_number,
            sd_m=_number,
            upright_m=_number,
            measured_utc=_utc,
            setup=st.text(max_size=20),
            expires_utc=_maybe_utc,
            distance_sd_m=st.none() | _number,
            session_id=st.none() | st.text(max_size=20),
            pain_relief=st.none() | st.booleans(),
        ),
        max_size=4,
    ).map(tuple),
    fraction_marks=st.lists(
        st.builds(
            FractionMark,
            group=st.sampled_from(MuscleGroup),
            side=st.sampled_from(Side),
            kind=st.sampled_from(MarkKind),
            range_fraction=_ratio,
            sd=_number,
            measured_utc=_utc,
            setup=st.text(max_size=20),
            expires_utc=_maybe_utc,
            distance_sd=st.none() | _number,
        ),
        max_size=4,
    ).map(tuple),
    windows=st.lists(
        st.builds(
            Window, st.sampled_from(MuscleGroup), st.sampled_from(Side), _ratio, _ratio, _ratio
        ),
        max_size=4,
    ).map(tuple),
    simulated=st.just(False),
    sex=st.none() | st.sampled_from(Sex),
    limits=st.lists(
        st.builds(
            MeasuredLimit,
            movement=st.sampled_from(Movement),
            side=st.none() | st.sampled_from(Side),
            value_rad=_number,
            sd_rad=_number,
            measured_utc=_utc,
            expires_utc=_utc,
        ),
        max_size=4,
    ).map(tuple),
    findings=st.lists(
        st.builds(
            Finding,
            kind=st.sampled_from(FindingKind),
            value=_number,
            sd=_number,
            measured_utc=_utc,
            expires_utc=_utc,
            setup=st.text(max_size=20),
        ),
        max_size=4,
    ).map(tuple),
)

_counts = st.integers(0, 2**40)
totals_of_any_session = st.builds(
    SessionTotals,
    session_id=st.text(min_size=1, max_size=30).filter(lambda s: "\0" not in s),
    started_utc=_utc | st.just("not said"),
    duration_s=st.floats(0, 1e6),
    frames=_counts,
    exercise_id=st.none() | st.just("figure_four"),
    effective_s=st.none() | st.floats(0, 1e4),
    uncertain_s=st.none() | st.floats(0, 1e4),
    rejections=st.dictionaries(st.text(max_size=12), _counts, max_size=4),
    claimed_ratio=st.dictionaries(st.sampled_from([c.value for c in COORDINATES]), _ratio),
    simulated=st.booleans(),
    complete=st.booleans(),
    reached=st.lists(
        st.builds(
            MuscleReached,
            group=st.sampled_from(MuscleGroup),
            side=st.sampled_from(Side),
            ratio=_ratio,
            sd=_ratio,
            known_s=st.floats(0, 1e4),
        ),
        max_size=3,
    ).map(tuple),
)


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> ProfileStore:
    return ProfileStore.open(tmp_path_factory.mktemp("home"), "anna")


@given(person=people)
@settings(max_examples=40, deadline=None)
def test_a_person_comes_back_equal(shared_store: ProfileStore, person: Person) -> None:
    shared_store.save_person(person)
    assert shared_store.person() == person


@given(st.lists(totals_of_any_session, max_size=4, unique_by=lambda t: t.session_id))
@settings(max_examples=15, deadline=None)
def test_sessions_come_back_equal_and_in_their_order(given_totals: list[SessionTotals]) -> None:
    # A profile is of a simulated or of a real person, never of both.
    given_totals = [replace(t, simulated=given_totals[0].simulated) for t in given_totals]
    with TemporaryDirectory() as name, ProfileStore.open(Path(name), "anna") as store:
        for t in given_totals:
            store.add_session(t, Path(name) / "session.mcap")
        found = store.sessions()
        assert {t.session_id: t for t in found} == {t.session_id: t for t in given_totals}
        times = [utc_ns(t.started_utc) for t in found if t.started_utc != "not said"]
        assert times == sorted(times)


def test_a_session_added_again_is_replaced(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        first = totals("20260131T081500Z-a1b2c3", "2026-01-31T08:15:00Z")
        again = replace(first, frames=7, rejections={})
        store.add_session(first, tmp_path / "a.mcap")
        store.add_session(again, tmp_path / "b.mcap")
        assert store.sessions() == [again]
        assert store.recording(first.session_id) == tmp_path / "b.mcap"


def test_a_new_person_has_no_measures_and_is_real(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        assert store.person() == Person("anna")


def test_a_real_profile_never_becomes_a_simulated_one(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        store.save_person(Person("anna"))
        with pytest.raises(InputError, match="use another profile"):
            store.save_person(Person("anna", simulated=True))
        assert store.person() == Person("anna")


@pytest.mark.parametrize("first", [True, False])
def test_a_profile_takes_sessions_of_one_kind_only(tmp_path: Path, first: bool) -> None:
    one = replace(totals("s1", "2026-01-31T08:15:00Z"), simulated=first)
    other = replace(one, session_id="s2", simulated=not first)
    with ProfileStore.open(tmp_path, "anna") as store:
        store.check_kind(simulated=not first)
        store.add_session(one, tmp_path / "a.mcap")
        assert store.person() == Person("anna", simulated=first)
        with pytest.raises(InputError, match="use another profile"):
            store.add_session(other, tmp_path / "b.mcap")
        with pytest.raises(InputError, match="use another profile"):
            store.check_kind(simulated=not first)
        with pytest.raises(InputError, match="use another profile"):
            store.save_person(Person("anna", simulated=not first))
        assert store.sessions() == [one]


def test_a_real_person_takes_no_simulated_session(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        store.save_person(Person("anna"))
        with pytest.raises(InputError, match="found simulated; allowed: only a real person"):
            store.add_session(
                replace(totals("s1", "2026-01-31T08:15:00Z"), simulated=True), tmp_path / "a.mcap"
            )
        assert store.sessions() == []


def test_a_person_with_a_time_that_is_none_is_refused_whole(tmp_path: Path) -> None:
    known = Person("anna", measures=(Measure(MeasureName.HEIGHT, 1.7, 0.01, "2026-01-31"),))
    unknown = Person("anna", measures=(Measure(MeasureName.HEIGHT, 1.8, 0.01, "yesterday"),))
    with ProfileStore.open(tmp_path, "anna") as store:
        store.save_person(known)
        with pytest.raises(InputError, match="found yesterday; allowed: an ISO 8601 time"):
            store.save_person(unknown)
        assert store.person() == known


def test_a_value_that_is_not_a_number_is_a_programming_error(tmp_path: Path) -> None:
    nan = Person("anna", windows=(Window(MuscleGroup.PSOAS, Side.LEFT, float("nan")),))
    with ProfileStore.open(tmp_path, "anna") as store:
        with pytest.raises(ValueError, match="refused a value"):
            store.save_person(nan)
        with pytest.raises(ValueError, match="not the person"):
            store.save_person(Person("bert"))


def test_nanoseconds_of_a_time_by_hand() -> None:
    assert utc_ns("1970-01-01T00:00:01Z") == 1_000_000_000
    assert utc_ns("1970-01-01T01:00:00.000001+01:00") == 1_000
    assert utc_ns("1970-01-02T00:00:00") == 86_400_000_000_000
    for text in ("2262-04-12T00:00:00Z", "1677-09-20T00:00:00Z", "yesterday"):
        with pytest.raises(ValueError, match=text[:4]):
            utc_ns(text)


def test_the_database_keeps_wal_foreign_keys_and_erases_what_is_deleted(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        raw = store._engine.raw_connection()
        found = {
            name: raw.cursor().execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "foreign_keys", "secure_delete", "synchronous")
        }
        raw.close()
    assert found == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "secure_delete": 1,
        "synchronous": 2,
    }


def test_a_mark_without_its_person_is_refused_by_the_database(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        raw = store._engine.raw_connection()
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            raw.cursor().execute("INSERT INTO windows VALUES ('nobody', 0, 'psoas', 'l', 0, 1, 1)")
        raw.close()


def test_a_newer_finding_takes_the_place_of_its_like() -> None:
    old = Finding(FindingKind.THIGH, 0.41, 0.02, "2026-01-01", "2026-06-01", "pose_model:full")
    newer = replace(old, value=0.42, measured_utc="2026-02-01")
    other = replace(newer, setup="pose_model:lite")
    person = Person("anna").with_findings((old,)).with_findings((newer, other))
    assert person.findings == (newer, other)


@pytest.mark.parametrize("name", ["", "Anna", "a/b", "..", "-a", "a b", "ä", "a" * 41, "a\n"])
def test_a_profile_name_that_is_not_allowed_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="choose such a name"):
        ProfileStore.open(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_profiles_are_those_with_a_store(tmp_path: Path) -> None:
    assert profiles(tmp_path) == ()
    for name in ("bert", "anna"):
        ProfileStore.open(tmp_path, name).close()
    (tmp_path / "profiles" / "empty").mkdir()
    assert profiles(tmp_path) == ("anna", "bert")


def test_folders_of_a_profile_are_open_to_their_owner_only(tmp_path: Path) -> None:
    ProfileStore.open(tmp_path / "home", "anna").close()
    for folder in ("", "profiles", "profiles/anna", "profiles/anna/sessions"):
        mode = stat.S_IMODE((tmp_path / "home" / folder).stat().st_mode)
        assert mode == 0o700, folder


def test_two_open_stores_see_each_others_writes(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as one, ProfileStore.open(tmp_path, "anna") as two:
        one.save_person(Person("anna", windows=(Window(MuscleGroup.CALF, Side.LEFT),)))
        assert two.person() == one.person()
        two.add_session(totals("s1", "2026-01-31T08:15:00Z"), tmp_path / "x.mcap")
        assert [t.session_id for t in one.sessions()] == ["s1"]


def test_processes_that_open_a_new_store_at_once_all_succeed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from lengthwise.record.store import ProfileStore\n"
        "from lengthwise.contracts.person import Person\n"
        "for _ in range(5):\n"
        "    with ProfileStore.open(Path(sys.argv[1]), 'anna') as store:\n"
        "        store.save_person(Person('anna'))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    told = [process.communicate(timeout=60)[1] for process in running]
    assert [p.returncode for p in running] == [0, 0, 0], told
    with sqlite3.connect(tmp_path / "profiles/anna/store.sqlite") as connection:
        assert connection.execute("SELECT revision FROM person").fetchone() == (15,)
    connection.close()


def test_a_home_that_is_a_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(StorageError, match="check that this place can be written to"):
        ProfileStore.open(tmp_path / "home", "anna")


def test_openings_leave_no_statement_behind_in_a_process_that_stays(tmp_path: Path) -> None:
    def after(openings: int) -> int:
        for n in range(openings):
            with ProfileStore.open(tmp_path, "anna") as store:
                store.tell_pain(PainTold(f"{openings}-{n}", PainMoment.BEFORE, 1.0, 1.0))
        gc.collect()
        return sum(isinstance(o, SQLCompiler) for o in gc.get_objects())

    after(1)  # its tables are made
    once = after(2)
    assert after(6) <= once
