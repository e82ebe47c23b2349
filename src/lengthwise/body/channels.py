"""Which inclinations a session's streams can show: what claims rest on.

A channel is one segment's inclination in one plane, seen by the camera (a line between landmarks)
or by one inertial sensor. The filter itself uses landmarks and gravity whole; the channels say what
of that was really visible.
"""

from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from lengthwise.body.kinematic_chain import LINK_OF, ROLL_WEIGHTS, Link, Plane
from lengthwise.contracts.observation import CameraStream, ImuStream, Posture, Stream


class Line(StrEnum):
    """Lines between landmarks that the camera measures, by the view that shows them."""

    SHOULDERS = "shoulder_line"
    HIPS = "hip_line"
    FRONTAL_THIGH_L = "frontal_thigh_l"
    FRONTAL_THIGH_R = "frontal_thigh_r"
    TRUNK = "trunk"
    THIGH_L = "thigh_l"
    THIGH_R = "thigh_r"
    SHANK_L = "shank_l"
    SHANK_R = "shank_r"
    FOOT_L = "foot_l"
    FOOT_R = "foot_r"


LINE_SHOWS: dict[Line, tuple[Link, Plane]] = {
    Line.SHOULDERS: (Link.THORAX, Plane.FRONTAL),
    Line.HIPS: (Link.PELVIS, Plane.FRONTAL),
    Line.FRONTAL_THIGH_L: (Link.THIGH_L, Plane.FRONTAL),
    Line.FRONTAL_THIGH_R: (Link.THIGH_R, Plane.FRONTAL),
    Line.TRUNK: (Link.CHORD, Plane.SAGITTAL),
    Line.THIGH_L: (Link.THIGH_L, Plane.SAGITTAL),
    Line.THIGH_R: (Link.THIGH_R, Plane.SAGITTAL),
    Line.SHANK_L: (Link.SHANK_L, Plane.SAGITTAL),
    Line.SHANK_R: (Link.SHANK_R, Plane.SAGITTAL),
    Line.FOOT_L: (Link.FOOT_L, Plane.SAGITTAL),
    Line.FOOT_R: (Link.FOOT_R, Plane.SAGITTAL),
}


class Channel(Struct, frozen=True):
    """One inclination seen by one sensor: `line` of the camera, or `imu` among the sensors."""

    link: Link
    plane: Plane
    line: Line | None = None
    imu: int | None = None


class Channels(Struct, frozen=True, eq=False):
    """What a session's streams can show; places among `all` by line and by sensor."""

    camera: CameraStream | None
    imus: tuple[ImuStream, ...]
    all: tuple[Channel, ...]
    of_line: dict[Line, int]
    of_imu: tuple[tuple[int, ...], ...]


@lru_cache(maxsize=64)
def channels_of(streams: tuple[Stream, ...], posture: Posture = Posture.UNKNOWN) -> Channels:
    """The channels of a session. Only the first camera is used, and one sensor per segment.

    Of someone who lies on the side gravity shows no inclination in the sagittal plane: it is level.
    """
    camera = next((s for s in streams if isinstance(s, CameraStream)), None)
    imus = tuple({s.segment: s for s in streams if isinstance(s, ImuStream)}.values())
    channels: list[Channel] = []
    if camera is not None:
        channels += [Channel(*LINE_SHOWS[line], line=line) for line in Line]
    for i, stream in enumerate(imus):
        link = LINK_OF[stream.segment]
        if posture is not Posture.SIDE_LYING:
            channels.append(Channel(link, Plane.SAGITTAL, imu=i))
        if link in ROLL_WEIGHTS:
            channels.append(Channel(link, Plane.FRONTAL, imu=i))
    of_line = {c.line: i for i, c in enumerate(channels) if c.line is not None}
    of_imu = tuple(
        tuple(i for i, c in enumerate(channels) if c.imu == imu) for imu in range(len(imus))
    )
    return Channels(camera, imus, tuple(channels), of_line, of_imu)
