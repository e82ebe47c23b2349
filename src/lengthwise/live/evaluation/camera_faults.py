"""What goes wrong with a camera and its pose model."""

from math import cos, sin

import numpy as np
from msgspec.structs import replace

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    LANDMARKS,
    LandmarkFrame,
    Observation,
)
from lengthwise.live.evaluation.fault_stream import Period, Stream, frames, without

IMAGE_WIDTH_PX, _IMAGE_HEIGHT_PX = 1280, 720
_JUMP_PX, _ASIDE_PX = 150.0, 350.0
_OUTLIER_PX = (60.0, 180.0)
_OTHER_SIZE = 0.9
_LONGER = (1.2, 1.5)
_KNOCKED_PX, _KNOCKED_RAD = (60.0, 200.0), np.radians((2.0, 8.0))
_LOST = 0.5
_TORSO_AND_LEGS = tuple(
    LANDMARK_INDEX[f"{word}_{name}"]
    for name in ("shoulder", "hip", "knee", "ankle")
    for word in ("left", "right")
)
_LEG_L = {
    part: [LANDMARK_INDEX[f"left_{name}"] for name in names]
    for part, names in (("hip", ("hip",)), ("below", ("knee", "ankle", "heel", "foot_index")))
}


def torso_jump(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The pose model finds the body somewhere else in the image."""
    way = _JUMP_PX * (1.0 if rng.random() < 0.5 else -1.0)
    return frames(
        stream,
        period,
        lambda f: replace(f, xy_px=frozen_array(f.xy_px + np.array([way, 0.5 * way]))),
    )


def _other_name(name: str) -> str:
    return name.replace("left", "right") if "left" in name else name.replace("right", "left")


_OTHER_SIDE = np.array([LANDMARK_INDEX[_other_name(name)] for name in LANDMARKS])
_FIRST_OF_LEGS = LANDMARK_INDEX["left_knee"]
_OTHER_LEG = np.where(np.arange(len(LANDMARKS)) < _FIRST_OF_LEGS, np.arange(33), _OTHER_SIDE)


def _exchanged(frame: LandmarkFrame, order: np.ndarray = _OTHER_SIDE) -> LandmarkFrame:
    return replace(
        frame,
        xy_px=frozen_array(frame.xy_px[order]),
        image_z_px=frozen_array(frame.image_z_px[order]),
        visibility=frozen_array(frame.visibility[order]),
        present=frozen_array(frame.present[order], dtype="bool"),
    )


def sides_exchanged(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The pose model calls left what is right."""
    return frames(stream, period, _exchanged)


def legs_exchanged(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The same from the knees down only, as happens where one leg hides the other."""
    return frames(stream, period, lambda f: _exchanged(f, _OTHER_LEG))


def landmark_outliers(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """In every frame one landmark of torso or legs lies far off."""

    def change(frame: LandmarkFrame) -> LandmarkFrame:
        xy = frame.xy_px.copy()
        angle, far = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(*_OUTLIER_PX)
        xy[rng.choice(_TORSO_AND_LEGS)] += far * np.array([np.cos(angle), np.sin(angle)])
        return replace(frame, xy_px=frozen_array(xy))

    return frames(stream, period, change)


def landmark_astray(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """One landmark sits on something that does not move, until the model finds it again."""
    angle, far = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(*_OUTLIER_PX)
    at, way = rng.choice(_TORSO_AND_LEGS), far * np.array([np.cos(angle), np.sin(angle)])
    held: list[np.ndarray] = []

    def change(frame: LandmarkFrame) -> LandmarkFrame:
        xy = frame.xy_px.copy()
        if not held:
            held.append(xy[at] + way)
        xy[at] = held[0]
        return replace(frame, xy_px=frozen_array(xy))

    return frames(stream, period, change)


def second_person(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The pose model follows someone who stands beside, and says that it sees one person."""
    first = next((o for o in stream if isinstance(o, LandmarkFrame)), None)
    if first is None:
        return stream
    middle = first.xy_px.mean(axis=0)
    way = _ASIDE_PX * (1.0 if rng.random() < 0.5 else -1.0)
    stands = middle + [way, 0.0] + _OTHER_SIZE * (first.xy_px - middle)
    return frames(
        stream,
        period,
        lambda f: replace(
            f,
            xy_px=frozen_array(stands + rng.normal(0.0, 2.0, stands.shape)),
            image_z_px=frozen_array(_OTHER_SIZE * first.image_z_px),
            visibility=first.visibility,
        ),
    )


def mirrored(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The camera's software mirrors the image: left becomes right in place and in name."""

    def change(frame: LandmarkFrame) -> LandmarkFrame:
        xy = frame.xy_px * [-1.0, 1.0] + [IMAGE_WIDTH_PX, 0.0]
        return _exchanged(replace(frame, xy_px=frozen_array(xy)))

    return frames(stream, period, change)


def segment_length(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The left leg is seen longer than it is."""
    longer = float(rng.uniform(*_LONGER))

    def change(frame: LandmarkFrame) -> LandmarkFrame:
        xy = frame.xy_px.copy()
        hip = xy[_LEG_L["hip"]].mean(axis=0)
        xy[_LEG_L["below"]] = hip + longer * (xy[_LEG_L["below"]] - hip)
        return replace(frame, xy_px=frozen_array(xy))

    return frames(stream, period, change)


def camera_knocked(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The camera is pushed aside and turned about its axis: all in the image moves at once."""
    way, far = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(*_KNOCKED_PX)
    roll = rng.uniform(*_KNOCKED_RAD) * (1.0 if rng.random() < 0.5 else -1.0)
    turn = np.array([[cos(roll), -sin(roll)], [sin(roll), cos(roll)]])
    middle = 0.5 * np.array([IMAGE_WIDTH_PX, _IMAGE_HEIGHT_PX])
    shift = far * np.array([cos(way), sin(way)])

    def change(frame: LandmarkFrame) -> LandmarkFrame:
        xy = (frame.xy_px - middle) @ turn.T + middle + shift
        return replace(frame, xy_px=frozen_array(xy))

    return frames(stream, period, change)


def no_numbers(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The pose model reports what is no number for some of the landmarks."""

    def change(frame: LandmarkFrame) -> LandmarkFrame:
        xy = frame.xy_px.copy()
        xy[rng.random(len(LANDMARKS)) < _LOST] = np.nan
        return replace(frame, xy_px=frozen_array(xy))

    return frames(stream, period, change)


def frames_lost(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """Some frames never arrive."""

    def lost(o: Observation) -> bool:
        return isinstance(o, LandmarkFrame) and bool(rng.random() < _LOST)

    return without(stream, period, lost)


def camera_frozen(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The picture stands still, under new times."""
    first: list[LandmarkFrame] = []

    def change(frame: LandmarkFrame) -> LandmarkFrame:
        first.append(frame)
        return replace(first[0], t_s=frame.t_s)

    return frames(stream, period, change)


def camera_silent(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """No frame arrives."""
    return without(stream, period, lambda o: isinstance(o, LandmarkFrame))
