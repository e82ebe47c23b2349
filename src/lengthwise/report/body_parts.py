"""What is drawn of a body."""

from enum import IntEnum


class BodyPart(IntEnum):
    """The parts that are drawn, and fogged, as a whole."""

    CHEST = 0
    LUMBAR = 1
    PELVIS = 2
    THIGH_L = 3
    THIGH_R = 4
    SHANK_L = 5
    SHANK_R = 6
    FOOT_L = 7
    FOOT_R = 8
