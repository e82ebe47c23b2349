"""What a session's pull is told as: in the summary, to a reader, and beside the sessions before."""

import json
from collections.abc import Sequence
from datetime import datetime
from math import degrees
from pathlib import Path

from msgspec import Struct, convert

from lengthwise.contracts.devices import Use, WornDevice
from lengthwise.contracts.errors import LengthwiseError
from lengthwise.contracts.pull import HoldRelaxed, PullTotals
from lengthwise.live.pull_listing import comparable, since_words
from lengthwise.live.pull_weighed import WeightStays
from lengthwise.live.relaxed_over_weeks import Series, Session, over_weeks
from lengthwise.report import words
from lengthwise.vault.files import read_bytes


def before(folder: Path, started_utc: str) -> tuple[Session, ...]:
    """What was pulled in the earlier sessions that lie beside this one, the oldest first; what
    cannot be read is left out: it says nothing of the present one."""
    found: list[Session] = []
    for path in folder.parent.glob("*/summary.json"):
        try:
            content = json.loads(read_bytes(path))
            at = content["started_utc"]
            if path.parent != folder and datetime.fromisoformat(at) < datetime.fromisoformat(
                started_utc
            ):
                pulled = convert(content["pulled"], PullTotals)
                found.append(Session(at, content.get("exercise_id"), pulled))
        except (OSError, ValueError, KeyError, TypeError, LengthwiseError):
            continue
    return tuple(sorted(found, key=lambda one: one.started_utc))


def comparable_days(
    earlier: Sequence[Session], exercise_id: str | None
) -> tuple[tuple[str, PullTotals], ...]:
    """Day and totals of those whose angles can be set beside those of a session of the exercise."""
    return tuple(
        (one.started_utc[:10], one.pulled)
        for one in earlier
        if comparable(one.pulled, same_exercise=one.exercise_id == exercise_id)
    )


def weeks_of(now: Session, earlier: Sequence[Session]) -> tuple[Series, ...]:
    """Alike holds over the weeks up to now, as far as they tell a change."""
    return tuple(
        one
        for one in over_weeks((*earlier, now))
        if one.days[-1].started_utc == now.started_utc and one.change is not None
    )


class PullReport(Struct, frozen=True):
    """`device` None: nothing measured a pull. `weighed`: the weight of the limb is taken out;
    `stays`: why the posture does not allow it. `earlier`: what was pulled before, by day. `weeks`:
    how what goes in a hold changed over them."""

    device: WornDevice | None
    relaxed: tuple[HoldRelaxed, ...] = ()
    weeks: tuple[Series, ...] = ()
    weighed: bool = False
    stays: WeightStays | None = None
    earlier: tuple[tuple[str, PullTotals], ...] = ()

    def summary(self) -> dict[str, object]:
        """As `summary.json` has it; null where nothing measured a pull."""
        if self.device is None or self.device.pull is None:
            return {"pull": None}
        weeks = self.weeks[0].change if self.weeks else None
        return {
            "pull": {
                "device": self.device.name,
                "coordinate": self.device.pull.coordinate.value,
                "stiff": self.device.pull.stiff,
                "limb_weight_taken_out": self.weighed,
                "limb_weight_stays": None if self.stays is None else self.stays.value,
                "relaxed": [
                    {
                        "begun_s": round(r.begun_s, 2),
                        "held_s": round(r.held_s, 2),
                        "loss_ratio": round(r.loss_ratio.mean, 4),
                        "loss_sd_ratio": round(r.loss_ratio.sd, 4),
                        "angle_deg": round(degrees(r.angle_rad.mean), 1),
                        "angle_sd_deg": round(degrees(r.angle_rad.sd), 1),
                        "begun_n": round(r.begun_n, 1),
                    }
                    for r in self.relaxed
                ],
                "loss_change_per_week": None if weeks is None else round(weeks.per_week.mean, 5),
                "loss_change_sd_per_week": None if weeks is None else round(weeks.per_week.sd, 5),
                "loss_change_told": weeks is not None and weeks.told,
            }
        }

    def told(self, totals: PullTotals | None = None) -> tuple[str, ...]:
        """For a reader; `totals`: with what the pull told of the muscles. Of a line that gives
        (rubber) or keeps its force (a motor) the fall says nothing of the tissue, and nothing is
        said."""
        if self.device is None or self.device.pull is None:
            return ()
        lines = [weight_told(self.weighed, totals, self.stays), *aim_told(totals)]
        lines += muscles_told(totals)
        lines += [] if totals is None else since_words(totals, self.earlier)
        if not self.device.pull.stiff:
            return tuple(lines)
        lines += [
            f"within {r.held_s:.0f} s of a hold at {degrees(r.angle_rad.mean):.0f}° the pull fell "
            f"by {100 * r.loss_ratio.mean:.0f} % (± {196 * r.loss_ratio.sd:.0f} %)"
            for r in self.relaxed
        ]
        weeks = [weeks_told(one) for one in self.weeks]
        return (*lines, *weeks, *((NO_PROOF,) if weeks else ()))


