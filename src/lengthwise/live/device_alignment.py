"""How worn inertial sensors sit, before a session: standing, bending, raising a knee; then standing
still once more, which is the zero of the session.

What finds it is the calibration of `body`, led live. A strap on another segment, upside down or
back to front is said; of a sensor that nobody said how it is worn the axes are found. A sensor's
heading is arbitrary and nothing uses it, so there is none to be reset between holds.
"""

from math import radians

from msgspec.structs import replace

from lengthwise.body.calibration import machine, worn_check
from lengthwise.body.calibration.asks import MOTIONS, Ask
from lengthwise.body.calibration.outcomes import Outcome, Result
from lengthwise.body.calibration.worn_check import WornSensor
from lengthwise.body.segment_ups import UP_OF, ups_of, worn_like
from lengthwise.contracts.observation import Axis, ImuSample, ImuStream, Posture
from lengthwise.live.calibrate import line_of
from lengthwise.live.device_sits import Aligned, SensorSits, Stood
from lengthwise.live.session_name import now_utc
from lengthwise.live.worn import STANDS_S
from lengthwise.reference.calibration import calibration_words
from lengthwise.reference.constants import constant
from lengthwise.reference.postures import posture_mean_rad

_WRONG = (Outcome.UPSIDE_DOWN, Outcome.BACK_TO_FRONT, Outcome.TURNED, Outcome.OTHER_SEGMENT)
_STILL_RAD = radians(constant("body", "zero_still_imu_deg"))
SITS_WELL = "It sits well, the right way round."
SITS_ON_TRUNK = (
    "It sits the right way round. Whether on the pelvis or on the ribs one sensor alone does not "
    "show: feel whether bone and place are the right ones."
)
ROUND_ONCE_MORE = (
    "If it does sit there, make the bend once more and let the back round: with a hollow back the "
    "pelvis tips as the ribs do."
)


class Aligning:
    """Fed with samples of all sensors as they come."""

    def __init__(self, streams: tuple[ImuStream, ...]) -> None:
        self._params = machine.Params(streams)
        self._state = machine.start(self._params)

    def take(self, sample: ImuSample) -> None:
        if self._state.ask is not Ask.DONE:
            self._state, _ = machine.step(self._params, self._state, sample)

    @property
    def ask(self) -> Ask:
        return self._state.ask

    @property
    def found(self) -> Aligned:
        ask = self._state.ask
        if ask is not Ask.DONE:
            return Aligned(calibration_words().ask[ask.value])
        return Aligned("", done=True, sensors=tuple(self._sits(i) for i in self._all))

    @property
    def _all(self) -> range:
        return range(len(self._params.imus))

    def _sits(self, i: int) -> SensorSits:
        stream, state = self._params.imus[i], self._state
        tips = {
            ask: state.tips[at][i] for at, ask in enumerate(MOTIONS) if ask in self._params.asks
        }
        still, front, up = state.still_ups[i], stream.forward_axis, stream.up_axis
        axes = worn_check.shown_axes(stream.segment, still, tips) if front is None else None
        if axes is not None:
            front, up = axes
        others = any(worn_check.made(t) for of in state.tips for j, t in enumerate(of) if j != i)
        worn = WornSensor(stream.segment, "", front, up)
        bend = state.tips[MOTIONS.index(Ask.BEND_FORWARD)]
        swapped = worn_check.exchanged(self._params.worn, bend).get(stream.segment, ())
        result = worn_check.check(worn, still, tips, moved=others, exchanged_with=swapped)
        alone = worn_check.alone_on_trunk(worn, self._params.worn)
        told = _told(stream, result, front, up, alone=alone)
        if not swapped or result.outcome is not Outcome.OTHER_SEGMENT:
            return told
        return replace(told, words=f"{told.words} {ROUND_ONCE_MORE}")


def _told(
    stream: ImuStream, result: Result, front: Axis | None, up: Axis | None, *, alone: bool
) -> SensorSits:
    if result.outcome is Outcome.FOUND:
        words = SITS_ON_TRUNK if alone else SITS_WELL
        return SensorSits(stream.segment, words, well=True, front=front, up=up)
    line = line_of(result, now_utc())
    well = False if result.outcome in _WRONG else None
    return SensorSits(
        stream.segment, f"{line.told} {line.remedy}".strip(), well=well, front=front, up=up
    )


class Standing:
    """Three seconds of upright standing still with all of them, one as the other."""

    def __init__(self, streams: tuple[ImuStream, ...]) -> None:
        self._params = machine.Params(streams)
        self._ups = ups_of(posture_mean_rad(Posture.STANDING))
        self._state = machine.start(self._params)
        self._found = Stood()

    @property
    def found(self) -> Stood:
        return self._found

    def take(self, sample: ImuSample) -> None:
        if self._found.stood_s is not None:
            return
        if self._state.ask is Ask.STAND_STILL:  # which is waited for as long as it takes
            self._state = replace(self._state, since_s=sample.t_s)
        self._state, ask = machine.step(self._params, self._state, sample)
        zero_s = self._state.zero_s
        if zero_s is None:
            since_s = self._state.zero.since_s
            self._found = Stood(0.0 if since_s is None else max(sample.t_s - since_s, 0.0))
            return
        tipped = max((t.furthest_rad for of in self._state.tips for t in of), default=0.0)
        if tipped > _STILL_RAD or ask is Ask.DONE:
            self._state, self._found = machine.start(self._params), Stood()
            return
        lasted_s = sample.t_s - zero_s[0]
        wrong = self._otherwise() if lasted_s >= STANDS_S else ()
        if wrong:
            self._state, self._found = machine.start(self._params), Stood(otherwise=wrong)
        elif lasted_s >= STANDS_S:
            self._found = Stood(lasted_s, (zero_s[0], sample.t_s))
        else:
            self._found = Stood(lasted_s)

    def _otherwise(self) -> tuple[str, ...]:
        """Sensors that are worn otherwise than declared, or brought nothing."""
        return tuple(
            stream.sensor_name or stream.segment.value
            for stream, up in zip(self._params.imus, self._state.still_ups, strict=True)
            if up is None
            or (
                stream.forward_axis is not None
                and stream.up_axis is not None
                and not worn_like(stream, up, self._ups[UP_OF[stream.segment]])
            )
        )
