"""What a session's gauge or band measured: tables of the store, and to their rows and back.

As in `tables`: a change here needs a new migration. A value that is not there is NULL with its sd.
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.pull import HoldRelaxed, MusclePulled, PullTotals
from lengthwise.contracts.states import Estimate
from lengthwise.record.table_base import Base


class PullRow(Base):
    """Torque about one joint in one session; see `contracts.pull.PullTotals`."""

    __tablename__ = "pulls"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("sessions.session_id", ondelete="CASCADE"), primary_key=True
    )
    device: Mapped[str]
    coordinate: Mapped[str]
    stiff: Mapped[bool]
    standard_nm: Mapped[float | None]
    extensible_rad: Mapped[float | None]
    extensible_sd_rad: Mapped[float | None]
    borne_rad: Mapped[float | None]
    borne_sd_rad: Mapped[float | None]
    borne_nm: Mapped[float | None]
    borne_sd_nm: Mapped[float | None]
    weight_nm: Mapped[float | None]
    weight_sd_nm: Mapped[float | None]
    furthest_rad: Mapped[float | None]
    furthest_nm: Mapped[float | None]
    furthest_sd_nm: Mapped[float | None]
    why_not: Mapped[str | None]
    line_alignment: Mapped[float | None]
    line_alignment_sd: Mapped[float | None]
    muscles: Mapped[list["MusclePulledRow"]] = relationship(
        cascade="all, delete-orphan", order_by="MusclePulledRow.position", lazy="selectin"
    )
    relaxed: Mapped[list["HoldRelaxedRow"]] = relationship(
        cascade="all, delete-orphan", order_by="HoldRelaxedRow.position", lazy="selectin"
    )


class MusclePulledRow(Base):
    """A muscle that the pull told of, `<group>_<side>`."""

    __tablename__ = "muscles_pulled"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("pulls.session_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    muscle: Mapped[str]
    later_m: Mapped[float]
    later_sd_m: Mapped[float]
    before_sd_m: Mapped[float]
    slack_shift_m: Mapped[float]
    slack_shift_sd_m: Mapped[float]
    stiffness_ratio: Mapped[float]
    stiffness_log_sd: Mapped[float]
    edition: Mapped[int]


class HoldRelaxedRow(Base):
    """By which share the pull fell in one hold."""

    __tablename__ = "holds_relaxed"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("pulls.session_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    begun_s: Mapped[float]
    held_s: Mapped[float]
    loss_ratio: Mapped[float]
    loss_sd_ratio: Mapped[float]
    angle_rad: Mapped[float]
    angle_sd_rad: Mapped[float]
    begun_n: Mapped[float]


def pull_row(found: PullTotals | None) -> PullRow | None:
    if found is None:
        return None
    extensible, extensible_sd = _parts(found.extensible_rad)
    borne, borne_sd = _parts(found.borne_rad)
    borne_nm, borne_sd_nm = _parts(found.borne_nm)
    weight, weight_sd = _parts(found.weight_nm)
    furthest, furthest_sd = _parts(found.furthest_nm)
    aim, aim_sd = _parts(found.line_alignment)
    return PullRow(
        device=found.device,
        coordinate=found.coordinate.value,
        stiff=found.stiff,
        standard_nm=found.standard_nm,
        extensible_rad=extensible,
        extensible_sd_rad=extensible_sd,
        borne_rad=borne,
        borne_sd_rad=borne_sd,
        borne_nm=borne_nm,
        borne_sd_nm=borne_sd_nm,
        weight_nm=weight,
        weight_sd_nm=weight_sd,
        furthest_rad=found.furthest_rad,
        furthest_nm=furthest,
        furthest_sd_nm=furthest_sd,
        why_not=found.why_not,
        line_alignment=aim,
        line_alignment_sd=aim_sd,
        muscles=[_muscle_row(i, m) for i, m in enumerate(found.muscles)],
        relaxed=[_hold_row(i, r) for i, r in enumerate(found.relaxed)],
    )


def _muscle_row(position: int, m: MusclePulled) -> MusclePulledRow:
    return MusclePulledRow(
        position=position,
        muscle=m.muscle,
        later_m=m.later_m.mean,
        later_sd_m=m.later_m.sd,
        before_sd_m=m.before_sd_m,
        slack_shift_m=m.slack_shift_m.mean,
        slack_shift_sd_m=m.slack_shift_m.sd,
        stiffness_ratio=m.stiffness_ratio,
        stiffness_log_sd=m.stiffness_log_sd,
        edition=m.edition,
    )


def _hold_row(position: int, r: HoldRelaxed) -> HoldRelaxedRow:
    return HoldRelaxedRow(
        position=position,
        begun_s=r.begun_s,
        held_s=r.held_s,
        loss_ratio=r.loss_ratio.mean,
        loss_sd_ratio=r.loss_ratio.sd,
        angle_rad=r.angle_rad.mean,
        angle_sd_rad=r.angle_rad.sd,
        begun_n=r.begun_n,
    )


def pull_of(row: PullRow | None) -> PullTotals | None:
    if row is None:
        return None
    return PullTotals(
        device=row.device,
        coordinate=Coordinate(row.coordinate),
        stiff=row.stiff,
        standard_nm=row.standard_nm,
        extensible_rad=_estimate(row.extensible_rad, row.extensible_sd_rad),
        borne_rad=_estimate(row.borne_rad, row.borne_sd_rad),
        borne_nm=_estimate(row.borne_nm, row.borne_sd_nm),
        weight_nm=_estimate(row.weight_nm, row.weight_sd_nm),
        furthest_rad=row.furthest_rad,
        furthest_nm=_estimate(row.furthest_nm, row.furthest_sd_nm),
        muscles=tuple(
            MusclePulled(
                m.muscle,
                Estimate(m.later_m, m.later_sd_m),
                m.before_sd_m,
                m.stiffness_ratio,
                Estimate(m.slack_shift_m, m.slack_shift_sd_m),
                m.stiffness_log_sd,
                m.edition,
            )
            for m in row.muscles
        ),
        why_not=row.why_not,
        line_alignment=_estimate(row.line_alignment, row.line_alignment_sd),
        relaxed=tuple(
            HoldRelaxed(
                r.begun_s,
                r.held_s,
                Estimate(r.loss_ratio, r.loss_sd_ratio),
                Estimate(r.angle_rad, r.angle_sd_rad),
                r.begun_n,
            )
            for r in row.relaxed
        ),
    )


def _parts(of: Estimate | None) -> tuple[float | None, float | None]:
    return (None, None) if of is None else (of.mean, of.sd)


def _estimate(mean: float | None, sd: float | None) -> Estimate | None:
    return None if mean is None or sd is None else Estimate(mean, sd)
