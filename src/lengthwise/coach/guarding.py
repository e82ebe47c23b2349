"""Whether the body may be holding against the stretch: suspected, never claimed. A pure step.

Five signs, each only where something can show it:

- **a held breath**, where a sensor of breath tells how long (`breath_held_s`);
- **a pull that does not fall** while the body keeps still, where a gauge measures it. The tension
  that the tissue step *computes* cannot show this: it follows from the posture, and in a still one
  it relaxes by construction;
- **a heart that has become faster** in a static hold, where a strap tells it, than at rest in the
  same posture (`body.heart_rest`);
- **a muscle that works** in a static hold, where electrodes tell it (`body.emg`): a slow stretch is
  silent, so activity is too fast or too far;
- **tremor**, movement to and fro at 4 to 12 Hz, in a coordinate that inertial sensors carry, at 24
  frames a second or more. In landmarks of a camera at 30 Hz noise looks much the same, so there a
  tremor is not known. With x the coordinate and s its slow part, h = x - s turns back at regular
  intervals; noise turns back at irregular ones.

Nothing here permits anything: a sign that is not seen is not known.
"""

from math import exp

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.limits.actions import is_amount
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.settings import Settings
from lengthwise.contracts.decision import Reason
from lengthwise.contracts.states import Estimate

_SLOW_S = 0.1
_POWER_S = 0.5
_NEWEST_SHARE = 0.2
_REGULAR_RATIO = 0.33
"""Mean deviation of the intervals between turns over their mean: 0.5 for noise without memory."""


class Tremor(Struct, frozen=True, gc=False):
    """`interval_s`, `deviation_s`: smoothed time between two turns, and how far it varies.

    `power_rad2`: smoothed square of the quick part. `since_s`: since when it looks like tremor.
    """

    t_s: float | None = None
    slow_rad: float = 0.0
    positive: bool = True
    turned_s: float | None = None
    interval_s: float | None = None
    deviation_s: float = 0.0
    power_rad2: float = 0.0
    since_s: float | None = None


class Guarding(Struct, frozen=True, gc=False):
    """`pull_n`: the measured pull when the present stillness began, at `still_since_s`.

    `breath_held_s` at the latest frame; `suspected`: why, then; empty for nothing.
    """

    tremor: Tremor = Tremor()
    still_since_s: float | None = None
    pull_n: Estimate | None = None
    suspected: tuple[Reason, ...] = ()
    breath_held_s: float | None = None


NOTHING = Guarding()
_NO_TREMOR = Tremor()


class Signs(Struct, frozen=True, gc=False):
    """What one frame of a stretch tells; None: not known.

    `quick_rad`: a moved coordinate that inertial sensors carry. `still_since_s`: of the body.
    """

    t_s: float
    breath_held_s: float | None = None
    pull_n: Estimate | None = None
    still_since_s: float | None = None
    quick_rad: float | None = None
    heart_effort_per_min: float | None = None
    muscle_works_ratio: float | None = None


def step(guarding: Guarding, signs: Signs, s: Settings) -> Guarding:
    """One frame under load."""
    tremor = _tremor(guarding.tremor, signs, s)
    begun = guarding.still_since_s != signs.still_since_s or guarding.pull_n is None
    pull_n = signs.pull_n if begun else guarding.pull_n
    if signs.still_since_s is None or signs.pull_n is None:
        pull_n = None
    found = (
        _breath(signs, s),
        _pull(pull_n, signs, s),
        _heart(signs),
        _muscle(signs),
        _shaking(tremor, signs, s),
    )
    suspected = tuple([why for why in found if why]) if any(found) else ()
    return Guarding(tremor, signs.still_since_s, pull_n, suspected, signs.breath_held_s)


def _breath(signs: Signs, s: Settings) -> Reason | None:
    held_s = signs.breath_held_s
    if held_s is None or not is_amount(held_s) or held_s <= s.breath_held_s:
        return None
    return reason(ReasonId.GUARDING_BREATH, breath_held_s=held_s)