NO_PROOF = (
    "how much of a pull goes in a hold is how tissue gives way at that angle and pull; more or "
    "less of it is no proof that anything became longer"
)


def weeks_told(series: Series) -> str:
    """Of holds that are alike; asks for a series that tells a change."""
    found = series.change
    assert found is not None
    at_deg, n = degrees(series.first.angle_rad.mean), len(series.days)
    told = f"in alike holds of {n} sessions at {at_deg:.0f}° "
    per_week = found.per_week
    if not found.told:
        return f"{told}what goes of the pull did not change by more than chance makes"
    return (
        f"{told}{abs(100 * per_week.mean):.1f} % of the pull a week "
        f"{'more' if per_week.mean > 0 else 'less'} goes (± {196 * per_week.sd:.1f})"
    )


def weight_told(weighed: bool, totals: PullTotals | None, stays: WeightStays | None = None) -> str:
    if stays is WeightStays.UPRIGHT_AXIS:
        return (
            "the torque is that of the pull: of who lies on the side this joint bends about an "
            "upright axis, where no weight turns it; what the leg rubs on is in the torque"
        )
    if not weighed:
        return (
            "the torque is that of the pull, with the weight of the limb in it: in this posture "
            "nobody knows how much of it the floor or the other leg bears"
        )
    found = None if totals is None else totals.weight_nm
    at_most = ""
    if found is not None:
        at_most = f", at most {abs(found.mean):.0f} N\u00b7m (\u00b1 {1.96 * found.sd:.0f})"
    return f"the weight of the limb is taken out of the torque{at_most}"


def aim_told(totals: PullTotals | None) -> list[str]:
    aim = None if totals is None else totals.line_alignment
    if aim is None:
        return []
    return [
        f"the pull lay along the line of what is stretched by {aim.mean:.2f} "
        f"(\u00b1 {1.96 * aim.sd:.2f}; 1: all of it lengthens, 0: none)"
    ]


def muscles_told(totals: PullTotals | None) -> list[str]:
    if totals is None:
        return []
    lines = []
    joint, nm, at = (
        words.coordinate_name(totals.coordinate),
        totals.furthest_nm,
        totals.furthest_rad,
    )
    if nm is not None and at is not None:
        lines.append(
            f"{joint}, at the furthest of the pull ({degrees(at):.0f}\u00b0): tissue resists with "
            f"{nm.mean:.0f} N\u00b7m (\u00b1 {1.96 * nm.sd:.0f})"
        )
    for found in totals.muscles:
        way = "longer" if found.later_m.mean >= 0.0 else "shorter"
        mm = 1e3 * abs(found.later_m.mean)
        lines.append(
            f"{found.muscle.replace('_', ' ')}: comes into tension {mm:.0f} mm {way} "
            f" (\u00b1 {1.96e3 * found.later_m.sd:.0f}) than was thought, "
            f"{found.stiffness_ratio:.1f} times as stiff as usual"
        )
    if totals.why_not == "torques_contradict":
        lines.append(
            "the torques fit no muscle that is known of: a wrong lever or sign, or muscles at work"
        )
    return lines


def pull_device(devices: Sequence[WornDevice] | None) -> WornDevice | None:
    return next((d for d in devices or () if d.use is Use.PULL and d.pull is not None), None)
