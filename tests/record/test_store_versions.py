"""A store of another version, of another program, or damaged."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from msgspec import msgpack, to_builtins
from msgspec.structs import replace
from recorded_sessions import totals
from sqlalchemy import create_engine

from lengthwise.contracts.answers import Answer, AnswerName
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.movements import MeasuredLimit, Movement, Sex
from lengthwise.contracts.muscles import ANATOMY_EDITION, MuscleGroup
from lengthwise.contracts.own_plan import FlareTold, Intake, IntakeTold
from lengthwise.contracts.person import (
    Finding,
    FindingKind,
    FractionMark,
    Mark,
    MarkKind,
    Measure,
    MeasureName,
    Person,
    RampLed,
)
from lengthwise.contracts.practice import ConstraintKept, Practice
from lengthwise.contracts.pull import HoldRelaxed, MusclePulled, PullTotals
from lengthwise.contracts.repositioning import PositionErrors, Repositioning, Untold
from lengthwise.contracts.screening import SafetyStop, Screened, YesNo
from lengthwise.contracts.states import Estimate
from lengthwise.contracts.told import PainMoment, PainTold
from lengthwise.record import database
from lengthwise.record.store import ProfileStore
from lengthwise.record.table_base import Base


def test_migrations_from_nothing_give_the_tables_of_the_code(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        path = store.path
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == database.HEAD_REVISION
    engine.dispose()


_BACK = (
    ("0018", ("DROP TABLE holds_relaxed",)),
    ("0017", ("DROP TABLE muscles_pulled", "DROP TABLE pulls")),
    ("0016", ("DROP TABLE plan_events",)),
    ("0015", ("ALTER TABLE ramps DROP COLUMN harmed",)),
    ("0013", ("DROP TABLE reached", "DROP TABLE pain_told", "DROP TABLE consents")),
    (
        "0012",
        (
            "ALTER TABLE screenings DROP COLUMN place",
            "ALTER TABLE safety_stops DROP COLUMN place",
        ),
    ),
    (
        "0010",
        ("DROP TABLE screening_answers", "DROP TABLE screenings", "DROP TABLE safety_stops"),
    ),
    ("0009", ("DROP TABLE answers", "DROP TABLE ramps")),
    (
        "0008",
        ("DROP TABLE repositionings", "DROP TABLE constraints_kept", "DROP TABLE practices"),
    ),
    ("0007", ("ALTER TABLE length_marks DROP COLUMN edition",)),
    (
        "0006",
        (
            "ALTER TABLE length_marks DROP COLUMN session_id",
            "ALTER TABLE length_marks DROP COLUMN pain_relief",
        ),
    ),
    ("0005", ("DROP TABLE limits", "ALTER TABLE person DROP COLUMN sex")),
    ("0004", ("DROP TABLE length_marks",)),
    ("0003", ("ALTER TABLE marks DROP COLUMN distance_sd",)),
    ("0002", ("DROP TABLE findings",)),
)
"""What each revision brought, taken away again, the newest first."""


def _back_to(path: Path, revision: str) -> None:
    """Tables as an older revision made them; what it did not have is dropped."""
    with sqlite3.connect(path) as connection:
        for newer, undone in _BACK:
            for statement in undone if revision < newer else ():
                connection.execute(statement)
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()


def test_a_store_of_the_first_version_keeps_its_person_and_takes_findings(tmp_path: Path) -> None:
    """Tables as revision 0001 made them: without findings."""
    person = Person("anna", measures=(Measure(MeasureName.HEIGHT, 1.72, 0.01, "2026-01-31"),))
    with ProfileStore.open(tmp_path, "anna") as store:
        store.save_person(person)
        path = store.path
    _back_to(path, "0001")
    found = Finding(FindingKind.MIRRORED, 1.0, 0.17, "2026-02-01", "2026-02-08", "camera:640x480")
    with ProfileStore.open(tmp_path, "anna") as store:
        assert store.person() == person
        store.save_person(person.with_findings((found,)))
    with ProfileStore.open(tmp_path, "anna") as store:
        assert store.person().findings == (found,)


def test_the_named_head_is_that_of_the_migrations() -> None:
    script = ScriptDirectory(str(database.MIGRATIONS))
    assert script.get_heads() == [database.HEAD_REVISION]
    older = {revision.revision for revision in script.walk_revisions()}
    assert older == {database.HEAD_REVISION} | database._OLDER_REVISIONS


FRACTION_MARK = FractionMark(
    MuscleGroup.PSOAS, Side.LEFT, MarkKind.TOLERANCE, 0.8, 0.01, "2026-01-01T08:00:00Z", "imu6",
    distance_sd=0.004,
)  # fmt: skip
LENGTH_MARK = Mark(
    MuscleGroup.PSOAS, Side.LEFT, MarkKind.TOLERANCE, 0.33, 0.001, 0.31, "2026-02-01T08:00:00Z",
    "imu6", distance_sd_m=0.0004,
)  # fmt: skip


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_marks_of_an_older_store_are_kept_as_what_they_were_and_never_read_as_lengths(
    tmp_path: Path, revision: str
) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        store.save_person(Person("anna", fraction_marks=(FRACTION_MARK,)))
        path = store.path
    _back_to(path, revision)
    told = FRACTION_MARK if revision == "0003" else replace(FRACTION_MARK, distance_sd=None)
    with ProfileStore.open(tmp_path, "anna") as store:
        person = store.person()
        assert person == Person("anna", fraction_marks=(told,))
        store.save_person(replace(person, marks=(LENGTH_MARK,)))
    with ProfileStore.open(tmp_path, "anna") as store:
        assert store.person().marks == (LENGTH_MARK,)
        assert store.person().fraction_marks == (told,)


def test_marks_of_the_version_before_were_not_asked_about_pain_relief(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        store.save_person(Person("anna", marks=(LENGTH_MARK,)))
        path = store.path
    _back_to(path, "0005")
    with ProfileStore.open(tmp_path, "anna") as store:
        (mark,) = store.person().marks
    assert mark == LENGTH_MARK and mark.pain_relief is None


def test_marks_of_the_version_before_are_lengths_of_the_first_edition(tmp_path: Path) -> None:
    """And what is marked today comes back as one of today's."""
    of_today = replace(LENGTH_MARK, edition=ANATOMY_EDITION, side=Side.RIGHT)
    with ProfileStore.open(tmp_path, "anna") as store:
        store.save_person(Person("anna", marks=(replace(LENGTH_MARK, edition=ANATOMY_EDITION),)))
        path = store.path
    _back_to(path, "0006")
    with ProfileStore.open(tmp_path, "anna") as store:
        person = store.person()
        assert [m.edition for m in person.marks] == [1]
        store.save_person(person.with_marks((of_today,)))
    with ProfileStore.open(tmp_path, "anna") as store:
        assert [m.edition for m in store.person().marks] == [1, ANATOMY_EDITION]


