"""A band that speaks the open profile of docs/open-band.md."""

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.devices.driver import SimulatedDevice
from lengthwise.devices.manifest import DeviceManifest, DeviceStream, Notice, Write
from lengthwise.devices.open_band import codec
from lengthwise.devices.open_band.sim import OpenBandSim
from lengthwise.devices.readings import Decoded, Quantity, Reading, UndecodableError

_FAR = 0x8000
EASE_N_S = 4.0
"""How fast a session eases (`ease_n_s` of the band)."""


class State(Struct, frozen=True):
    """`sequence` of the last measurement, `answer` to the last set-point that was answered.
    `battery` as last told: a level is told when it changes. `limits` of this band, read on each
    link; None: not known, and then nothing is asked of it but to release."""

    sequence: int | None = None
    answer: codec.Answer | None = None
    battery_told: tuple[float | None, bool] | None = None
    limits: codec.Limits | None = None


def set_point(p: codec.SetPoint) -> Write:
    """The message of a set-point. Raises ValueError on what the protocol does not allow."""
    return Write(codec.SET_POINT, codec.encoded_set_point(p))


def ordered(
    sequence: int,
    *,
    force_n: float,
    rate_n_s: float,
    valid_s: float,
    limits: codec.Limits | None = None,
) -> codec.SetPoint:
    """The set-point of an order: one of no force is a release. Raises nothing: what the protocol
    does not allow is a release as well, so that a band is never left with the one before. Slower
    and worth less long where the `limits` of this band ask for it; the force stays what it is."""
    if limits is not None:
        rate_n_s, valid_s = min(rate_n_s, limits.rate_n_s), min(valid_s, limits.valid_s)
    release = codec.SetPoint(codec.Command.RELEASE, sequence)
    if not (force_n > 0.0 and valid_s >= codec.LEAST_VALID_S):
        return release
    valid_s = min(valid_s, codec.MOST_VALID_S)
    p = codec.SetPoint(codec.Command.FOLLOW, sequence, force_n, rate_n_s, valid_s)
    try:
        codec.encoded_set_point(p)
    except ValueError:
        return release
    return p


class OpenBandDriver:
    manifest = DeviceManifest(
        name="open_band",
        title="instrumented band (the open profile of docs/open-band.md)",
        services=(codec.SERVICE,),
        name_prefixes=(),
        streams=(
            DeviceStream(Quantity.BAND, 80.0, device_clock=True),
            DeviceStream(Quantity.BATTERY, None, device_clock=False),
        ),
        subscribes=(codec.MEASUREMENT, codec.ANSWER),
        # A release is taken whatever its number.
        stop=(set_point(codec.SetPoint(codec.Command.RELEASE, 0)),),
        reads=(codec.LIMITS,),
        own_protocol=True,
        notes=("it releases by itself 0.2 s after the last set-point, and with an open grip",),
    )
    state_type = State

    def begin(self) -> State:
        return State()

    def decode(self, state: State, notice: Notice) -> tuple[State, Decoded]:
        try:
            if notice.characteristic == codec.MEASUREMENT:
                return self._measured(state, notice.payload)
            if notice.characteristic == codec.ANSWER:
                answer = codec.decoded_answer(notice.payload)
                return replace(state, answer=answer), Decoded()
            if notice.characteristic == codec.LIMITS:
                return replace(state, limits=codec.decoded_limits(notice.payload)), Decoded()
        except UndecodableError as why:
            return state, Decoded(refused=(str(why),))
        return state, Decoded(refused=("a characteristic that is not read",))

    def _measured(self, state: State, payload: bytes) -> tuple[State, Decoded]:
        band, device_us, battery = codec.decoded_measurement(payload)
        ahead = 1 if state.sequence is None else (band.sequence - state.sequence) % 0x10000
        if ahead == 0 or ahead >= _FAR:
            return state, Decoded(refused=("a measurement that came before",))
        told = (battery.ratio, battery.low)
        levels = (Reading(battery),) if told != state.battery_told else ()
        on = replace(state, sequence=band.sequence, battery_told=told)
        return on, Decoded((Reading(band, device_us), *levels), lost=ahead - 1)

    def decode_battery(self, payload: bytes) -> Decoded:
        return Decoded(refused=("its battery is told in the stream",))

    def permits(self, write: Write) -> bool:
        """A whole set-point within the protocol's ranges, and nothing else."""
        if write.characteristic != codec.SET_POINT:
            return False
        try:
            codec.decoded_set_point(write.payload)
        except UndecodableError:
            return False
        return True

    def beyond(self, state: State, write: Write) -> str:
        """A pull that is more than the limits of this band, or before they are known."""
        if not self.permits(write):
            return ""
        p, limits = codec.decoded_set_point(write.payload), state.limits
        if p.command is not codec.Command.FOLLOW:
            return ""
        if limits is None:
            return "the limits of this band are not known"
        asked = (
            ("N", p.target_n, limits.force_n),
            ("N/s", p.rate_n_s, limits.rate_n_s),
            ("s of validity", p.valid_s, limits.valid_s),
        )
        more = [f"{n:g} {unit} where it allows {most:g}" for unit, n, most in asked if n > most]
        return ", ".join(more)

    def most_n(self, state: State) -> float | None:
        """Of a band that eases more slowly than a session nothing is asked: who is above their
        ceiling would stay there for longer."""
        limits = state.limits
        return None if limits is None or limits.rate_n_s < EASE_N_S else limits.force_n

    def simulated(self, *, seed: int = 0, first_us: int = 0) -> SimulatedDevice:
        return OpenBandSim(first_us=first_us)


DRIVER = OpenBandDriver()
