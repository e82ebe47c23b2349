"""The clock of whoever sends an LSL stream, mapped on the session's. Pure steps.

    measured(state, measure_s) -> (state, whether a measure is doubted that was not before)
    step(state, sent_s, to_here_s) -> (state, seconds of the session or why not)
    evened(even, sent_s, rate_hz) -> even, whose `t_s` is the time without its jitter

LSL itself measures by what the sender's clock differs (`time_correction`, from both sides, as
`live.clock_map` does of a phone), again every few seconds, and each measure is a little off. As of
every other device a better knowledge that sets the time back is followed at `BACK_RATIO`, so that
samples keep their order, and one that sets it forward at once: by more than `FORWARD_S` only when
the next measure says so too, since one that is wrong would take seconds to get back from.

Rows of muscle activity are stamped a few ms off, more than they are apart. They are spaced by their
rate and follow the stamps slowly; LSL's own way (`proc_dejitter`) takes values that were lost for
jitter: a second lost at 1000 Hz was still 0.3 s of the time 15 s later.
"""

from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.observation import RejectionReason
from lengthwise.devices.device_clock import BACK_RATIO

FORWARD_S = 0.1
"""A measure that sets the time forward by more is confirmed first. Expert default: some times what
measures over a busy network differ by."""
LOST_S = 0.05
"""A row that is later than its rate says by more is behind rows that were lost. Expert default:
beyond what stamps jitter by, and too short to matter where it is not noticed."""
_FOLLOWS_S, _SET_BACK_S = 0.3, 0.5


class State(Struct, frozen=True):
    """`sent_s`, `told_s` of the last sample that was told; `offset_s`: session's less sender's
    clock as it was used then. `measure_s`: what LSL says has to be added to the sender's clock, as
    it is believed; `doubted_s`: a later one that nothing has confirmed."""

    sent_s: float | None = None
    offset_s: float = 0.0
    told_s: float | None = None
    measure_s: float | None = None
    doubted_s: float | None = None


def on_new_stream(state: State) -> State:
    """Its sender may be another one now; times go on."""
    return State(told_s=state.told_s)


def measured(state: State, measure_s: float) -> tuple[State, bool]:
    """LSL tells one measure until it has made another: the same again confirms nothing."""
    if not isfinite(measure_s) or measure_s == state.doubted_s:
        return state, False
    believed_s, doubted_s = state.measure_s, state.doubted_s
    confirmed = doubted_s is not None and abs(measure_s - doubted_s) <= FORWARD_S
    if believed_s is None or measure_s - believed_s <= FORWARD_S or confirmed:
        return replace(state, measure_s=measure_s, doubted_s=None), False
    return replace(state, doubted_s=measure_s), True


class Even(Struct, frozen=True):
    """`t_s` of the last row on the sender's clock, without its jitter; None: none yet."""

    t_s: float | None = None


def evened(even: Even, sent_s: float, rate_hz: float) -> Even:
    """One row on. Later by more than `LOST_S` begins anew, as does a clock that was set back; what
    is earlier is caught up with slowly, so that rows keep their order and none is left out."""
    if not isfinite(sent_s):
        return even
    if even.t_s is None:
        return Even(sent_s)
    due_s = even.t_s + 1.0 / rate_hz
    off_s = sent_s - due_s
    if not -_SET_BACK_S <= off_s <= LOST_S:
        return Even(sent_s)
    return Even(due_s + max(off_s, -LOST_S) / (_FOLLOWS_S * rate_hz))


def step(state: State, sent_s: float, to_here_s: float) -> tuple[State, float | RejectionReason]:
    """`sent_s` on the sender's clock; `to_here_s`: what has to be added for the session's. Two of
    one time, as two beats that are told together, are of one time here."""
    if not isfinite(sent_s) or not isfinite(to_here_s):
        return state, RejectionReason.OUT_OF_RANGE
    if state.sent_s is None or state.told_s is None:
        t_s = sent_s + to_here_s
        if state.told_s is not None and t_s <= state.told_s:
            return state, RejectionReason.TIME_BACKWARDS
        return replace(state, sent_s=sent_s, offset_s=to_here_s, told_s=t_s), t_s
    passed_s = sent_s - state.sent_s
    if passed_s < 0.0:
        return state, RejectionReason.TIME_BACKWARDS
    if passed_s == 0.0:
        return state, state.told_s
    offset_s = max(to_here_s, state.offset_s - BACK_RATIO * passed_s)
    t_s = max(sent_s + offset_s, state.told_s)
    return replace(state, sent_s=sent_s, offset_s=offset_s, told_s=t_s), t_s
