"""Two sensors beside one joint: what they feel in common tells how the one is inclined, however
both are accelerated and whatever their headings."""

from math import degrees, radians, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation
from two_links import Link, links

from lengthwise.body import imu_swing
from lengthwise.body.imu_swing import Side, Swing, shared_up

RATE_HZ, SD_M = 100.0, 0.07
KNOWN_M, SOUGHT_M = np.array([0.08, 0.09, -0.08]), np.array([0.0, 0.02, 0.2])
SEEDS = st.integers(0, 10_000)


def swung(
    link: Link,
    axes: Rotation,
    *,
    until_s: float = 1.0,
    from_s: float = 0.0,
    off: np.ndarray | None = None,
) -> Swing:
    """`axes`: world to those of the gyroscope; `off` (n, 3) m/s2 that skin adds, in the world."""
    swing = Swing()
    for n in range(round((until_s - from_s) * RATE_HZ) + 1):
        t_s = from_s + n / RATE_HZ
        carried = axes * link.rot(t_s)
        x, y, z, w = carried.as_quat().tolist()
        force = carried.apply(link.force_m_s2(t_s))
        if off is not None:
            force = force + axes.apply(off[n])
        a, b, c = force.tolist()
        p, q, r = link.turn_rad_s(t_s).tolist()
        swing = imu_swing.more(swing, t_s, carried=(w, x, y, z), force=(a, b, c), turn=(p, q, r))
    return swing


def up_in(axes: Rotation) -> tuple[float, float, float]:
    x, y, z = axes.apply([0.0, 0.0, 1.0]).tolist()
    return x, y, z


def off_deg(found: object, axes: Rotation) -> float:
    return degrees(np.arccos(np.clip(np.dot(np.asarray(found), up_in(axes)), -1.0, 1.0)))


def told(
    seed: int,
    *,
    expected_m: tuple[np.ndarray, np.ndarray] = (KNOWN_M, SOUGHT_M),
    true_m: tuple[np.ndarray, np.ndarray] = (KNOWN_M, SOUGHT_M),
    size_m: float = 0.1,
    off: np.ndarray | None = None,
    sd_m: float = SD_M,
) -> tuple[float, float]:
    """Error and sd (degrees) of a sensor that swings for a second."""
    rng = np.random.default_rng(seed)
    known, sought = links(rng, true_m, size_m)
    axes = Rotation.from_quat(rng.standard_normal(4)), Rotation.from_quat(rng.standard_normal(4))
    swings = swung(known, axes[0]), swung(sought, axes[1], off=off)
    sides = (Side(s, m, sd_m) for s, m in zip(swings, expected_m, strict=True))
    found = shared_up(*sides, up=up_in(axes[0]))
    assert found is not None
    return off_deg(found[0], axes[1]), degrees(sqrt(found[1]))


@given(SEEDS)
@settings(max_examples=15)
def test_two_rigid_links_tell_up_exactly(seed: int) -> None:
    """A second with several m/s2: the mean of what was felt alone would be degrees off."""
    assert told(seed)[0] < 0.15


@given(SEEDS)
@settings(max_examples=8)
def test_a_joint_that_rests_tells_gravity_alone(seed: int) -> None:
    assert told(seed, size_m=0.0)[0] < 0.3


def test_what_the_mean_of_a_second_would_tell_is_off() -> None:
    """Of the same links, so that the law above is no law of links that hardly move."""
    errors = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        _, sought = links(rng, (KNOWN_M, SOUGHT_M))
        axes = Rotation.identity()
        x, y, z = swung(sought, axes).velocity
        errors.append(off_deg(np.array([x, y, z]) / np.linalg.norm([x, y, z]), axes))
    assert np.median(errors) > 2.0


def test_the_sd_is_that_of_levers_and_skin() -> None:
    """Levers drawn as they are doubted, and skin that trembles by 0.1 m/s within a tenth of a
    second: 0.95 within 1.73 of it would be truthful (both ways that up can be off)."""
    errors, sds = [], []
    for seed in range(100, 160):
        rng = np.random.default_rng([seed, 1])
        true_m = tuple(m + SD_M * rng.standard_normal(3) for m in (KNOWN_M, SOUGHT_M))
        skin_m_s = np.cumsum(rng.standard_normal((110, 3)), axis=0)
        skin_m_s = skin_m_s[9:] - np.array([skin_m_s[n : n + 10].mean(axis=0) for n in range(101)])
        skin_m_s *= 0.1 / skin_m_s.std()
        off = np.gradient(skin_m_s, axis=0) * RATE_HZ
        error, sd = told(seed, true_m=(true_m[0], true_m[1]), off=off)
        errors.append(error)
        sds.append(sd)
    ratio = np.array(errors) / np.array(sds)
    assert np.mean(ratio <= 1.73) >= 0.93
    assert np.sqrt(np.mean(ratio**2)) > 0.3
    assert np.median(sds) < 4.0