def _pull(before_n: Estimate | None, signs: Signs, s: Settings) -> Reason | None:
    """Surely fallen by less than it should have: mean and one sd on the side of relaxing."""
    now_n, since_s = signs.pull_n, signs.still_since_s
    if before_n is None or now_n is None or since_s is None or before_n.mean <= 0.0:
        return None
    if signs.t_s - since_s < s.relax_expected_s:
        return None
    fallen = (before_n.mean - now_n.mean + before_n.sd + now_n.sd) / before_n.mean
    if not fallen < s.relax_least_ratio:
        return None
    return reason(ReasonId.GUARDING_TENSION, pull_n=now_n.mean, pull_before_n=before_n.mean)


def _heart(signs: Signs) -> Reason | None:
    more = signs.heart_effort_per_min
    if more is None or not is_amount(more):
        return None
    return reason(ReasonId.GUARDING_HEART, heart_rise_per_min=more)


def _muscle(signs: Signs) -> Reason | None:
    times = signs.muscle_works_ratio
    if times is None or not is_amount(times):
        return None
    return reason(ReasonId.GUARDING_MUSCLE, muscle_works_ratio=times)


def _shaking(tremor: Tremor, signs: Signs, s: Settings) -> Reason | None:
    since_s, interval_s = tremor.since_s, tremor.interval_s
    if since_s is None or interval_s is None or signs.t_s - since_s < s.tremor_lasts_s:
        return None
    return reason(ReasonId.GUARDING_TREMOR, tremor_hz=0.5 / interval_s)


def _tremor(tremor: Tremor, signs: Signs, s: Settings) -> Tremor:
    x, t_s, before_s = signs.quick_rad, signs.t_s, tremor.t_s
    if x is None:
        return _NO_TREMOR
    if before_s is None or t_s - before_s > 1.05 / s.tremor_frame_rate_hz:
        return Tremor(t_s=t_s, slow_rad=x)
    dt_s = t_s - before_s
    if dt_s <= 0.0:
        return tremor
    slow = tremor.slow_rad + (x - tremor.slow_rad) * (1.0 - exp(-dt_s / _SLOW_S))
    quick = x - slow
    power = tremor.power_rad2 + (quick**2 - tremor.power_rad2) * (1.0 - exp(-dt_s / _POWER_S))
    moved = replace(tremor, t_s=t_s, slow_rad=slow, power_rad2=power)
    if (quick > 0.0) != tremor.positive:
        moved = _turned(replace(moved, positive=quick > 0.0), t_s)
    if _looks_like_tremor(moved, t_s, s):
        return moved if moved.since_s is not None else replace(moved, since_s=t_s)
    return moved if moved.since_s is None else replace(moved, since_s=None)


def _turned(tremor: Tremor, t_s: float) -> Tremor:
    if tremor.turned_s is None:
        return replace(tremor, turned_s=t_s)
    took_s = t_s - tremor.turned_s
    if tremor.interval_s is None:
        return replace(tremor, turned_s=t_s, interval_s=took_s, deviation_s=took_s)
    off_s = abs(took_s - tremor.interval_s)
    return replace(
        tremor,
        turned_s=t_s,
        interval_s=tremor.interval_s + _NEWEST_SHARE * (took_s - tremor.interval_s),
        deviation_s=tremor.deviation_s + _NEWEST_SHARE * (off_s - tremor.deviation_s),
    )


def _looks_like_tremor(tremor: Tremor, t_s: float, s: Settings) -> bool:
    interval_s, turned_s = tremor.interval_s, tremor.turned_s
    if interval_s is None or turned_s is None or interval_s <= 0.0:
        return False
    going_on = t_s - turned_s <= 2.0 * interval_s
    regular = tremor.deviation_s < _REGULAR_RATIO * interval_s
    in_band = s.tremor_least_hz <= 0.5 / interval_s <= s.tremor_most_hz
    return going_on and regular and in_band and tremor.power_rad2 >= s.tremor_least_rad**2
