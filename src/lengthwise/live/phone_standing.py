"""Three seconds of upright standing with the phone on: the zero pose of a session that begins then.

What finds it is the calibration of `body`: still, then still for as long again, within what a zero
pose allows, and as far from the vertical as a sensor there may be. It tells nothing of which face
looks outwards: only a bend would (`lengthwise calibrate`).
"""

from math import radians

from msgspec.structs import replace

from lengthwise.body.calibration import machine
from lengthwise.body.calibration.asks import MOTIONS, Ask
from lengthwise.body.calibration.worn_check import WornSensor
from lengthwise.body.segment_ups import UP_OF, ups_of, worn_like
from lengthwise.contracts.observation import ImuSample, ImuStream, Posture
from lengthwise.contracts.phone_wire import PhoneSays
from lengthwise.live.worn import STANDS_S, Worn
from lengthwise.reference.constants import constant
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.reference.wearing import position

_STILL_RAD = radians(constant("body", "zero_still_imu_deg"))


class Standing:
    """Looks for it in samples as they come."""

    def __init__(self, place: str, rate_hz: float) -> None:
        at = position(place)
        self.place = place
        self._stream = ImuStream(at.segment, rate_hz, forward_axis=at.front, up_axis=at.up)
        self._params = machine.Params(
            (self._stream,), positions=(WornSensor(at.segment, place, at.front, at.up),)
        )
        self._upright = ups_of(posture_mean_rad(Posture.STANDING))[UP_OF[at.segment]]
        self._state = machine.start(self._params)
        self.says = PhoneSays.KEEP_STILL
        self.still_s = 0.0
        self.found: Worn | None = None

    def take(self, sample: ImuSample) -> None:
        """Once found, nothing more is looked for."""
        if self.found is not None:
            return
        at = self._stream.segment
        sample = ImuSample(sample.t_s, at, sample.acc_m_s2, sample.gyr_rad_s)
        if self._state.ask is Ask.STAND_STILL:  # which is waited for as long as it takes
            self._state = replace(self._state, since_s=sample.t_s)
        self._state, ask = machine.step(self._params, self._state, sample)
        if self._state.zero_s is None:
            since_s = self._state.zero.since_s
            self.still_s = 0.0 if since_s is None else max(sample.t_s - since_s, 0.0)
            return
        if self._tipped_rad() > _STILL_RAD or ask is Ask.DONE:
            self._begin_anew(PhoneSays.KEEP_STILL)
            return
        since_s = self._state.zero_s[0]
        self.still_s = sample.t_s - since_s
        if self.still_s >= STANDS_S:
            self._judge(since_s, sample.t_s)

    def _judge(self, since_s: float, until_s: float) -> None:
        up, s = self._state.still_ups[0], self._stream
        if up is None or not worn_like(s, up, self._upright):
            self._begin_anew(PhoneSays.WORN_OTHERWISE)
            return
        assert s.forward_axis is not None and s.up_axis is not None
        self.says = PhoneSays.WORN_WELL
        self.found = Worn(
            self.place, s.segment, s.rate_hz, s.forward_axis, s.up_axis, (since_s, until_s)
        )

    def _tipped_rad(self) -> float:
        return max((self._state.tips[i][0].furthest_rad for i in range(len(MOTIONS))), default=0.0)

    def _begin_anew(self, says: PhoneSays) -> None:
        self._state = machine.start(self._params)
        self.still_s, self.says = 0.0, says
