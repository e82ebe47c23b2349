"""Tables of a profile's store (ORM classes; they never leave `lengthwise.record`).

Points in time are kept as the contract's own ISO text, so that a value comes back equal, with
integer nanoseconds since 1970 UTC beside it for order and queries (SQLite has no time type, and
drivers disagree on time zones). Durations and quantities are SI in double precision (SQLite
keeps -0.0 as 0.0).
A change here needs a new migration in `migrations/versions`; a test compares the two.
"""

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lengthwise.record.table_base import Base

if TYPE_CHECKING:
    from lengthwise.record.pull_rows import PullRow
    from lengthwise.record.told_tables import ReachedRow


class PersonRow(Base):
    """The one person of this store. `revision` counts how often it was saved."""

    __tablename__ = "person"

    profile_id: Mapped[str] = mapped_column(primary_key=True)
    simulated: Mapped[bool]
    revision: Mapped[int]
    sex: Mapped[str | None]
    measures: Mapped[list["MeasureRow"]] = relationship(
        cascade="all, delete-orphan", order_by="MeasureRow.position"
    )
    marks: Mapped[list["LengthMarkRow"]] = relationship(
        cascade="all, delete-orphan", order_by="LengthMarkRow.position"
    )
    fraction_marks: Mapped[list["FractionMarkRow"]] = relationship(
        cascade="all, delete-orphan", order_by="FractionMarkRow.position"
    )
    windows: Mapped[list["WindowRow"]] = relationship(
        cascade="all, delete-orphan", order_by="WindowRow.position"
    )
    limits: Mapped[list["LimitRow"]] = relationship(
        cascade="all, delete-orphan", order_by="LimitRow.position"
    )
    findings: Mapped[list["FindingRow"]] = relationship(
        cascade="all, delete-orphan", order_by="FindingRow.position"
    )
    answers: Mapped[list["AnswerRow"]] = relationship(
        cascade="all, delete-orphan", order_by="AnswerRow.position"
    )
    ramps: Mapped[list["RampRow"]] = relationship(
        cascade="all, delete-orphan", order_by="RampRow.position"
    )


