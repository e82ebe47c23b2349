"""An exercise's body in a room: on the floor, a seat or a bed, at any share of its movement.

Room axes: x to the left of who stands upright, y to the back, z up from what carries the body (of
one who sits on a chair: from the floor). The first carrying part keeps its place. Angles are those
of the file; what it leaves open follows from the ground: kneeling legs and the slope of a trunk on
all fours as in `sim.stance`, and a foot that stands is level.
"""

from math import asin, cos, pi, radians, sin

import numpy as np

from lengthwise.contracts.coordinates import INDEX, Coordinate, Side, mirrored_pose_rad
from lengthwise.contracts.observation import Posture
from lengthwise.reference.exercise_parts import Place
from lengthwise.reference.exercise_picture import Carrier, Hand, usual_carriers, usual_hand
from lengthwise.reference.exercises import Exercise
from lengthwise.report.body_drawing import DrawingSource
from lengthwise.report.drawn_arms import Reacher
from lengthwise.report.flesh import Flesh
from lengthwise.report.in_room import Arms, InRoom
from lengthwise.report.known_parts import CHAINS
from lengthwise.sim.stance import SHANK_LEVEL_RAD, Stance

_ORIGIN = {
    Carrier.CHEST: "torso",
    Carrier.PELVIS: "pelvis",
    Carrier.THIGH_L: "femur_l",
    Carrier.THIGH_R: "femur_r",
    Carrier.SHANK_L: "tibia_l",
    Carrier.SHANK_R: "tibia_r",
    Carrier.FOOT_L: "calcn_l",
    Carrier.FOOT_R: "calcn_r",
}
"""The bone whose origin keeps its place where this part carries."""
_FEET = {Side.LEFT: Carrier.FOOT_L, Side.RIGHT: Carrier.FOOT_R}
_LEGS = {
    side: tuple(
        Coordinate(f"{joint}_{side.value}")
        for joint in ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
    )
    for side in Side
}
_LEVEL_RAD = np.radians([-65.0, -45.0, 30.0])
_DRAWN_RAD = np.radians([0.0, -45.0, 30.0])
"""The drawn ankle where a level foot asks for an angle; past its reach the heel stands alone.
Expert default."""
_POINTED_RAD = radians(-58.0)
"""The drawn ankle of a foot that lies on its back."""
_SEAT_SUNK_RAD = radians(30.0)
"""A thigh on all fours that slopes this much has taken the seat back to the heels: the trunk no
longer slopes up to straight arms."""
_LESS_SLOPE = 0.7
"""Share of the slope of the trunk on all fours that is taken back: drawn arms are shorter against
the drawn trunk than those of a simulated person."""
_KNEE_MOST_RAD = radians(150.0)
_STRAIGHT_RAD = radians(6.0)
_TILT = INDEX[Coordinate.PELVIS_TILT]
_SPINE = tuple(
    (INDEX[Coordinate(f"thorax_{way}")], INDEX[Coordinate(f"lumbar_{way}")])
    for way in ("flexion", "side_bend", "rotation")
)
_LIFTED_RAD = radians(20.0)
"""A kneeling shank that the file bends this much more than the floor does is held up."""


