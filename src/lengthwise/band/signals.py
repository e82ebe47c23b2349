"""What goes between a band, its controller and its envelope. Forces in N, above 0 pulling."""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.states import Estimate


class Phase(StrEnum):
    """REST: slack. UNLOAD: paying out, latched until it is slack. STOPPED: to the end."""

    REST = "rest"
    RAMP = "ramp"
    HOLD = "hold"
    UNLOAD = "unload"
    STOPPED = "stopped"


LOADED = frozenset({Phase.RAMP, Phase.HOLD})


class Cause(StrEnum):
    """Why the band is released."""

    STOP = "stop"
    NOT_ALLOWED = "not_allowed"
    GRIP = "grip"
    LINK = "link"
    STALE = "stale"
    CRC = "crc"
    OVER_FORCE = "over_force"
    OVER_SPEED = "over_speed"
    JERK = "jerk"
    CELL = "cell"
    STROKE = "stroke"
    NOT_A_NUMBER = "not_a_number"
    CLOCK = "clock"
    DEVICE = "device"
    RESTART = "restart"
    CEILING = "ceiling"


class Reading(Struct, frozen=True, gc=False):
    """From the band. `t_s`: when it was taken, on the controller's clock. `sequence`: one more each
    time, modulo 65,536. `grip`: held closed; None where the device does not say. `sound`: its check
    fits. `unloads`: the device unloads by itself."""

    t_s: float
    force_n: float
    stroke_m: float
    sequence: int
    grip: bool | None
    sound: bool = True
    unloads: bool = False


class Input(Struct, frozen=True, gc=False):
    """Of one tick at `t_s`. `readings`: what came since the last, in the order of arrival.

    `stop`: the person, or anybody, says stop; None: not known, which counts as a stop. `allowed`:
    whether what leads the stretch lets anything pull; None: not known, which counts as not.
    `start`: the person asks for a pull; only the change from False to True counts. `link`: whether
    the transport stands; None: not known. `position`: of the target in the person's window, taken
    at `position_t_s`.
    """

    t_s: float
    readings: tuple[Reading, ...] = ()
    stop: bool | None = None
    start: bool = False
    link: bool | None = None
    position: Estimate | None = None
    position_t_s: float | None = None
    allowed: bool | None = None


class Command(Struct, frozen=True, gc=False):
    """A set-point: go for `force_n` at no more than `rate_n_s`; not to be used after `valid_for_s`.

    A force of 0 is a release: pay out at `rate_n_s` until slack.
    """

    force_n: float
    rate_n_s: float
    valid_for_s: float
