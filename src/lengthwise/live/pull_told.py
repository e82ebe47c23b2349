"""What a session's pull is told as: in the summary, to a reader, and beside the sessions before."""

import json
from collections.abc import Sequence
from datetime import datetime
from math import degrees, sqrt
from pathlib import Path

from msgspec import Struct, convert

from lengthwise.band.over_weeks import Change, change
from lengthwise.contracts.devices import Use, WornDevice
from lengthwise.contracts.errors import LengthwiseError
from lengthwise.contracts.pull import PullTotals
from lengthwise.contracts.states import Estimate
from lengthwise.live.pull_listing import comparable, since_words
from lengthwise.live.pull_taken import Relaxed
from lengthwise.live.pull_weighed import WeightStays
from lengthwise.reference.constants import constant
from lengthwise.report import words
from lengthwise.vault.files import read_bytes

_AT_S = constant("band", "relax_told_at_s")
_SAME_S = 3.0
_LEAST_SD = 1e-4
"""As a summary is rounded."""
_WEEK_S = 7 * 86400.0


class Before(Struct, frozen=True):
    """A hold of an earlier session, of the same joint and at the same time in it."""

    started_utc: str
    loss_ratio: Estimate


def before(folder: Path, coordinate: str) -> tuple[Before, ...]:
    """Holds in the sessions that lie beside this one, the same joint pulled by a line that does not
    give. What cannot be read is left out: it says nothing of the present one."""
    found: list[Before] = []
    for path in sorted(folder.parent.glob("*/summary.json")):
        try:
            content = json.loads(read_bytes(path))
            pull = content.get("pull") or {}
            if path.parent == folder or pull.get("coordinate") != coordinate or not pull["stiff"]:
                continue
            found += [
                Before(content["started_utc"], Estimate(r["loss_ratio"], r["loss_sd_ratio"]))
                for r in pull["relaxed"]
                if abs(r["held_s"] - _AT_S) <= _SAME_S
            ]
        except (OSError, ValueError, KeyError, TypeError, AttributeError, LengthwiseError):
            continue
    return tuple(found)


def pulled_before(
    folder: Path, started_utc: str, exercise_id: str | None
) -> tuple[tuple[str, PullTotals], ...]:
    """Day and totals of the earlier sessions that lie beside this one and can be set beside it, the
    oldest first; what cannot be read is left out."""
    found: list[tuple[str, PullTotals]] = []
    for path in folder.parent.glob("*/summary.json"):
        try:
            content = json.loads(read_bytes(path))
            at = content["started_utc"]
            if path.parent != folder and datetime.fromisoformat(at) < datetime.fromisoformat(
                started_utc
            ):
                pulled = convert(content["pulled"], PullTotals)
                if comparable(pulled, same_exercise=content.get("exercise_id") == exercise_id):
                    found.append((at, pulled))
        except (OSError, ValueError, KeyError, TypeError, LengthwiseError):
            continue
    return tuple((at[:10], pulled) for at, pulled in sorted(found, key=lambda one: one[0]))


def over_weeks(
    started_utc: str, relaxed: Sequence[Relaxed], earlier: Sequence[Before]
) -> Change | None:
    """None with too few sessions, or within too few weeks. What days differ by is common to all
    holds of a session, so these are one value: many holds on a day do not make it another day."""
    now = datetime.fromisoformat(started_utc)
    by_session = {0.0: [r.loss_ratio for r in relaxed if abs(r.held_s - _AT_S) <= _SAME_S]}
    for hold in earlier:
        try:
            ago_s = (datetime.fromisoformat(hold.started_utc) - now).total_seconds()
        except (ValueError, TypeError):
            continue
        by_session.setdefault(ago_s / _WEEK_S, []).append(hold.loss_ratio)
    told = {week: _together(holds) for week, holds in by_session.items() if holds}
    return change(list(told), list(told.values()))


def _together(holds: Sequence[Estimate]) -> Estimate:
    weights = [1.0 / max(hold.sd, _LEAST_SD) ** 2 for hold in holds]
    mean = sum(w * hold.mean for w, hold in zip(weights, holds, strict=True)) / sum(weights)
    return Estimate(mean, 1.0 / sqrt(sum(weights)))


class PullReport(Struct, frozen=True):
    """`device` None: nothing measured a pull. `weighed`: the weight of the limb is taken out;
    `stays`: why the posture does not allow it. `earlier`: what was pulled before, by day."""

    device: WornDevice | None
    relaxed: tuple[Relaxed, ...] = ()
    weeks: Change | None = None
    weighed: bool = False
    stays: WeightStays | None = None
    earlier: tuple[tuple[str, PullTotals], ...] = ()

    def summary(self) -> dict[str, object]:
        """As `summary.json` has it; null where nothing measured a pull."""
        if self.device is None or self.device.pull is None:
            return {"pull": None}
        weeks = self.weeks
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
            f"within {r.held_s:.0f} s of a hold the pull fell by {100 * r.loss_ratio.mean:.0f} % "
            f"(± {196 * r.loss_ratio.sd:.0f} %)"
            for r in self.relaxed
        ]
        if self.weeks is not None and self.weeks.told:
            per_week = self.weeks.per_week
            lines.append(
                f"over the weeks it falls by {abs(100 * per_week.mean):.1f} % of the pull a week "
                f"{'more' if per_week.mean > 0 else 'less'} (± {196 * per_week.sd:.1f})"
            )
        return tuple(lines)


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
