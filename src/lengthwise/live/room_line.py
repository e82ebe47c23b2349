"""One connection of a room: its clock, its order, and how much of it is taken."""

from lengthwise.contracts.observation import ImuSample
from lengthwise.contracts.wire import MOST_LATE_S, Clock, ClockAnswer, NotTakenError
from lengthwise.live import clock_map
from lengthwise.live.allowance import Allowance
from lengthwise.live.roles import MOST_SAMPLES_A_SECOND, Role

MOST_FRAMES_A_SECOND = 60.0
MOST_WORDS_A_SECOND = 10.0
MOST_ASTRAY_S = 1.0
"""As far as clocks that were compared may be apart, with much to spare."""


class RoomLine:
    """One connection's clock, order and rate."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.clock = clock_map.start()
        self.seq = -1
        self.words = Allowance(MOST_WORDS_A_SECOND)
        self.frames = Allowance(MOST_FRAMES_A_SECOND)
        self.samples = Allowance(MOST_SAMPLES_A_SECOND, burst_s=MOST_LATE_S)


def clock_answer(line: RoomLine, message: Clock, t_s: float) -> ClockAnswer:
    if message.last is not None and 0.0 <= message.last[1] <= t_s + MOST_ASTRAY_S:
        # Else it names an answer that this session has not given yet.
        line.clock = clock_map.take(line.clock, clock_map.Exchange(*message.last))
    return ClockAnswer(message.sent_s, t_s)


def session_time_s(line: RoomLine, device_s: float, now_s: float) -> float:
    """The session's time of what a device saw. One that lies ahead would make everything that is
    seen after it too old to be used, so nothing of it is kept, not even on the clock."""
    clock, at = clock_map.session_s(line.clock, device_s)
    check(at is not None, "a time before the clocks were compared")
    assert at is not None
    check(-MOST_ASTRAY_S <= at.mean <= now_s + MOST_ASTRAY_S, "a time that is not of this session")
    line.clock = clock
    return at.mean


def at_session_time(line: RoomLine, sample: ImuSample, now_s: float) -> ImuSample:
    at_s = session_time_s(line, sample.t_s, now_s)
    return ImuSample(at_s, sample.segment, sample.acc_m_s2, sample.gyr_rad_s)


def check_order(line: RoomLine, seq: int) -> None:
    """A message that was sent before, or overtaken, is not taken twice."""
    check(seq > line.seq, "a message that is older than the last one")
    line.seq = seq


def check(holds: bool, else_say: str) -> None:
    if not holds:
        raise NotTakenError(else_say)
