"""Tension in a held stretch: it falls while the posture stays, as a pure step with memory.

Quasi-linear viscoelasticity (Fung): tension is the elastic tension T_e, filtered by a reduced
relaxation function with G(0) = 1,

    T(t) = integral of G(t - s) dT_e(s),   G(t) = 1 - sum g_i (1 - exp(-t / tau_i)),  i = 1, 2.

Each term needs one number of memory, h_i, the part of the tension that is yet to relax:

    T = (1 - g_1 - g_2) T_e + h_1 + h_2,
    h_i(t + dt) = h_i(t) e^(-dt / tau_i) + g_i (tau_i / dt) (1 - e^(-dt / tau_i)) dT_e.

This is exact where T_e goes in a straight line between two steps, and so it does not matter into
how many steps a hold, or such a line, is cut. After easing, h_i is below zero and comes back: a
later hold begins less tense, until the tissue has recovered. Tension is never below zero.

A muscle that was not seen for a while is bridged by that same line once it is seen again, up to
`longest_bridge_s`; until then it is unknown. After that, and at the beginning, it counts as freshly
stretched, which is the tenser reading.
"""

from dataclasses import dataclass, field

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant
from lengthwise.tissue.between_marks import BetweenMarks
from lengthwise.tissue.passive_curve import GroupCurves
from lengthwise.tissue.passive_tension import PersonalTension, Tension, TensionSource, read, told

_SHARES = frozen_array([constant("tension", f"relax_{n}_share") for n in ("fast", "slow")])
_TIMES_S = frozen_array([constant("tension", f"relax_{n}_s") for n in ("fast", "slow")])
_LOSS_SD = constant("tension", "relax_loss_sd_ratio")
_LONGEST_BRIDGE_S = constant("tension", "longest_bridge_s")


@dataclass(frozen=True)
class Params:
    """What stays fixed during a session; `figures` and `marked` follow from `personal`, and
    `from_person` (32,) which of them rest on the person's own marks or torques."""

    curves: GroupCurves
    personal: PersonalTension
    figures: np.ndarray = field(init=False)
    from_person: np.ndarray = field(init=False)
    marked: BetweenMarks = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "figures", self.personal.figures())
        own = [source is not TensionSource.POPULATION for source in self.personal.source]
        object.__setattr__(self, "from_person", frozen_array(own, dtype="bool"))
        object.__setattr__(self, "marked", BetweenMarks.of(self.curves, self.personal))


class State(Struct, frozen=True):
    """Memory of every group and side, in the order of GROUP_SIDES.

    `elastic_n` (32,) elastic tension when last known; `relaxing_n` (2, 32) h; `seen` (32,) whether
    there is any; `since_s` (32,) since it was last known.
    """

    elastic_n: np.ndarray
    relaxing_n: np.ndarray
    seen: np.ndarray
    since_s: np.ndarray


def start() -> State:
    """Nothing is known yet."""
    count = len(GROUP_SIDES)
    return State(
        frozen_array(np.zeros(count)),
        frozen_array(np.zeros((2, count))),
        frozen_array(np.zeros(count), dtype="bool"),
        frozen_array(np.zeros(count)),
    )


def remaining(held_s: np.ndarray) -> np.ndarray:
    """G: share of the elastic tension that is left after times (n,) at one length, s."""
    left = np.exp(-np.asarray(held_s)[..., None] / _TIMES_S)
    return np.asarray(1.0 + (left - 1.0) @ _SHARES)


def step(
    params: Params,
    state: State,
    length_m: np.ndarray,
    *,
    length_sd_m: np.ndarray,
    known: np.ndarray,
    dt_s: float,
    position: tuple[Estimate | None, ...] = (),
) -> tuple[State, Tension]:
    """`dt_s` after the last step, at group lengths (32,) with sd (32,); `known` (32,) bool.

    `position`, per group and side: where the muscle stands between its marks, which is used in
    place of its length where both are marked. Empty: lengths alone.
    Raises ValueError where `dt_s` is negative or not finite.
    """
    if not 0.0 <= dt_s < np.inf:
        raise ValueError(f"a step of {dt_s} s cannot be taken; time must not go back")
    figures = params.figures
    if position:
        length_m, length_sd_m, figures = params.marked.read_at(
            position, length_m, length_sd_m, figures
        )
    elastic, known = read(
        params.curves,
        params.personal,
        figures,
        length_m,
        length_sd_m=length_sd_m,
        known=known,
    )
    memory, out = _relax(
        state.elastic_n,
        state.relaxing_n,
        state.since_s,
        state.seen,
        known,
        elastic,
        dt_s,
        _SHARES,
        _TIMES_S,
        _LONGEST_BRIDGE_S,
        _LOSS_SD,
    )
    seen = state.seen | known
    memory.flags.writeable = seen.flags.writeable = False
    after = State(memory[0], memory[1:3], seen, memory[3])
    return after, told(out, known, params.personal.source)


@njit(cache=True)
def relaxed_ratio(tension_n: np.ndarray, elastic_n: np.ndarray, known: np.ndarray) -> np.ndarray:
    """(32,) share of the tension of a fresh stretch that is gone; 0 where slack or not known."""
    out = np.zeros(len(known))
    for row in range(len(known)):
        if known[row] and elastic_n[row] > 0.0:
            out[row] = 1.0 - tension_n[row] / elastic_n[row]
    return out


@njit(cache=True)
def _relax(
    elastic_n: np.ndarray,
    relaxing_n: np.ndarray,
    since_s: np.ndarray,
    seen: np.ndarray,
    known: np.ndarray,
    elastic: np.ndarray,
    dt_s: float,
    shares: np.ndarray,
    times_s: np.ndarray,
    longest_bridge_s: float,
    loss_sd: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Memory (4, 32) of elastic tension, h_1, h_2 and time since, for the next step; rows (4, 32)
    of `passive_curve.evaluate`, elastic ones in and relaxed ones out.

    Stiffness and errors fall with the tension; the doubt of the loss is added to the sd: `loss_sd`
    over the loss.
    """
    after, out = np.empty((4, len(elastic_n))), elastic.copy()
    after[0], after[1:3] = elastic_n, relaxing_n
    for row in range(len(elastic_n)):
        away_s = since_s[row] + dt_s
        after[3, row] = away_s
        if not known[row]:
            continue
        goes_on = seen[row] and away_s <= longest_bridge_s
        change = elastic[0, row] - (elastic_n[row] if goes_on else 0.0)
        total = elastic[0, row]
        for i in range(2):
            way = away_s / times_s[i] if goes_on else 0.0
            held = relaxing_n[i, row] * np.exp(-way) if goes_on else 0.0
            # (1 - e^-x) / x, and 1 where no time passes: a jump has not relaxed yet.
            taken = -np.expm1(-way) / way if way > 0.0 else 1.0
            after[1 + i, row] = held + shares[i] * taken * change
            total += after[1 + i, row] - shares[i] * elastic[0, row]
        after[0, row] = elastic[0, row]
        after[3, row] = 0.0
        left = max(total, 0.0)
        share = left / elastic[0, row] if elastic[0, row] > 0.0 else 1.0
        out[:, row] *= share
        out[0, row] = left
        out[2, row] = np.hypot(out[2, row], loss_sd * abs(elastic[0, row] - left))
    return after, out
