"""What one repetition of a dynamic exercise is, and what counting it takes."""

from enum import StrEnum
from itertools import pairwise
from math import log

from msgspec import Struct

from lengthwise.reference.constants import constants


class Form(StrEnum):
    """How an exercise moves along its signal; progress grows away from rest.

    `there_and_back`: from rest to an end and back. `alternating`: the same, and every second one
    is to the other side, which the signal does not name and shows in another amplitude.
    `both_sides`: the middle is 0 and the sign is the side; each side and back is a repetition.
    `circle`: a signed signal as well; one side and then the other are one repetition.
    """

    THERE_AND_BACK = "there_and_back"
    ALTERNATING = "alternating"
    BOTH_SIDES = "both_sides"
    CIRCLE = "circle"

    @property
    def signed(self) -> bool:
        return self in {Form.BOTH_SIDES, Form.CIRCLE}


class Repetition(Struct, frozen=True):
    """One repetition. Times in seconds of the samples; `amplitude` in the unit of the signal.

    `start_s` and `end_s` bound the movement, without the rest before and after. `side`: +1 or -1
    as the signal's sign, of `alternating` +1 for the wider turn, of `circle` the side that comes
    first; None where it is not known. `log_jerk`: see `log_dimensionless_jerk`; None where the
    samples are too few.
    """

    start_s: float
    turn_s: float
    end_s: float
    amplitude: float
    side: int | None = None
    log_jerk: float | None = None

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s

    @property
    def out_s(self) -> float:
        """Tempo of the way out."""
        return self.turn_s - self.start_s

    @property
    def back_s(self) -> float:
        """Tempo of the way back."""
        return self.end_s - self.turn_s


class Coefficients(Struct, frozen=True):
    """Fields are the entries of `constants_data/repetitions.toml`, in the units of their names."""

    despike_s: float
    smooth_s: float
    gap_s: float
    depart_ratio: float
    return_ratio: float
    elsewhere_ratio: float
    rest_ratio: float
    dwell_s: float
    least_duration_s: float
    least_duration_ratio: float
    remembered: float
    noise_ratio: float
    bin_s: float
    begin_ratio: float
    candidate_ratio: float
    irregular_weight: float
    split_weight: float
    uneven_weight: float
    least_amplitude_ratio: float
    least_narrow_ratio: float
    small_weight: float
    cut_off_ratio: float
    edge_s: float
    middle_ratio: float
    same_side_ratio: float
    unlike_ratio: float
    end_spread: float
    end_level_spread: float
    end_most: float
    end_unlike: float
    distinct_ratio: float
    room_ratio: float
    trace_ratio: float
    half_short_ratio: float
    half_long_ratio: float
    half_bend_ratio: float
    more_upright_ratio: float
    circle_upright_weight: float
    circle_least_likeness: float
    circle_irregular_weight: float
    circle_reversal_weight: float
    circle_near_ratio: float
    turn_least_ratio: float
    turn_near_ratio: float
    wave_least_likeness: float
    wave_irregular_weight: float
    wave_uneven_weight: float
    wave_small_weight: float
    smooth_sd_ratio: float
    smooth_least_count: float
    smooth_least_change: float
    smooth_probability: float


def published_coefficients() -> Coefficients:
    """The coefficients as they ship. Raises TypeError where the file and the fields differ."""
    return Coefficients(**{name: entry.value for name, entry in constants("repetitions").items()})


def log_dimensionless_jerk(means: tuple[float | None, ...], bin_s: float) -> float | None:
    """Smoothness of a movement from its means over bins of `bin_s`; nearer to 0 is smoother.

    -ln(T^3 / v_peak^2 * integral of jerk^2 dt), Balasubramanian et al. 2015, J NeuroEng Rehabil
    12:112 (doi 10.1186/s12984-015-0090-9), eq. 5 with jerk as the second difference of speed.
    Free of unit, amplitude and offset. Comparable only between movements binned alike. None: a
    bin is empty, there are fewer than six, or nothing moved.
    """
    known = [m for m in means if m is not None]
    if len(known) < max(6, len(means)):
        return None
    speed = [(b - a) / bin_s for a, b in pairwise(known)]
    peak = max(abs(v) for v in speed)
    if peak == 0.0:
        return None
    jerk = [
        (c - 2.0 * b + a) / bin_s**2 for a, b, c in zip(speed, speed[1:], speed[2:], strict=False)
    ]
    total = sum(j * j for j in jerk) * bin_s * (len(known) * bin_s) ** 3 / peak**2
    return -log(total) if total > 0.0 else None
