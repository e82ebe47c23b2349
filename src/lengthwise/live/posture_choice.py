"""One posture to look at: by the name of a posture or an exercise, or out of a file of poses.

An exercise stands at its end as its file writes it. What it does not say is how the feet rest on
the floor: that is as a simulated person's do. A posture has its expected coordinates, and feet that
rest where shanks lie.
"""

from collections.abc import Iterator
from enum import StrEnum
from math import radians
from pathlib import Path

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import (
    COORDINATES,
    INDEX,
    TRUNK,
    Coordinate,
    Side,
    chest_against_gravity,
    mirrored_pose_rad,
)
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import Posture
from lengthwise.live.pose_files import (
    MOTION_SUFFIXES,
    MOVING,
    Pose,
    PoseFile,
    unusable,
)
from lengthwise.live.pose_opening import open_poses
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise, exercise, exercises
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim.stance import Stance

POSTURE_NAMES: tuple[str, ...] = tuple(p.value for p in Posture if p is not Posture.UNKNOWN)
_EVERY = frozenset(COORDINATES)
_ANKLES = (Coordinate.ANKLE_DORSIFLEXION_L, Coordinate.ANKLE_DORSIFLEXION_R)
_POINTED_RAD = constant("anatomy", "pointed_foot_rad")
"""How the foot of a shank that lies on the floor rests, on its back."""
_RESTING_FEET = {
    Posture.HALF_KNEELING: {_ANKLES[0]: _POINTED_RAD},
    Posture.FOUR_POINT: dict.fromkeys(_ANKLES, _POINTED_RAD),
    Posture.PRONE: dict.fromkeys(_ANKLES, _POINTED_RAD),
}


class Moment(StrEnum):
    """Which end of an exercise."""

    START = "start"
    END = "end"
    OTHER_END = "other-end"


class PostureRequest(Struct, frozen=True):
    """What a person asked for. `what`: a name, or the path of a file; None: the exercise's end.

    `pose`: pose_id of a poses.csv; `time_s`: moment of a motion; `side`: working side.
    """

    what: str | None
    pose: str | None = None
    time_s: float | None = None
    exercise_id: str | None = None
    side: Side | None = None
    moment: Moment = Moment.END
    knees_negative: bool = False


class ChosenPosture(Struct, frozen=True):
    """`mean_rad`, `start_rad` (21,); `start_rad`: where the exercise begins.

    `stated`: coordinates that something says; the others stand at 0. `exercise` is written for its
    working side.
    """

    title: str
    mean_rad: np.ndarray
    stated: frozenset[Coordinate]
    exercise: Exercise | None = None
    start_rad: np.ndarray | None = None
    notes: tuple[str, ...] = ()


def chosen_posture(request: PostureRequest) -> ChosenPosture:
    """The posture. Raises InputError with one line where it cannot be told."""
    named = _named(request.what)
    chosen = request.exercise_id
    if isinstance(named, Exercise):
        if chosen is not None and chosen != named.id:
            raise InputError(
                "--exercise",
                value=f"{chosen} beside {named.id}",
                allowed="one exercise",
                remedy="name it once",
            )
        chosen = named.id
    done = exercise(chosen).for_side(request.side or Side.LEFT) if chosen else None
    start_rad = None if done is None else exercise_pose_rad(done, Moment.START)
    if isinstance(named, Path):
        found = _of_file(named, request)
    else:
        _no_row(request)
        found = _of_name(named, done, request)
    if done is None and request.side is not None:
        raise InputError(
            "--side", value=request.side.value, allowed="only with an exercise", remedy="name one"
        )
    return ChosenPosture(
        found.title, found.mean_rad, found.stated, done, start_rad, found.notes
    )  # fmt: skip


def exercise_pose_rad(done: Exercise, moment: Moment) -> np.ndarray:
    """(21,) an exercise at its start or at one of its ends. Raises InputError without that end.

    Exercises and start postures are written for the left; the right is the mirror of the whole.
    """
    left = done.for_side(Side.LEFT)
    angles = left.start_rad()
    for motion in left.path:
        end_deg = motion.start_deg if moment is Moment.START else motion.end_deg
        if moment is Moment.OTHER_END:
            if motion.other_end_deg is None:
                raise InputError(
                    "--at",
                    value=moment.value,
                    allowed="start or end",
                    remedy=f"{done.id} has one end",
                )
            end_deg = motion.other_end_deg
        angles[motion.coordinate] = radians(end_deg)
    share = {Moment.START: 0.0, Moment.END: 1.0, Moment.OTHER_END: -1.0}[moment]
    standing = Stance(left).pose_rad(share)
    for ankle in _ANKLES:
        angles.setdefault(ankle, float(standing[INDEX[ankle]]))
    mean = posture_mean_rad(left.start_posture, overrides_rad=angles)
    return mean if done.written_for is Side.LEFT else mirrored_pose_rad(mean)


def whole_pose_rad(moving_rad: np.ndarray) -> np.ndarray:
    """(16,) coordinates that move to all (21,): the chest follows the low back."""
    mean = np.zeros(len(COORDINATES))
    mean[: len(MOVING)] = moving_rad
    lumbar, thorax = INDEX[Coordinate.LUMBAR_FLEXION], INDEX[Coordinate.THORAX_FLEXION]
    mean[thorax : thorax + 3] = mean[lumbar : lumbar + 3]
    mean[TRUNK] = chest_against_gravity(mean)
    return mean


