"""What a person is asked to do in a calibration, in its order."""

from enum import StrEnum

from lengthwise.contracts.observation import CameraStream, ImuStream, Segment, Stream

_LEFT_LEG = (Segment.THIGH_L, Segment.SHANK_L)


class Ask(StrEnum):
    """One thing that is asked for; the words stand in `reference/calibration.toml`."""

    STAND_STILL = "stand_still"
    RAISE_RIGHT_HAND = "raise_right_hand"
    TIP_PELVIS = "tip_pelvis"
    BEND_FORWARD = "bend_forward"
    RAISE_RIGHT_KNEE = "raise_right_knee"
    RAISE_LEFT_KNEE = "raise_left_knee"
    DONE = "done"


MOTIONS = (Ask.BEND_FORWARD, Ask.RAISE_RIGHT_KNEE, Ask.RAISE_LEFT_KNEE)
"""Known motions by which a worn sensor is checked."""


def asks_for(streams: tuple[Stream, ...]) -> tuple[Ask, ...]:
    """What is asked for with these sensors. The knee raised is on the side of a worn leg; with
    several sensors both are, since any of them may sit on the other leg."""
    cameras = any(isinstance(s, CameraStream) for s in streams)
    worn = {s.segment for s in streams if isinstance(s, ImuStream)}
    several = len(worn) > 1
    left = several or bool(worn & set(_LEFT_LEG))
    right = several or bool(worn & {Segment.THIGH_R, Segment.SHANK_R})
    wanted = {
        Ask.STAND_STILL: True,
        Ask.RAISE_RIGHT_HAND: cameras,
        Ask.TIP_PELVIS: cameras and Segment.PELVIS in worn,
        Ask.BEND_FORWARD: bool(worn),
        Ask.RAISE_RIGHT_KNEE: right or (bool(worn) and not left),
        Ask.RAISE_LEFT_KNEE: left,
    }
    return tuple(ask for ask, wants in wanted.items() if wants)
