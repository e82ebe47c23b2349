"""Force in the stretch, as a session goes on: torque about the joint from a gauge or band, the body
and where the line is fastened; how far the pull falls in a hold; both in the summary.

Takes every event of one session. Nothing of it goes to the coach (`worn_sensing` does that, and
only to ease). The weight of the limb is taken out where it hangs in the line (`pull_weighed`);
elsewhere what is compared (two marks, a hold's beginning and end, one week and another) is compared
in the same pose.
"""

from collections import deque
from math import exp, hypot, sqrt

import numpy as np
from msgspec import Struct

from lengthwise.band.torque import Anchors, Place, band_torque, on_bone
from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import COORDINATES, Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.devices import BandSample, ForceSample, Pull, Use
from lengthwise.contracts.pull import HoldRelaxed
from lengthwise.contracts.session import DeviceLogged, FrameLogged, SessionEvent, SessionStarted
from lengthwise.contracts.states import BodyState, Estimate
from lengthwise.live.params import body_mass_kg, declared_posture
from lengthwise.live.pull_aimed import Pulling, harder, pull_aimed
from lengthwise.live.pull_refined import PulledRow, PullRefined, pull_refined
from lengthwise.live.pull_weighed import (
    Posed,
    Weighed,
    WeightStays,
    posed,
    upwards,
    weighed,
    weight_stays,
)
from lengthwise.live.torque_file import MeasuredTorque
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise
from lengthwise.tissue.groups import GroupLengths
from lengthwise.tissue.passive_curve import GroupCurves
from lengthwise.tissue.passive_tension import PersonalTension
from lengthwise.tissue.range import RangeBounds

_EVERY_S, _MEAN_S = 0.2, 0.15
_FORCE_SD_N = constant("tension", "force_sensor_sd_n")
_LEVER_SD_M = constant("tension", "lever_sd_m")
_AT_S, _STILL_RAD = constant("band", "relax_told_at_s"), constant("band", "relax_still_rad")
_GROWTH = Estimate(constant("band", "relax_growth_per_rad"), constant("band", "relax_growth_sd"))
_MOVED_SD_RAD = constant("band", "relax_moved_sd_rad")
_SETTLES_S, _LEAST_S = constant("band", "relax_settles_s"), constant("band", "relax_least_s")
_STEEPEST = constant("band", "relax_growth_most_per_rad")
_STEEP_SD_RATIO = constant("band", "relax_growth_own_sd_ratio")
_BLOCK_S, _LEAST_N = 2.0, 5.0
_GREW_RATIO, _GREW_MOST_RATIO = 0.1, 0.5
"""A pull that grows by more than this and two sd, and by more than that in any case, while the
joint keeps still: somebody pulled harder. Expert defaults: tissue that is held only lets go."""
_READ_SD_N, _FEWEST, _SHORTEST_RAD = 0.5, 8, 0.05
_WAY_S = 20.0
_POSED_EVERY_S = 1.0
_BORNE_SDS = 2.0


class _Row(Struct, frozen=True):
    t_s: float
    force_n: float
    torque_nm: float
    sd_nm: float
    angle_rad: Estimate | None