def _named(what: str | None) -> Exercise | Posture | Path | None:
    if what is None:
        return None
    if what in POSTURE_NAMES:
        return Posture(what)
    if what in exercises():
        return exercises()[what]
    path = Path(what)
    if path.suffix or path.exists():
        return path
    raise InputError(
        "posture",
        value=what or "nothing",
        allowed=f"{', '.join(POSTURE_NAMES)}; {', '.join(exercises())}; a file .csv, .mot, .sto",
        remedy="choose one of these",
    )


def _of_name(
    named: Exercise | Posture | None, done: Exercise | None, request: PostureRequest
) -> ChosenPosture:
    if isinstance(named, Posture):
        mean = posture_mean_rad(named, overrides_rad=_RESTING_FEET.get(named))
        return ChosenPosture(named.value.replace("_", " ").capitalize(), mean, _EVERY)
    if done is None:
        raise InputError(
            "posture",
            value="nothing",
            allowed="the name of a posture or exercise, a file of poses, or --exercise",
            remedy="say which posture",
        )
    title = done.name
    if done.bilateral:
        title += f", {'left' if done.written_for is Side.LEFT else 'right'}"
    if request.moment is not Moment.END:
        title += f", {request.moment.value.replace('-', ' ')}"
    return ChosenPosture(title, exercise_pose_rad(done, request.moment), _EVERY)


def _no_row(request: PostureRequest) -> None:
    negative = "yes" if request.knees_negative else None
    for option, value in (
        ("--pose", request.pose),
        ("--time", request.time_s),
        ("--knees-negative", negative),
    ):
        if value is not None:
            raise InputError(
                option, value=value, allowed="only with a file of poses", remedy="leave it out"
            )


def _of_file(path: Path, request: PostureRequest) -> ChosenPosture:
    if request.moment is not Moment.END:
        raise InputError(
            "--at",
            value=request.moment.value,
            allowed="only with an exercise's own posture",
            remedy="leave it out",
        )
    file = open_poses(path, knees_negative=request.knees_negative)
    moving = path.suffix.lower() in MOTION_SUFFIXES
    if moving and request.pose is not None:
        raise InputError(
            "--pose", value=request.pose, allowed="with a poses.csv", remedy="give --time S"
        )
    if not moving and request.time_s is not None:
        raise InputError(
            "--time", value=request.time_s, allowed="with a .mot or .sto", remedy="give --pose ID"
        )
    pose = _nearest(path, file, request.time_s) if moving else _called(path, file, request.pose)
    stated = _EVERY
    if moving:
        # A motion without the low back says nothing of it; a poses.csv says 0 by leaving it out.
        absent = frozenset(MOVING) - file.stated
        stated = _EVERY - absent - _derived_from(absent)
    name = f"{path.name}, {pose.name} s" if moving else f"{pose.name} ({path.name})"
    return ChosenPosture(name, whole_pose_rad(pose.mean_rad), stated, notes=file.notes())


def _derived_from(absent: frozenset[Coordinate]) -> frozenset[Coordinate]:
    """What stands for the chest where the low back or the pelvis is not stated."""
    found = set()
    for axis in ("flexion", "side_bend", "rotation"):
        if Coordinate(f"lumbar_{axis}") in absent:
            found.add(Coordinate(f"thorax_{axis}"))
    for derived, parts in (
        (Coordinate.TRUNK_FLEXION, (Coordinate.PELVIS_TILT, Coordinate.LUMBAR_FLEXION)),
        (Coordinate.TRUNK_SIDE_LEAN, (Coordinate.PELVIS_OBLIQUITY, Coordinate.LUMBAR_SIDE_BEND)),
    ):
        if not absent.isdisjoint(parts):
            found.add(derived)
    return frozenset(found)


def _called(path: Path, file: PoseFile, name: str | None) -> Pose:
    """The pose of that name; without a name the only one."""
    seen: list[str] = []
    only: Pose | None = None
    for pose in file.poses():
        if pose.name == name:
            return pose
        only = pose if not seen else None
        seen.append(pose.name)
    if name is None and only is not None:
        return only
    more = f" and {len(seen) - 8} more" if len(seen) > 8 else ""
    raise InputError(
        f"--pose for {path.name}",
        value=name if name is not None else "nothing",
        allowed=", ".join(seen[:8]) + more,
        remedy="name one of these",
    )


def _nearest(path: Path, file: PoseFile, time_s: float | None) -> Pose:
    """The row nearest to that time, within the motion; without a time the only row."""
    rows = _timed(path, file)
    first = best = last = next(rows)
    for pose in rows:
        last = pose
        if time_s is not None and _away_s(pose, time_s) < _away_s(best, time_s):
            best = pose
    begin_s, end_s = first.t_s or 0.0, last.t_s or 0.0
    if time_s is None and first is last:
        return first
    # Half a millisecond of grace: a time may be typed with fewer digits than the file has.
    if time_s is None or not begin_s - 5e-4 <= time_s <= end_s + 5e-4:
        raise InputError(
            f"--time for {path.name}",
            value="nothing" if time_s is None else f"{time_s:g}",
            allowed=f"{begin_s:g} to {end_s:g} seconds",
            remedy="name a moment of the motion",
        )
    return best


def _timed(path: Path, file: PoseFile) -> Iterator[Pose]:
    for pose in file.poses():
        if pose.t_s is None:
            raise unusable(path, "a row without a time", "a motion", "give a .mot or .sto")
        yield pose


def _away_s(pose: Pose, time_s: float) -> float:
    return abs((pose.t_s or 0.0) - time_s)
