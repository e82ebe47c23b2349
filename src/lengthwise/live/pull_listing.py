"""What a gauge or band measured in kept sessions, in words: each beside the one before it.

Two results, never mixed: the angle at a standard torque and the angle at tolerance. A change is
told only against a session of the same joint in which the weight of the limb was treated alike, and
as more than chance only where it is more than 1.96 sd of the difference. Errors that both days
share, as a wrong lever, then count twice, so a change is rather missed than made up.
"""

from collections.abc import Callable, Sequence
from math import degrees, exp, hypot

from lengthwise.contracts.muscles import MuscleGroup, lengths_hold
from lengthwise.contracts.pull import MusclePulled, PullTotals
from lengthwise.contracts.session import SessionTotals
from lengthwise.contracts.states import Estimate
from lengthwise.live.relaxed_over_weeks import over_weeks, pulled_sessions
from lengthwise.report import words

_SURE = 1.96
Of = Callable[[PullTotals], Estimate | None]


def pull_words(session: SessionTotals, sessions: Sequence[SessionTotals]) -> list[str]:
    """Lines of one of the sessions, `sessions` the oldest first; none where nothing was pulled."""
    now = session.pulled
    if now is None:
        return []
    before = [
        (s.started_utc[:10], s.pulled)
        for s in sessions[: sessions.index(session)]
        if s.pulled is not None
        and comparable(s.pulled, same_exercise=s.exercise_id == session.exercise_id)
    ]
    joint = words.coordinate_name(now.coordinate)
    lines = [told + since for told, since in _results(now, before)]
    if now.furthest_nm is not None and now.furthest_rad is not None:
        at_deg = degrees(now.furthest_rad)
        lines.append(
            f"{joint}: tissue resists with {_torque(now.furthest_nm)} at {at_deg:.0f}\u00b0"
        )
    if lines and now.weight_nm is None:
        lines.append("the weight of the limb is not taken out of these torques")
    lines += relaxed_words(session, sessions)
    return lines + [line for m in now.muscles for line in _muscle(m)]


def relaxed_words(session: SessionTotals, sessions: Sequence[SessionTotals]) -> list[str]:
    """What went of the pull in its holds, beside alike holds of the sessions before."""
    until = pulled_sessions(sessions[: sessions.index(session) + 1])
    lines = []
    for one in over_weeks(until):
        now = one.days[-1]
        if now.started_utc != session.started_utc:
            continue
        joint, at_deg = words.coordinate_name(one.coordinate), degrees(one.first.angle_rad.mean)
        told = (
            f"{joint}: {100 * now.loss_ratio.mean:.0f} % (\u00b1 {196 * now.loss_ratio.sd:.0f}) of "
            f"the pull went within {one.first.held_s:.0f} s at {at_deg:.0f}\u00b0"
        )
        weeks = one.change
        if weeks is not None:
            week = weeks.per_week
            told += f", {100 * week.mean:+.1f} % (\u00b1 {196 * week.sd:.1f}) a week"
            told += "" if weeks.told else ", no more than chance makes"
        lines.append(told)
    return lines


def comparable(before: PullTotals, *, same_exercise: bool) -> bool:
    """Where the weight was not taken out, how much is in a torque goes by the posture: another
    exercise may have it borne, or have it turn nothing at all."""
    return same_exercise or before.weight_nm is not None


def since_words(now: PullTotals, before: Sequence[tuple[str, PullTotals]]) -> list[str]:
    """Both results, where one of the days before, the oldest first, can be set beside them."""
    return [told + since for told, since in _results(now, before) if since]


def _results(now: PullTotals, before: Sequence[tuple[str, PullTotals]]) -> list[tuple[str, str]]:
    """What each of both is, and since when it is by how much another."""
    joint, found = words.coordinate_name(now.coordinate), []
    before = [b for b in before if _alike(b[1], now)]
    if now.extensible_rad is not None and now.standard_nm is not None:
        same = [b for b in before if b[1].standard_nm == now.standard_nm]
        told = f"{joint}: {now.standard_nm:.0f} N\u00b7m at {_angle(now.extensible_rad)}"
        found.append((told, _since(now, same, lambda p: p.extensible_rad)))
    if now.borne_rad is not None:
        told = f"{joint}: tolerance at {_angle(now.borne_rad)}"
        if now.borne_nm is not None:
            told += f" with {_torque(now.borne_nm)}"
        found.append((told, _since(now, before, lambda p: p.borne_rad)))
    return found


def _alike(a: PullTotals, b: PullTotals) -> bool:
    return a.coordinate is b.coordinate and (a.weight_nm is None) is (b.weight_nm is None)


def _since(now: PullTotals, before: Sequence[tuple[str, PullTotals]], of: Of) -> str:
    found = of(now)
    earlier = [(date, was) for date, p in before if (was := of(p)) is not None]
    if found is None or not earlier:
        return ""
    date, was = earlier[-1]
    change_rad = found.mean - was.mean
    told = f", {degrees(change_rad):+.0f}\u00b0 since {date}"
    if abs(change_rad) <= _SURE * hypot(found.sd, was.sd):
        told += ", no more than both can tell"
    return told


def _muscle(m: MusclePulled) -> list[str]:
    name, _, side = m.muscle.rpartition("_")
    if not lengths_hold(MuscleGroup(name), edition=m.edition):
        return []
    shift_mm, sd_mm = 1e3 * m.slack_shift_m.mean, 1e3 * m.slack_shift_m.sd
    factor = exp(_SURE * m.stiffness_log_sd)
    low, high = m.stiffness_ratio / factor, m.stiffness_ratio * factor
    return [
        f"{name.replace('_', ' ')} {side}: comes into tension {abs(shift_mm):.0f} mm "
        f"{'longer' if shift_mm >= 0.0 else 'shorter'} (\u00b1 {_SURE * sd_mm:.0f}) than a generic "
        f"muscle, {m.stiffness_ratio:.1f} times as stiff ({low:.1f} to {high:.1f})"
    ]


def _angle(of: Estimate) -> str:
    return f"{degrees(of.mean):.0f}\u00b0 (\u00b1 {_SURE * degrees(of.sd):.0f}\u00b0)"


def _torque(of: Estimate) -> str:
    return f"{of.mean:.0f} N\u00b7m (\u00b1 {_SURE * of.sd:.0f})"
