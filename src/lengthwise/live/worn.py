"""A phone that is worn, and what of phones can be of use."""

from msgspec import Struct

from lengthwise.contracts.observation import Axis, ImuStream, Segment

STANDS_S = 3.0
LEAST_HZ, MOST_HZ = 25.0, 200.0
"""Of a phone that can be of use."""


class Worn(Struct, frozen=True):
    """A phone that is worn as in the picture of `place`. `stood_s`: when the person stood still, on
    the clock of whoever holds it."""

    place: str
    segment: Segment
    rate_hz: float
    front: Axis
    up: Axis
    stood_s: tuple[float, float]

    def stream(self) -> ImuStream:
        return ImuStream(
            self.segment,
            self.rate_hz,
            forward_axis=self.front,
            up_axis=self.up,
            sensor_name="phone",
        )


class Checked(Struct, frozen=True):
    """What to do now, or what came of it with what to do then. `well` None: not known (yet)."""

    words: str
    done: bool
    well: bool | None = None