def test_a_mark_of_an_older_recording_is_of_the_first_edition() -> None:
    fields = to_builtins(LENGTH_MARK)
    assert fields.pop("edition") == 1
    old = {"profile_id": "anna", "length_marks": [fields]}
    assert decode(msgpack.encode(old), Person).marks[0].edition == 1


def test_sessions_of_the_version_before_say_nothing_of_what_was_kept(tmp_path: Path) -> None:
    plain = totals("20260131T081500Z-a1b2c3", "2026-01-31T08:15:00Z")
    with ProfileStore.open(tmp_path, "anna") as store:
        store.add_session(plain, tmp_path / "session.mcap")
        path = store.path
    _back_to(path, "0006")
    kept = ConstraintKept(Side.LEFT, Coordinate.PELVIS_TILT, True, 50.5, 2.25, 7.0, 3, 1)
    practised = Practice(0.5, (kept, replace(kept, side=None, required=False)), check=True)
    with ProfileStore.open(tmp_path, "anna") as store:
        assert store.sessions() == [plain]
        assert store.sessions()[0].practice is None
        store.add_session(replace(plain, practice=practised), tmp_path / "session.mcap")
    with ProfileStore.open(tmp_path, "anna") as store:
        assert [s.practice for s in store.sessions()] == [practised]