class PullTaken:
    """Where nothing measures a pull, nothing is told."""

    def __init__(self, started: SessionStarted, anatomy: Anatomy) -> None:
        worn = [d for d in started.config.devices or () if d.use is Use.PULL]
        self._name, self._pull = "", None
        for device in worn[:1]:
            self._name, self._pull = device.name, device.pull
        self._anatomy = anatomy
        self._recent: deque[tuple[float, float]] = deque(maxlen=400)
        self._rows: list[_Row] = []
        self._hold: list[_Row] = []
        self._poses: list[Posed] = []
        self._mass_kg = body_mass_kg(started.config, started.person)
        self._posture = declared_posture(started)
        self.stays: WeightStays | None = None
        if self._pull is not None:
            self.stays = weight_stays(self._posture, self._pull.coordinate, self._pull.way)
        self._weighed: Weighed | None = None
        self._relaxed: list[HoldRelaxed] = []
        self._place: Place | None = None
        self._line: Anchors | None = None
        self._pulling: Pulling | None = None
        self._pulled: list[Pulling] = []

    def take(self, event: SessionEvent) -> None:
        if self._pull is None:
            return
        if isinstance(event, DeviceLogged):
            sample = event.sample
            if not isinstance(sample, ForceSample | BandSample) or sample.source != self._name:
                return
            if sample.force_n is not None:
                self._recent.append((sample.t_s, sample.force_n))
        elif isinstance(event, FrameLogged):
            self._framed(self._pull, event)

    def measured(self) -> MeasuredTorque | None:
        """All of it as one file of torque; None with fewer than two moments."""
        self._hold_over()
        if self._pull is None:
            return None
        rows = self._resisting(self._pull)
        if len(rows) < 2:
            return None
        own_nm, weight = self._own_nm(), self.weight()
        standard_nm = _standard_nm(self._pull)
        at = min(rows, key=lambda r: abs(r.torque_nm - standard_nm))
        if weight is not None:
            # Alike in all poses in proportion: of two marks what the weights differ by is off.
            alike = weight.alike_sd_nm
            own_nm = hypot(own_nm, 0.5 * float(np.ptp(alike)), float(np.median(weight.pose_sd_nm)))
        return MeasuredTorque(
            self._pull.coordinate,
            np.array([r.t_s for r in rows]),
            np.array([r.torque_nm for r in rows]),
            max(own_nm, at.sd_nm),
            standard_nm,
            None,
            None,
            own_nm,
        )

    def weight(self) -> Weighed | None:
        """Of the limb; None where something else may bear it as well."""
        pull = self._pull
        if self._weighed is None and pull is not None and self.stays is None and self._poses:
            self._weighed = weighed(
                self._anatomy,
                self._mass_kg,
                pull.coordinate,
                self._poses,
                up=upwards(self._posture, pull.coordinate),
            )
        return self._weighed

    def aimed(self, bounds: RangeBounds, exercise: Exercise) -> Estimate | None:
        """Cosine between the pull and the line of what the exercise lengthens; None where the
        line's ends are not stated, or nothing was held."""
        self._hold_over()
        anchors = None if self._pull is None else self._anchors(self._pull)
        if self._pull is None or anchors is None:
            return None
        place, coordinate = self._on_bone(self._pull), self._pull.coordinate
        return pull_aimed(self._anatomy, bounds, exercise, coordinate, anchors, place, self._pulled)

    def refined(
        self, groups: GroupLengths, curves: GroupCurves, before: PersonalTension
    ) -> PullRefined | None:
        """What the way in told of the muscles; None where the limb's weight is not known."""
        weight = self.weight()
        if self._pull is None or weight is None:
            return None
        own_nm = self._own_nm()
        rows = self._resisting(self._pull)
        pulls = [r for r in self._rows if r.force_n > _LEAST_N and r.torque_nm > own_nm]
        shared = [sqrt(max(r.sd_nm**2 - own_nm**2, 0.0)) / r.torque_nm for r in pulls]
        return pull_refined(
            groups,
            curves,
            before,
            self._pull.coordinate,
            [PulledRow(r.t_s, r.torque_nm, own_nm, _mean(r.angle_rad)) for r in rows],
            self._poses,
            way=self._pull.way,
            ratio=float(np.median(shared)) if shared else 0.0,
            offset_nm=float(np.median(np.hypot(weight.alike_sd_nm, weight.pose_sd_nm))),
        )

    def _own_nm(self) -> float:
        levers = [abs(r.torque_nm / r.force_n) for r in self._rows if r.force_n > _LEAST_N]
        return (float(np.median(levers)) if levers else 1.0) * _FORCE_SD_N

    def _resisting(self, pull: Pull) -> list[_Row]:
        """The rows with the weight of the limb taken out, where it is known. A limb that weighs
        more than the line bears lies on something or is held: that is no torque of the tissue."""
        weight = self.weight()
        if weight is None:
            return self._rows
        found = []
        for r in self._rows:
            by_weight = weight.at(r.t_s)
            torque_nm = r.torque_nm + pull.way * by_weight.mean
            sd_nm = hypot(r.sd_nm, by_weight.sd)
            if torque_nm > -_BORNE_SDS * sd_nm:
                found.append(_Row(r.t_s, r.force_n, torque_nm, sd_nm, r.angle_rad))
        return found

    def relaxed(self) -> tuple[HoldRelaxed, ...]:
        self._hold_over()
        return tuple(self._relaxed)

    def _framed(self, pull: Pull, event: FrameLogged) -> None:
        held = _holds(event, Side(pull.coordinate.value[-1]))
        if self._hold and not held:
            self._hold_over()
        t_s = event.body.t_s
        if self._rows and t_s - self._rows[-1].t_s < _EVERY_S - 1e-6:
            return
        force = self._force(t_s)
        torque = None if force is None else self._torque(pull, force, event.body)
        if force is None or torque is None:
            return
        angle = event.body.claimed(pull.coordinate)
        row = _Row(t_s, force.mean, torque.mean, torque.sd, angle)
        self._rows.append(row)
        due = not self._poses or t_s - self._poses[-1].t_s >= _POSED_EVERY_S
        if self.stays is None and due:
            self._poses.append(posed(event.body, pull.coordinate))
        if held:
            self._hold.append(row)
            if force.mean > _LEAST_N:
                self._pulling = harder(self._pulling, force.mean, event.body)

    def _force(self, t_s: float) -> Estimate | None:
        """Mean of the readings around a moment; None where none is of it."""
        near = [n for at_s, n in self._recent if abs(at_s - t_s) <= _MEAN_S]
        return Estimate(float(np.mean(near)), _FORCE_SD_N) if near else None

    def _torque(self, pull: Pull, force_n: Estimate, body: BodyState) -> Estimate | None:
        """About the coordinate in the sense of the stretch, above 0 where the tissue resists."""
        if pull.lever_m is not None:
            sd_m = _LEVER_SD_M if pull.lever_sd_m is None else pull.lever_sd_m
            sd_nm = hypot(pull.lever_m * force_n.sd, force_n.mean * sd_m)
            return Estimate(pull.lever_m * force_n.mean, sd_nm)
        anchors = self._anchors(pull)
        if anchors is None:
            return None
        found = band_torque(
            force_n,
            anchors,
            self._on_bone(pull),
            pose_rad=body.mean_rad,
            covariance_rad2=body.covariance_rad2,
            coordinate=pull.coordinate,
        )
        return None if found is None else Estimate(pull.way * found.mean, found.sd)

    def _on_bone(self, pull: Pull) -> Place:
        if self._place is None:
            self._place = on_bone(self._anatomy, pull.bone)
        return self._place

    def _anchors(self, pull: Pull) -> Anchors | None:
        """Both ends of the line; None where a lever is stated in their place."""
        if self._line is not None:
            return self._line
        if pull.limb_m is None or pull.fixed_m is None or pull.lever_m is not None:
            return None
        upright = self._anatomy.place(np.zeros(len(COORDINATES))).body("pelvis")
        # Forward, up and right of who stands are neither the order nor the signs of the world.
        turned_m = upright.xmat.reshape(3, 3) @ np.array(pull.fixed_m)
        fixed_m = np.asarray(upright.xpos) + turned_m
        self._line = Anchors(np.array(pull.limb_m), fixed_m, pull.limb_sd_m, pull.fixed_sd_m)
        return self._line

    def _hold_over(self) -> None:
        hold, self._hold = self._hold, []
        if self._pulling is not None:
            self._pulled.append(self._pulling)
            self._pulling = None
        if self._pull is None or not hold:
            return
        way_in = [r for r in self._rows if 0.0 < hold[0].t_s - r.t_s <= _WAY_S]
        growth = growth_per_rad(way_in, way=self._pull.way)
        found = relaxation(hold, growth, way=self._pull.way)
        if found is not None:
            self._relaxed.append(found)