@given(SEEDS, st.floats(-2.0, 2.0), st.floats(-2.0, 2.0), st.floats(-3.0, 3.0))
@settings(max_examples=8)
def test_axes_of_a_gyroscope_are_as_good_as_any(seed: int, a: float, b: float, c: float) -> None:
    known, sought = links(np.random.default_rng(seed), (KNOWN_M, SOUGHT_M))
    turn = Rotation.from_rotvec([a, b, c])
    here = Side(swung(known, Rotation.identity()), KNOWN_M, SD_M)
    plain = shared_up(here, Side(swung(sought, Rotation.identity()), SOUGHT_M, SD_M), (0, 0, 1))
    turned = shared_up(here, Side(swung(sought, turn), SOUGHT_M, SD_M), (0, 0, 1))
    assert plain is not None and turned is not None
    assert turned[0] == pytest.approx(turn.apply(plain[0]), abs=1e-6)
    assert turned[1] == pytest.approx(plain[1], rel=1e-4)


def test_a_lever_that_is_not_known_is_doubted() -> None:
    """It costs certainty, by links that turn a lot."""
    sure = [told(seed, sd_m=0.01)[1] for seed in range(5)]
    unsure = [told(seed, sd_m=0.2)[1] for seed in range(5)]
    assert all(a < b for a, b in zip(sure, unsure, strict=True))


def test_too_little_in_common_tells_nothing() -> None:
    known, sought = links(np.random.default_rng(1), (KNOWN_M, SOUGHT_M))
    whole = Side(swung(known, Rotation.identity()), KNOWN_M, SD_M)
    for swing in (
        swung(sought, Rotation.identity(), until_s=0.3),
        swung(sought, Rotation.identity(), from_s=0.8, until_s=1.8),
        Swing(),
    ):
        assert shared_up(whole, Side(swing, SOUGHT_M, SD_M), (0.0, 0.0, 1.0)) is None
    half = Side(swung(sought, Rotation.identity(), until_s=0.6), SOUGHT_M, SD_M)
    assert shared_up(whole, half, (0.0, 0.0, 1.0)) is not None


def test_the_sum_of_a_fall_by_hand() -> None:
    """At rest 9.81 m/s2 sum up with time; moments come each 50 ms and the oldest are let go."""
    swing = Swing()
    for n in range(301):
        swing = imu_swing.more(
            swing,
            n / RATE_HZ + 0.003,
            carried=(1.0, 0.0, 0.0, 0.0),
            force=(0.0, 0.0, 9.81),
            turn=(0.0, 0.0, 0.0),
        )
    first, last = swing.moments[0], swing.moments[-1]
    assert last.at == 60 and len(swing.moments) == 30
    assert last.velocity[2] - first.velocity[2] == pytest.approx(29 * 0.05 * 9.81)
    assert last.velocity[2] == pytest.approx((3.0 - 0.003) * 9.81)


@given(st.floats(20.0, 300.0), st.floats(20.0, 300.0))
@settings(max_examples=20)
def test_sensors_of_any_rate_meet_at_the_same_moments(one_hz: float, other_hz: float) -> None:
    def run(rate_hz: float) -> Swing:
        swing = Swing()
        for n in range(round(rate_hz)):
            t_s = n / rate_hz
            swing = imu_swing.more(
                swing,
                t_s,
                carried=(1.0, 0.0, 0.0, 0.0),
                force=(2.0 * t_s, 0.0, 9.81),
                turn=(radians(10.0) * t_s, 0.0, 0.0),
            )
        return swing

    one, other = run(one_hz), run(other_hz)
    of_other = {moment.at: moment for moment in other.moments}
    shared = [(m, of_other[m.at]) for m in one.moments if m.at in of_other]
    assert len(shared) >= 17
    for a, b in shared:
        assert a.velocity == pytest.approx(b.velocity, abs=1e-2)
        assert a.turn == pytest.approx(b.turn, abs=1e-9)