def test_a_place_that_was_looked_for_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    plain = totals("20260131T081500Z-a1b2c3", "2026-01-31T08:15:00Z")
    with ProfileStore.open(tmp_path, "anna") as store:
        store.add_session(plain, tmp_path / "session.mcap")
        path = store.path
    _back_to(path, "0006")
    sd = Estimate(0.01, 0.002)
    errors = PositionErrors(4, Estimate(-0.02, 0.01), sd, sd, 0.008, 0.05)
    told = Repositioning(Coordinate.LUMBAR_FLEXION, Side.RIGHT, sd, 5, errors, None, 1)
    untold = Repositioning(Coordinate.PELVIS_TILT, None, None, 0, None, Untold.NOT_SEEN)
    with ProfileStore.open(tmp_path, "anna") as store:
        assert store.sessions() == [plain]
        for found in (told, untold):
            store.add_session(replace(plain, repositioning=found), tmp_path / "session.mcap")
            assert [s.repositioning for s in store.sessions()] == [found]


def test_a_store_before_answers_has_none_and_takes_them(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        store.save_person(Person("anna", marks=(LENGTH_MARK,)))
        path = store.path
    _back_to(path, "0006")
    told = (
        Answer(AnswerName.FLARE, "no", "2026-02-01T08:00:00Z", "2026-02-02T00:00:00Z"),
        Answer(AnswerName.HYPERMOBILE, "2", "2026-02-01T08:00:00Z"),
    )
    ramp = RampLed(MuscleGroup.PSOAS, Side.LEFT, "2026-02-01T08:10:00Z", "a-session")
    with ProfileStore.open(tmp_path, "anna") as store:
        person = store.person()
        assert person == Person("anna", marks=(LENGTH_MARK,))
        store.save_person(person.with_answers(told).with_ramps((ramp,)))
    with ProfileStore.open(tmp_path, "anna") as store:
        found = store.person()
    assert (found.answers, found.ramps, found.marks) == (told, (ramp,), (LENGTH_MARK,))


def test_a_store_before_the_harm_of_ramps_does_not_know_it_of_old_ones(tmp_path: Path) -> None:
    old = RampLed(MuscleGroup.PSOAS, Side.LEFT, "2026-02-01T08:10:00Z", "a-session", harmed=True)
    with ProfileStore.open(tmp_path, "anna") as store:
        store.save_person(Person("anna", ramps=(old,)))
        path = store.path
    _back_to(path, "0010")
    new = replace(old, at_utc="2026-02-01T08:20:00Z", harmed=False)
    with ProfileStore.open(tmp_path, "anna") as store:
        person = store.person()
        assert person.ramps == (replace(old, harmed=None),)
        store.save_person(person.with_ramps((new,)))
    with ProfileStore.open(tmp_path, "anna") as store:
        assert store.person().ramps == (replace(old, harmed=None), new)


def test_a_store_before_limits_keeps_its_marks_and_takes_limits(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        store.save_person(Person("anna", marks=(LENGTH_MARK,)))
        path = store.path
    _back_to(path, "0004")
    limit = MeasuredLimit(
        Movement.HIP_EXTENSION, Side.LEFT, 0.2, 0.05, "2026-01-31T00:00:00Z", "2026-07-30T00:00:00Z"
    )
    with ProfileStore.open(tmp_path, "anna") as store:
        person = store.person()
        assert person == Person("anna", marks=(LENGTH_MARK,))
        store.save_person(replace(person.with_limits((limit,)), sex=Sex.FEMALE))
    with ProfileStore.open(tmp_path, "anna") as store:
        found = store.person()
    assert (found.limits, found.sex, found.marks) == ((limit,), Sex.FEMALE, (LENGTH_MARK,))


def test_a_person_of_an_older_recording_has_no_marks_as_lengths() -> None:
    """Fields as written before marks were lengths."""
    old = {"profile_id": "anna", "marks": [to_builtins(FRACTION_MARK)]}
    person = decode(msgpack.encode(old), Person)
    assert person == Person("anna", fraction_marks=(FRACTION_MARK,))
    both = replace(person, marks=(LENGTH_MARK,))
    assert decode(encode(both), Person) == both


def test_a_migration_cut_off_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic.operations import Operations

    create_table = Operations.create_table

    def dies_at_totals(self: Operations, name: str, *rest: object, **more: object) -> object:
        if name == "totals":
            raise KeyboardInterrupt
        return create_table(self, name, *rest, **more)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Operations, "create_table", dies_at_totals)
        ProfileStore.open(tmp_path, "anna")
    with sqlite3.connect(tmp_path / "profiles/anna/store.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()
    with ProfileStore.open(tmp_path, "anna") as store:
        assert store.sessions() == []


def test_a_store_before_pain_was_told_keeps_its_sessions_and_takes_it(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        path = store.path
        store.add_session(totals("20260131T081500Z-a1b2c3", "2026-01-31T08:15:00Z"), path)
    _back_to(path, "0010")
    told = PainTold("20260131T081500Z-a1b2c3", PainMoment.AFTER, 3.0, 1.0e9)
    with ProfileStore.open(tmp_path, "anna") as store:
        assert [s.reached for s in store.sessions()] == [()]
        assert store.pain_told() == [] and store.consented() is None
        store.tell_pain(told)
        assert store.pain_told() == [told]


def test_a_store_before_plans_has_none_and_takes_one(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        path = store.path
    _back_to(path, "0015")
    told = (IntakeTold(Intake(usual_nrs=3.0, activity="carry my child")), FlareTold(739000))
    with ProfileStore.open(tmp_path, "anna") as store:
        assert store.plan_events() == []
        store.add_plan_events(told, at_s=2.0e9)
        store.add_plan_events(told[:1], at_s=1.0e9)  # a clock that was set back
    with ProfileStore.open(tmp_path, "anna") as store:
        found = store.plan_events()
    assert [k.event for k in found] == [*told, told[0]]
    assert [k.at_s for k in found] == [2.0e9, 2.0e9, 1.0e9]


def test_a_pull_comes_back_as_it_was_kept_and_what_was_not_measured_is_never_zero(
    tmp_path: Path,
) -> None:
    plain = totals("20260131T081500Z-a1b2c3", "2026-01-31T08:15:00Z")
    with ProfileStore.open(tmp_path, "anna") as store:
        store.add_session(plain, tmp_path / "session.mcap")
        path = store.path
    _back_to(path, "0016")
    found = Estimate(1.1, 0.05)
    muscle = MusclePulled(
        "hamstrings_l", Estimate(-0.015, 0.005), 0.015, 0.52, Estimate(-0.06, 0.005), 0.04, 2
    )
    nothing = PullTotals("gauge", Coordinate.HIP_FLEXION_L, stiff=False)
    whole = PullTotals(
        "band", Coordinate.KNEE_FLEXION_R, True, 30.0, found, Estimate(1.3, 0.06),
        Estimate(41.0, 3.0), Estimate(-40.0, 4.0), 1.31, Estimate(42.0, 3.5),
        (muscle, replace(muscle, muscle="calf_l", edition=ANATOMY_EDITION)),
        line_alignment=Estimate(0.93, 0.03),
        relaxed=tuple(
            HoldRelaxed(at_s, 30.0, Estimate(0.21, 0.03), Estimate(-0.4, 0.02), 81.5)
            for at_s in (20.0, 80.0)
        ),
    )  # fmt: skip
    untold = replace(nothing, why_not="too_few_readings", furthest_nm=Estimate(0.0, 0.0))
    with ProfileStore.open(tmp_path, "anna") as store:
        assert store.sessions() == [plain]
        for pulled in (nothing, whole, untold, None):
            store.add_session(replace(plain, pulled=pulled), tmp_path / "session.mcap")
            assert [s.pulled for s in store.sessions()] == [pulled]
        store.add_session(replace(plain, pulled=whole), tmp_path / "session.mcap")
        store.delete_session(plain.session_id)
    with sqlite3.connect(path) as connection:
        for table in ("pulls", "muscles_pulled", "holds_relaxed"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize(("answered_s", "stopped_s"), [(10.0, 20.0), (20.0, 10.0), (10.0, 10.0)])
def test_answers_and_stops_of_the_version_before_stand_in_the_order_of_their_times(
    tmp_path: Path, answered_s: float, stopped_s: float
) -> None:
    """All that is known of them; at the same time the stop counts as later."""
    with ProfileStore.open(tmp_path, "anna") as store:
        store.add_safety_stop("a-session", at_s=stopped_s)
        store.add_screening(Screened(1, answered_s, {"saddle": YesNo.NO}))
        path = store.path
    _back_to(path, "0010")
    with ProfileStore.open(tmp_path, "anna") as store:
        last = store.told_of_safety()[-1]
        assert isinstance(last, SafetyStop) is (stopped_s >= answered_s)
        store.add_screening(Screened(1, 0.0, {}))
        assert isinstance(store.told_of_safety()[-1], Screened)
