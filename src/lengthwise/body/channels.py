"""The channels through which a session's sensors see inclinations, and the filter's layout.

Each channel has two error variables beside the body's: a fast one (serially correlated noise) and
a slow one (offset of landmark or sensor from the segment). Order of the filter's variables:
the body (20), then fast and slow error of every channel in the order of `Layout.channels`.
"""

from enum import StrEnum
from functools import lru_cache
from math import radians

from msgspec import Struct

from lengthwise.body.kinematic_chain import BODY_SIZE, LINK_OF, ROLL_WEIGHTS, Link, Plane
from lengthwise.contracts.observation import CameraStream, ImuStream, Stream
from lengthwise.reference.constants import constant


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


class Channel(Struct, frozen=True):
    """One inclination seen by one sensor.

    `line` for the camera, `imu` the place of the sensor among the inertial streams. `gain`: how
    much of the inclination shows, `gain_sd` its doubt. `fast_sd_rad`, `slow_sd_rad`: stationary
    sds of the two errors; `growth_ratio`: share of the change since the start that adds to the
    fast one.
    """

    name: str
    link: Link
    plane: Plane
    line: Line | None
    imu: int | None
    gain: float
    gain_sd: float
    fast_sd_rad: float
    slow_sd_rad: float
    growth_ratio: float


class Layout(Struct, frozen=True, eq=False):
    """What a session's streams can see."""

    camera: CameraStream | None
    imus: tuple[ImuStream, ...]
    channels: tuple[Channel, ...]
    line_index: dict[Line, int]
    size: int

    def fast(self, channel: int) -> int:
        return BODY_SIZE + 2 * channel

    def slow(self, channel: int) -> int:
        return BODY_SIZE + 2 * channel + 1

    def imu_channels(self, imu: int) -> tuple[int, ...]:
        return tuple(i for i, c in enumerate(self.channels) if c.imu == imu)


def _deg(name: str) -> float:
    return radians(constant("body", name))


_LINE_LINKS: dict[Line, tuple[Link, Plane, str]] = {
    Line.SHOULDERS: (Link.THORAX, Plane.FRONTAL, "shoulder_line"),
    Line.HIPS: (Link.PELVIS, Plane.FRONTAL, "hip_line"),
    Line.FRONTAL_THIGH_L: (Link.THIGH_L, Plane.FRONTAL, "thigh_frontal"),
    Line.FRONTAL_THIGH_R: (Link.THIGH_R, Plane.FRONTAL, "thigh_frontal"),
    Line.TRUNK: (Link.CHORD, Plane.SAGITTAL, "trunk"),
    Line.THIGH_L: (Link.THIGH_L, Plane.SAGITTAL, "thigh"),
    Line.THIGH_R: (Link.THIGH_R, Plane.SAGITTAL, "thigh"),
    Line.SHANK_L: (Link.SHANK_L, Plane.SAGITTAL, "shank"),
    Line.SHANK_R: (Link.SHANK_R, Plane.SAGITTAL, "shank"),
    Line.FOOT_L: (Link.FOOT_L, Plane.SAGITTAL, "foot"),
    Line.FOOT_R: (Link.FOOT_R, Plane.SAGITTAL, "foot"),
}


def line_plane(line: Line) -> Plane:
    """In which plane of the body a line shows an inclination."""
    return _LINE_LINKS[line][1]


def _camera_channel(line: Line, model: str) -> Channel:
    link, plane, kind = _LINE_LINKS[line]
    ratio = constant("body", f"pose_model_{model}_noise_ratio")
    hips = line is Line.HIPS
    return Channel(
        name=f"camera:{line.value}",
        link=link,
        plane=plane,
        line=line,
        imu=None,
        gain=constant("body", "hip_line_gain") if hips else 1.0,
        gain_sd=constant("body", "hip_line_gain_sd") if hips else 0.0,
        fast_sd_rad=ratio * _deg(f"{kind}_fast_sd_deg"),
        slow_sd_rad=ratio * _deg(f"{kind}_slow_sd_deg"),
        growth_ratio=constant("body", f"{kind}_growth_ratio"),
    )


def _imu_channel(imu: int, stream: ImuStream, plane: Plane) -> Channel:
    return Channel(
        name=f"imu:{stream.segment.value}",
        link=LINK_OF[stream.segment],
        plane=plane,
        line=None,
        imu=imu,
        gain=1.0,
        gain_sd=0.0,
        fast_sd_rad=_deg("imu_fast_sd_deg"),
        slow_sd_rad=_deg("imu_offset_prior_sd_deg"),
        growth_ratio=constant("body", "imu_growth_ratio"),
    )


@lru_cache(maxsize=64)
def layout(streams: tuple[Stream, ...]) -> Layout:
    """The layout of a session. Only the first camera is used, and one sensor per segment."""
    camera = next((s for s in streams if isinstance(s, CameraStream)), None)
    imus = tuple({s.segment: s for s in streams if isinstance(s, ImuStream)}.values())
    channels: list[Channel] = []
    if camera is not None:
        model = camera.pose_model.value.removeprefix("blazepose_")
        channels += [_camera_channel(line, model) for line in Line]
    for i, stream in enumerate(imus):
        channels.append(_imu_channel(i, stream, Plane.SAGITTAL))
        if LINK_OF[stream.segment] in ROLL_WEIGHTS:
            channels.append(_imu_channel(i, stream, Plane.FRONTAL))
    return Layout(
        camera=camera,
        imus=imus,
        channels=tuple(channels),
        line_index={c.line: i for i, c in enumerate(channels) if c.line is not None},
        size=BODY_SIZE + 2 * len(channels),
    )
