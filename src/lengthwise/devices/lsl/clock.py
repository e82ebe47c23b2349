"""The clock of whoever sends an LSL stream, mapped on the session's. Pure step.

    step(state, sent_s, to_here_s) -> (state, seconds of the session or why not)

LSL itself measures by what the sender's clock differs (`time_correction`, from both sides, as
`live.clock_map` does of a phone), again every few seconds, and each measure is a little off. As of
every other device a better knowledge that sets the time back is followed at `BACK_RATIO`, so that
samples keep their order, and one that sets it forward at once.
"""

from math import isfinite

from msgspec import Struct

from lengthwise.contracts.observation import RejectionReason
from lengthwise.devices.device_clock import BACK_RATIO


class State(Struct, frozen=True):
    """`sent_s`, `told_s` of the last sample that was told; `offset_s`: session's less sender's
    clock as it was used then."""

    sent_s: float | None = None
    offset_s: float = 0.0
    told_s: float | None = None


def on_new_stream(state: State) -> State:
    """Its sender may be another one now; times go on."""
    return State(told_s=state.told_s)


def step(state: State, sent_s: float, to_here_s: float) -> tuple[State, float | RejectionReason]:
    """`sent_s` on the sender's clock; `to_here_s`: what has to be added for the session's. Two of
    one time, as two beats that are told together, are of one time here."""
    if not isfinite(sent_s) or not isfinite(to_here_s):
        return state, RejectionReason.OUT_OF_RANGE
    if state.sent_s is None or state.told_s is None:
        t_s = sent_s + to_here_s
        if state.told_s is not None and t_s <= state.told_s:
            return state, RejectionReason.TIME_BACKWARDS
        return State(sent_s, to_here_s, t_s), t_s
    passed_s = sent_s - state.sent_s
    if passed_s < 0.0:
        return state, RejectionReason.TIME_BACKWARDS
    if passed_s == 0.0:
        return state, state.told_s
    offset_s = max(to_here_s, state.offset_s - BACK_RATIO * passed_s)
    t_s = max(sent_s + offset_s, state.told_s)
    return State(sent_s, offset_s, t_s), t_s
