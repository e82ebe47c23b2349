"""Which way round a phone is worn, by a small bend or a raised knee: the calibration, led live.

Standing says nothing of which face looks outwards, and the wrong one turns the sign of the tilt.
"""

from lengthwise.body.calibration import machine
from lengthwise.body.calibration.asks import Ask
from lengthwise.body.calibration.outcomes import Outcome
from lengthwise.body.calibration.results import results
from lengthwise.body.calibration.worn_check import WornSensor
from lengthwise.contracts.observation import ImuSample, ImuStream
from lengthwise.live.calibrate import line_of
from lengthwise.live.session_name import now_utc
from lengthwise.live.worn import Checked
from lengthwise.reference.calibration import calibration_words
from lengthwise.reference.wearing import position

_WRONG = (Outcome.UPSIDE_DOWN, Outcome.BACK_TO_FRONT, Outcome.TURNED, Outcome.OTHER_SEGMENT)


class Check:
    """Fed with samples as they come."""

    def __init__(self, place: str, rate_hz: float) -> None:
        at = position(place)
        self.place = place
        self._segment = at.segment
        stream = ImuStream(at.segment, rate_hz, forward_axis=at.front, up_axis=at.up)
        worn = WornSensor(at.segment, place, at.front, at.up)
        self._params = machine.Params((stream,), positions=(worn,))
        self._state = machine.start(self._params)

    def take(self, sample: ImuSample) -> None:
        """Once it is known, nothing more is asked."""
        if not self.checked.done:
            of_segment = ImuSample(sample.t_s, self._segment, sample.acc_m_s2, sample.gyr_rad_s)
            self._state, _ = machine.step(self._params, self._state, of_segment)

    @property
    def checked(self) -> Checked:
        ask = self._state.ask
        if ask in (Ask.STAND_STILL, Ask.BEND_FORWARD):
            return Checked(calibration_words().ask[ask.value], done=False)
        result = results(self._params, self._state)[-1]
        if result.outcome is Outcome.FOUND:
            return Checked("It sits well, the right way round.", done=True, well=True)
        if ask is not Ask.DONE:
            return Checked(calibration_words().ask[ask.value], done=False)
        line = line_of(result, now_utc())
        well = False if result.outcome in _WRONG else None
        return Checked(f"{line.told} {line.remedy}".strip(), done=True, well=well)