class Room:
    """One exercise, for one side, on one body."""

    def __init__(self, done: Exercise, anatomy: DrawingSource, flesh: Flesh) -> None:
        self.done, self.anatomy, self.flesh = done, anatomy, flesh
        # Exercises and start postures are written for the left; the right is the mirror image.
        self._stance = Stance(done.for_side(Side.LEFT))
        picture, left = done.picture, done.written_for is Side.LEFT
        usual = usual_carriers(done.start_posture)
        carried = picture.carried or (usual if left else tuple(c.other for c in usual))
        self._carried = {True: carried, False: picture.carried_end or carried}
        self._turn = _rolled(done.side_down)
        self._reacher = Reacher(anatomy, flesh, done.written_for)
        self.seat_m: float | None = None
        self.start = self._settled(0.0)
        if self.seated:
            self.seat_m = self.start.lowest_m(flesh, Carrier.PELVIS)

    def at(self, share: float) -> InRoom:
        """The body at a share of the movement: 0 start, 1 end, below 0 towards the other end."""
        return self.start if share == 0.0 else self._settled(share)

    @property
    def seated(self) -> bool:
        return self.done.start_posture is Posture.SITTING and self.done.place is not Place.FLOOR

    @property
    def shares(self) -> tuple[float, ...]:
        """The still postures: start, end, and the other end where there is one."""
        if not self.done.path:
            return (0.0,)
        return (0.0, 1.0, -1.0) if self._both_ways else (0.0, 1.0)

    @property
    def _both_ways(self) -> bool:
        return any(m.other_end_deg is not None for m in self.done.path)

    def _settled(self, share: float) -> InRoom:
        carried = self._carried[share == 0.0]
        pose = self._pose_rad(share, carried)
        data = self.anatomy.place(pose)
        loose = InRoom(share, pose, data, self._turn, np.zeros(3), carried, Arms.none())
        shift = -loose.bone(_ORIGIN[carried[0]])
        shift[2] = self._height_m(loose, carried)
        stands = InRoom(share, pose, data, self._turn, shift, carried, Arms.none())
        arms = self._reacher.arms(stands, self._hands(share), lambda: self.start)
        return InRoom(share, pose, data, self._turn, shift, carried, arms)

    def _height_m(self, loose: InRoom, carried: tuple[Carrier, ...]) -> float:
        """How far the body is to be raised so that what carries it touches."""
        if self.seated and self.seat_m is not None and Carrier.PELVIS in carried:
            return self.seat_m - loose.lowest_m(self.flesh, Carrier.PELVIS)
        below = [c for c in carried if not (self.seated and c is Carrier.PELVIS)]
        return -min(loose.lowest_m(self.flesh, c) for c in below)

    def _hands(self, share: float) -> dict[Side, tuple[Hand, Hand]]:
        """For each side where the hand is at the start and at the end."""
        picture, usual = self.done.picture, usual_hand(self.done.start_posture)
        found = {}
        for side in Side:
            first = getattr(picture.hands, side.value) or usual
            found[side] = first, getattr(picture.hands_end, side.value) or first
        return found

    def _pose_rad(self, share: float, carried: tuple[Carrier, ...]) -> np.ndarray:
        left = self.done.for_side(Side.LEFT)
        pose = self._stance.pose_rad(share)
        written = self._stance.start + share * (
            self._stance.span if share >= 0 else -self._stance.other_span
        )
        if left.start_posture is Posture.HALF_KNEELING:
            kneeling = INDEX[_LEGS[self._stance.kneeling][1]]
            if written[kneeling] - pose[kneeling] > _LIFTED_RAD:
                pose[kneeling] = written[kneeling]
        if left.start_posture is Posture.FOUR_POINT:
            self._sit_back(pose, written)
        self._whole_spine(pose, written)
        if self.done.written_for is Side.RIGHT:
            pose = mirrored_pose_rad(pose)
        stated = {*self.done.start, *(m.coordinate for m in self.done.path)}
        for side, foot in _FEET.items():
            hip, knee, ankle = _LEGS[side]
            if foot in carried and ankle not in stated:
                level = pose[_TILT] - pose[INDEX[hip]] + pose[INDEX[knee]]
                pose[INDEX[ankle]] = float(np.interp(level, _LEVEL_RAD, _DRAWN_RAD))
            elif ankle not in stated and self._points(side, carried):
                pose[INDEX[ankle]] = _POINTED_RAD
        if self.done.start_posture is Posture.SUPINE:
            self._lowered(pose, carried)
        return pose

    def _whole_spine(self, pose: np.ndarray, written: np.ndarray) -> None:
        """The model's chest is one piece on the low back: a bend of the whole spine is drawn
        there."""
        for chest, lumbar in _SPINE:
            if abs(written[chest]) > abs(written[lumbar]):
                pose[lumbar] = written[chest]
        stated = {*self.done.start, *(m.coordinate for m in self.done.path)}
        for spine, pelvis, sign, whole in CHAINS:
            if whole in stated and spine not in stated:
                pose[INDEX[spine]] = written[INDEX[whole]] - sign * pose[INDEX[pelvis]]

    def _points(self, side: Side, carried: tuple[Carrier, ...]) -> bool:
        """Whether a foot lies on its back."""
        shank = Carrier(f"shank_{side.value}")
        return self.done.start_posture is Posture.PRONE or (
            shank in carried and self.done.start_posture is not Posture.SIDE_LYING
        )

    def _sit_back(self, pose: np.ndarray, written: np.ndarray) -> None:
        """On all fours, seat towards the heels: shanks stay flat though the model's knee ends."""
        for side in Side:
            hip, knee = (INDEX[c] for c in _LEGS[side][:2])
            thigh = written[_TILT] - written[hip]
            if thigh > _STRAIGHT_RAD:
                continue
            sunk = max(min(-thigh / _SEAT_SUNK_RAD, 1.0), _LESS_SLOPE)
            pose[hip] += sunk * (written[hip] - pose[hip])
            pose[knee] += sunk * (min(SHANK_LEVEL_RAD - thigh, _KNEE_MOST_RAD) - pose[knee])
        pose[_TILT] += sunk * (written[_TILT] - pose[_TILT])

    def _lowered(self, pose: np.ndarray, carried: tuple[Carrier, ...]) -> None:
        """A straight leg of one who lies on the back lies down, though the joint of its hip is
        above the ground."""
        for side, foot in _FEET.items():
            hip, knee, _ = (INDEX[c] for c in _LEGS[side])
            if foot in carried and abs(pose[hip]) + abs(pose[knee]) < _STRAIGHT_RAD:
                lying = InRoom(0.0, pose, self.anatomy.place(pose), self._turn, np.zeros(3),
                               carried, Arms.none())  # fmt: skip
                down = min(lying.lowest_m(self.flesh, c) for c in (Carrier.CHEST, Carrier.PELVIS))
                leg = np.linalg.norm(lying.bone(_ORIGIN[foot]) - lying.bone(f"femur_{side.value}"))
                pose[hip] -= asin((lying.lowest_m(self.flesh, foot) - down) / float(leg))


def _rolled(down: Side | None) -> np.ndarray:
    """(3, 3) the turn about the front axis that brings a side of the body down."""
    angle = {None: 0.0, Side.LEFT: 0.5 * pi, Side.RIGHT: -0.5 * pi}[down]
    c, s = cos(angle), sin(angle)
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])
