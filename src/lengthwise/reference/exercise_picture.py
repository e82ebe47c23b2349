"""What a drawing of an exercise must know beyond its angles: what carries it, hands and things.

Nothing is coached or computed from it. All of it is optional; a start posture and a place have
their usual picture. Written for the left working side, like the rest of the file.
"""

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import Posture


class Carrier(StrEnum):
    """A part of the body that lies or stands on the ground (or seat, or bed)."""

    CHEST = "chest"
    PELVIS = "pelvis"
    THIGH_L = "thigh_l"
    THIGH_R = "thigh_r"
    SHANK_L = "shank_l"
    SHANK_R = "shank_r"
    FOOT_L = "foot_l"
    FOOT_R = "foot_r"

    @property
    def other(self) -> "Carrier":
        return Carrier(_other_side(self.value))


class Hand(StrEnum):
    """Where a hand is.

    `hanging` along gravity; `beside` along the trunk; `floor` below the shoulder of the start, and
    it stays there; `ahead` on the floor beyond the head; `overhead` in line with the trunk;
    `thigh` on its own, `front_thigh` on the higher one; `behind_thigh` and `foot` of the working
    side (`strap`: by a strap around that foot), `other_thigh` behind that of the other side;
    `chest` crossed; `belly`; `hips` on the low back; `support` ahead at waist height; `wall`
    ahead at the height of the shoulder; `side` on a support, `side_wall` on a wall, to its side;
    `forearm` on the floor below the shoulder; `shoulder` on the floor beside it; `seat` beside
    the pelvis; `low` before the legs, holding something.
    """

    HANGING = "hanging"
    BESIDE = "beside"
    FLOOR = "floor"
    AHEAD = "ahead"
    OVERHEAD = "overhead"
    THIGH = "thigh"
    FRONT_THIGH = "front_thigh"
    BEHIND_THIGH = "behind_thigh"
    OTHER_THIGH = "other_thigh"
    FOOT = "foot"
    STRAP = "strap"
    CHEST = "chest"
    BELLY = "belly"
    HIPS = "hips"
    SUPPORT = "support"
    WALL = "wall"
    SIDE = "side"
    SIDE_WALL = "side_wall"
    FOREARM = "forearm"
    SHOULDER = "shoulder"
    SEAT = "seat"
    LOW = "low"


class Thing(StrEnum):
    """Drawn below or in the hand: a `step` under the working foot, a `box` between the hands, a
    `bag` in the working hand, a `cushion` under the pelvis, a `half_seat`: the seat ends in the
    middle of the body, the working thigh is beside it; a `leg_rest`: a seat below both lower
    legs."""

    STEP = "step"
    BOX = "box"
    BAG = "bag"
    CUSHION = "cushion"
    HALF_SEAT = "half_seat"
    LEG_REST = "leg_rest"


class Hands(Struct, frozen=True, forbid_unknown_fields=True):
    """Left and right; None: as usual in this posture."""

    l: Hand | None = None  # noqa: E741
    r: Hand | None = None

    @property
    def other(self) -> "Hands":
        return Hands(l=self.r, r=self.l)


class Picture(Struct, frozen=True, forbid_unknown_fields=True):
    """`carried` by what, at start and end: the first keeps its place. `carried_end` where it
    differs. `hands` at the start, `hands_end` at the end where it differs.
    `turn_deg`: how far the viewer stands off the declared view, + towards the person's left;
    `raise_deg`: how far from above. `over_edge`: a leg hangs below the bed."""

    carried: tuple[Carrier, ...] = ()
    carried_end: tuple[Carrier, ...] = ()
    hands: Hands = Hands()
    hands_end: Hands = Hands()
    things: tuple[Thing, ...] = ()
    turn_deg: float | None = None
    raise_deg: float | None = None
    over_edge: bool = False

    @property
    def other(self) -> "Picture":
        """For the other working side."""
        return replace(
            self,
            carried=tuple(c.other for c in self.carried),
            carried_end=tuple(c.other for c in self.carried_end),
            hands=self.hands.other,
            hands_end=self.hands_end.other,
            turn_deg=None if self.turn_deg is None else -self.turn_deg,
        )


_C, _H = Carrier, Hand
_FEET = (_C.FOOT_R, _C.FOOT_L)
_USUAL: dict[Posture, tuple[tuple[Carrier, ...], Hand]] = {
    Posture.STANDING: (_FEET, _H.HANGING),
    Posture.SITTING: ((_C.PELVIS, *_FEET), _H.THIGH),
    Posture.HALF_KNEELING: ((_C.SHANK_L, _C.FOOT_R), _H.FRONT_THIGH),
    Posture.FOUR_POINT: ((_C.SHANK_R, _C.SHANK_L), _H.FLOOR),
    Posture.SUPINE: ((_C.PELVIS, _C.CHEST), _H.BESIDE),
    Posture.PRONE: ((_C.PELVIS,), _H.BESIDE),
    Posture.SIDE_LYING: ((_C.SHANK_L,), _H.CHEST),
}


def usual_carriers(posture: Posture) -> tuple[Carrier, ...]:
    """What a posture, as written for the left, rests on."""
    return _USUAL[posture][0]


def usual_hand(posture: Posture) -> Hand:
    return _USUAL[posture][1]


def _other_side(name: str) -> str:
    stem, _, side = name.rpartition("_")
    return f"{stem}_{Side(side).other.value}" if stem else name
