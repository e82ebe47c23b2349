"""What a calibration may come to, each with a name; words stand in `reference/calibration.toml`."""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.observation import Segment
from lengthwise.contracts.person import FindingKind
from lengthwise.contracts.states import Estimate


class Outcome(StrEnum):
    """FOUND, or why not."""

    FOUND = "found"
    NOBODY_SEEN = "nobody_seen"
    NOT_STILL = "not_still"
    HEIGHT_NOT_KNOWN = "height_not_known"
    POINTS_HIDDEN = "points_hidden"
    NOT_FACING = "not_facing"
    HAND_NOT_RAISED = "hand_not_raised"
    BOTH_HANDS = "both_hands"
    HANDS_CHANGED = "hands_changed"
    PELVIS_NOT_TIPPED = "pelvis_not_tipped"
    LINE_NOT_SEEN = "line_not_seen"
    LINE_AGAINST_SENSOR = "line_against_sensor"
    SENSOR_SILENT = "sensor_silent"
    SENSOR_NOT_CONFIRMED = "sensor_not_confirmed"
    POSITION_NOT_STATED = "position_not_stated"
    NOT_MOVED = "not_moved"
    DIRECTION_NOT_SHOWN = "direction_not_shown"
    OTHER_SEGMENT = "other_segment"
    UPSIDE_DOWN = "upside_down"
    BACK_TO_FRONT = "back_to_front"
    TURNED = "turned"


class Result(Struct, frozen=True):
    """One thing that was looked for. `kind` None: the zero pose, which is of this session only.

    `value` where it was found; `setup` as in Finding. For a worn sensor: `segment`, the
    `angle_rad` that was seen (of the turn about the vertical, or of the top edge from upright), and
    for OTHER_SEGMENT the segment it `seems` to be on.
    """

    kind: FindingKind | None
    outcome: Outcome
    value: Estimate | None = None
    setup: str = ""
    segment: Segment | None = None
    angle_rad: float | None = None
    seems: Segment | None = None