def _holds(event: FrameLogged, side: Side) -> bool:
    """Whether a hold goes on of the side that is pulled, or of both."""
    guided = event.guidance
    return guided is not None and guided.phase is Phase.HOLD and guided.side in (None, side)


def _mean(of: Estimate | None) -> float | None:
    return None if of is None else of.mean


def relaxation(hold: list[_Row], growth_per_rad: Estimate, *, way: int) -> HoldRelaxed | None:
    """None where the hold was too short or slack, the joint moved or was not seen, or the pull grew
    beyond what it is known to: then what it did says nothing of the tissue.

    Nobody keeps a joint quite still, and where tissue is stiff a degree is several per cent. The
    force that the same way costs fresh, exp(growth x way), is taken out; how well that is known is
    in the sd.
    """
    if not hold:
        return None
    from_s = hold[0].t_s + _SETTLES_S
    rows = [r for r in hold if from_s <= r.t_s <= from_s + _AT_S + _BLOCK_S]
    angles = [r.angle_rad for r in rows if r.angle_rad is not None]
    if not rows or rows[-1].t_s - from_s < _LEAST_S or len(angles) < len(rows):
        return None
    known, times = way * np.array([a.mean for a in angles]), np.array([r.t_s for r in rows])
    force = np.array([r.force_n for r in rows])
    first, last = times <= from_s + _BLOCK_S, times >= times[-1] - _BLOCK_S
    moved_rad = float(known[last].mean() - known[first].mean())
    if abs(moved_rad) > _STILL_RAD or float(np.ptp(known)) > 3.0 * _STILL_RAD:
        return None
    before, after = float(force[first].mean()), float(force[last].mean())
    if before < _LEAST_N or after <= 0.0:
        return None
    alone = after / before * exp(-growth_per_rad.mean * moved_rad)
    force_sd = hypot(float(force[first].std()), float(force[last].std()), _READ_SD_N) / before
    by_way = hypot(growth_per_rad.sd * moved_rad, growth_per_rad.mean * _MOVED_SD_RAD)
    loss_sd = hypot(force_sd, by_way)
    if alone - 1.0 > min(_GREW_RATIO + 2.0 * loss_sd, _GREW_MOST_RATIO):
        return None
    told_sd_rad = float(np.median([a.sd for a in angles]))
    return HoldRelaxed(
        hold[0].t_s,
        rows[-1].t_s - _BLOCK_S - from_s,
        Estimate(1.0 - alone, loss_sd),
        Estimate(way * float(known.mean()), hypot(float(known.std()), told_sd_rad)),
        before,
    )


def growth_per_rad(rows: list[_Row], *, way: int) -> Estimate:
    """How fast the pull grows with the angle on the way into the stretch, d ln F / d angle; that of
    anybody where the way was too short to tell."""
    on_way = [(r.force_n, a.mean) for r in rows if (a := r.angle_rad) and r.force_n >= _LEAST_N]
    angle = way * np.array([rad for _, rad in on_way])
    if len(on_way) < _FEWEST or float(np.ptp(angle)) < _SHORTEST_RAD:
        return _GROWTH
    log_n, off = np.log([n for n, _ in on_way]), angle - angle.mean()
    slope = float(off @ log_n) / float(off @ off)
    left = float((log_n - log_n.mean() - slope * off).std())
    sd = hypot(left / sqrt(float(off @ off)), _STEEP_SD_RATIO * abs(slope))
    return Estimate(slope, sd) if 0.0 < slope <= _STEEPEST else _GROWTH


def _standard_nm(pull: Pull) -> float:
    if pull.standard_nm is not None:
        return pull.standard_nm
    joint = pull.coordinate.value.removesuffix("_l").removesuffix("_r")
    return constant("tension", f"standard_torque_nm_{joint}")