class MeasureRow(Base):
    """A body measure. `value` and `sd` in the unit that the name ends with."""

    __tablename__ = "measures"

    profile_id: Mapped[str] = mapped_column(
        ForeignKey("person.profile_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    value: Mapped[float]
    sd: Mapped[float]
    measured_utc: Mapped[str]
    measured_ns: Mapped[int] = mapped_column(BigInteger)
    expires_utc: Mapped[str | None]
    expires_ns: Mapped[int | None] = mapped_column(BigInteger)


class LengthMarkRow(Base):
    """First resistance or tolerance of one muscle group and side, as muscle length."""

    __tablename__ = "length_marks"

    profile_id: Mapped[str] = mapped_column(
        ForeignKey("person.profile_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    muscle_group: Mapped[str]
    side: Mapped[str]
    kind: Mapped[str]
    length_m: Mapped[float]
    sd_m: Mapped[float]
    upright_m: Mapped[float]
    distance_sd_m: Mapped[float | None]
    setup: Mapped[str]
    measured_utc: Mapped[str]
    measured_ns: Mapped[int] = mapped_column(BigInteger)
    expires_utc: Mapped[str | None]
    expires_ns: Mapped[int | None] = mapped_column(BigInteger)
    session_id: Mapped[str | None]
    pain_relief: Mapped[bool | None]
    edition: Mapped[int] = mapped_column(server_default="1")


class FractionMarkRow(Base):
    """A mark of an earlier version, as a share of a range; kept, not used."""

    __tablename__ = "marks"

    profile_id: Mapped[str] = mapped_column(
        ForeignKey("person.profile_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    muscle_group: Mapped[str]
    side: Mapped[str]
    kind: Mapped[str]
    range_fraction: Mapped[float]
    sd: Mapped[float]
    distance_sd: Mapped[float | None]
    setup: Mapped[str]
    measured_utc: Mapped[str]
    measured_ns: Mapped[int] = mapped_column(BigInteger)
    expires_utc: Mapped[str | None]
    expires_ns: Mapped[int | None] = mapped_column(BigInteger)


class WindowRow(Base):
    """A stretch window: positions between the two marks."""

    __tablename__ = "windows"

    profile_id: Mapped[str] = mapped_column(
        ForeignKey("person.profile_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    muscle_group: Mapped[str]
    side: Mapped[str]
    low: Mapped[float]
    high: Mapped[float]
    ceiling: Mapped[float]


class FindingRow(Base):
    """A finding of a calibration. `value` and `sd` in the unit that the kind ends with."""

    __tablename__ = "findings"

    profile_id: Mapped[str] = mapped_column(
        ForeignKey("person.profile_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    value: Mapped[float]
    sd: Mapped[float]
    setup: Mapped[str]
    measured_utc: Mapped[str]
    measured_ns: Mapped[int] = mapped_column(BigInteger)
    expires_utc: Mapped[str]
    expires_ns: Mapped[int] = mapped_column(BigInteger)


class LimitRow(Base):
    """How far one movement of this person goes, as measured."""

    __tablename__ = "limits"

    profile_id: Mapped[str] = mapped_column(
        ForeignKey("person.profile_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    movement: Mapped[str]
    side: Mapped[str | None]
    value_rad: Mapped[float]
    sd_rad: Mapped[float]
    measured_utc: Mapped[str]
    measured_ns: Mapped[int] = mapped_column(BigInteger)
    expires_utc: Mapped[str]
    expires_ns: Mapped[int] = mapped_column(BigInteger)


class AnswerRow(Base):
    """What this person answered to one question, and until when it counts."""

    __tablename__ = "answers"

    profile_id: Mapped[str] = mapped_column(
        ForeignKey("person.profile_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    value: Mapped[str]
    told_utc: Mapped[str]
    told_ns: Mapped[int] = mapped_column(BigInteger)
    expires_utc: Mapped[str | None]
    expires_ns: Mapped[int | None] = mapped_column(BigInteger)


class RampRow(Base):
    """A ramp to tolerance that was begun, by its first target. `harmed` None: not written down."""

    __tablename__ = "ramps"

    profile_id: Mapped[str] = mapped_column(
        ForeignKey("person.profile_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    muscle_group: Mapped[str]
    side: Mapped[str]
    at_utc: Mapped[str]
    at_ns: Mapped[int] = mapped_column(BigInteger)
    session_id: Mapped[str | None]
    harmed: Mapped[bool | None]


class SessionRow(Base):
    """A recorded session. `recording` is relative to the profile's folder where it lies in it."""

    __tablename__ = "sessions"

    session_id: Mapped[str] = mapped_column(primary_key=True)
    started_utc: Mapped[str]
    started_ns: Mapped[int | None] = mapped_column(BigInteger, index=True)
    exercise_id: Mapped[str | None]
    simulated: Mapped[bool]
    complete: Mapped[bool]
    recording: Mapped[str]
    totals: Mapped["TotalsRow"] = relationship(cascade="all, delete-orphan")
    rejections: Mapped[list["RejectionCountRow"]] = relationship(
        cascade="all, delete-orphan", order_by="RejectionCountRow.position"
    )
    claimed_ratios: Mapped[list["ClaimedRatioRow"]] = relationship(
        cascade="all, delete-orphan", order_by="ClaimedRatioRow.position"
    )
    practice: Mapped["PracticeRow | None"] = relationship(cascade="all, delete-orphan")
    repositioning: Mapped["RepositioningRow | None"] = relationship(cascade="all, delete-orphan")
    reached: Mapped[list["ReachedRow"]] = relationship(
        cascade="all, delete-orphan", order_by="ReachedRow.position"
    )
    pulled: Mapped["PullRow | None"] = relationship(cascade="all, delete-orphan")


class TotalsRow(Base):
    """Dose of a session; None where nothing was coached."""

    __tablename__ = "totals"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("sessions.session_id", ondelete="CASCADE"), primary_key=True
    )
    duration_s: Mapped[float]
    frames: Mapped[int]
    effective_s: Mapped[float | None]
    uncertain_s: Mapped[float | None]


class RejectionCountRow(Base):
    """How often an input was not used, by `source.reason`."""

    __tablename__ = "rejections"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("sessions.session_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    count: Mapped[int]


class ClaimedRatioRow(Base):
    """Share of the frames in which a coordinate could be shown, 0..1."""

    __tablename__ = "claimed_ratios"
    __table_args__ = (CheckConstraint("ratio >= 0 AND ratio <= 1", name="ratio"),)

    session_id: Mapped[str] = mapped_column(
        ForeignKey("sessions.session_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    coordinate: Mapped[str]
    ratio: Mapped[float]


class ScreeningRow(Base):
    """One time at which the safety questions were answered. All are kept: an answer that referred
    somebody is not taken back by the next one. `place` among these and the stops, in the order in
    which they were kept: clocks are set, also backwards."""

    __tablename__ = "screenings"

    at_ns: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    place: Mapped[int] = mapped_column(server_default="0")
    version: Mapped[int]
    answers: Mapped[list["ScreeningAnswerRow"]] = relationship(
        cascade="all, delete-orphan", order_by="ScreeningAnswerRow.question"
    )


class ScreeningAnswerRow(Base):
    """One answer, `yes` or `no`; a question that was left open has none."""

    __tablename__ = "screening_answers"

    at_ns: Mapped[int] = mapped_column(
        ForeignKey("screenings.at_ns", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]


class SafetyStopRow(Base):
    """A session that ended with a symptom or with pain: answers from before it no longer count.
    `place` as of the answers."""

    __tablename__ = "safety_stops"

    at_ns: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    place: Mapped[int] = mapped_column(server_default="0")
    session_id: Mapped[str]


class PracticeRow(Base):
    """With how many of the cues an exercise was done; `uncued_check`: to see what was kept."""

    __tablename__ = "practices"
    __table_args__ = (CheckConstraint("cue_share >= 0 AND cue_share <= 1", name="cue_share"),)

    session_id: Mapped[str] = mapped_column(
        ForeignKey("sessions.session_id", ondelete="CASCADE"), primary_key=True
    )
    cue_share: Mapped[float]
    uncued_check: Mapped[bool]
    constraints: Mapped[list["ConstraintKeptRow"]] = relationship(
        cascade="all, delete-orphan", order_by="ConstraintKeptRow.position"
    )


class ConstraintKeptRow(Base):
    """How one constraint of the exercise was kept in a session, in seconds and corrections."""

    __tablename__ = "constraints_kept"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("practices.session_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[str | None]
    coordinate: Mapped[str]
    required: Mapped[bool]
    kept_s: Mapped[float]
    beyond_s: Mapped[float]
    unsure_s: Mapped[float]
    said: Mapped[int]
    faded: Mapped[int]


class RepositioningRow(Base):
    """How near a place was found again with eyes closed; errors None where nothing is told."""

    __tablename__ = "repositionings"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("sessions.session_id", ondelete="CASCADE"), primary_key=True
    )
    coordinate: Mapped[str]
    side: Mapped[str | None]
    place_rad: Mapped[float | None]
    place_sd_rad: Mapped[float | None]
    trials: Mapped[int]
    called_back: Mapped[int]
    untold: Mapped[str | None]
    told: Mapped[int | None]
    constant_rad: Mapped[float | None]
    constant_sd_rad: Mapped[float | None]
    absolute_rad: Mapped[float | None]
    absolute_sd_rad: Mapped[float | None]
    variable_rad: Mapped[float | None]
    variable_sd_rad: Mapped[float | None]
    sensors_rad: Mapped[float | None]
    detectable_rad: Mapped[float | None]
