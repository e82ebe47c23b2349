"""Up in an inertial sensor, from the bytes of its radio to the body's own inertial part."""

from math import cos, pi, sin
from pathlib import Path

import numpy as np
import pytest

from lengthwise.contracts.errors import InputError
from lengthwise.live.evaluation.orientation import (
    BROAD,
    RADIOS,
    RMSE_DEG,
    Radio,
    Trial,
    evaluate,
    judged,
    page,
    read_trial,
)

RATE_HZ = 100.0
G = 9.81


def leaning(seconds: float = 90.0) -> Trial:
    """A sensor that leans to and fro about its y axis by 30 degrees, once in five seconds."""
    rows = []
    noise = np.random.default_rng(5).normal(0.0, 0.005, (round(seconds * RATE_HZ), 6))
    for n in range(round(seconds * RATE_HZ)):
        t_s = n / RATE_HZ
        angle = pi / 6 * sin(2 * pi * 0.2 * t_s)
        turn = pi / 6 * 2 * pi * 0.2 * cos(2 * pi * 0.2 * t_s)
        rows.append((0.0, turn, 0.0, -sin(angle), 0.0, cos(angle)))
    found = np.array(rows)
    up = found[:, 3:]
    return Trial(
        "leaning", RATE_HZ, found[:, :3] + noise[:, :3], G * up + noise[:, 3:], up,
        np.ones(len(up), dtype=bool),
    )  # fmt: skip


def test_what_arrives_whole_is_known_all_the_time_and_nearly_exact() -> None:
    found = judged(leaning(), RADIOS[0], 1)
    assert found.rmse < 0.3 and found.known > 0.98 and found.lost == 0.0
    assert found.after == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_tenth_that_is_lost_costs_little_and_an_outage_is_made_up_within_a_second(
    seed: int,
) -> None:
    lossy = judged(leaning(), RADIOS[1], seed)
    assert 0.08 < lossy.lost < 0.12
    assert lossy.rmse < 0.4
    gone = judged(leaning(), RADIOS[2], seed)
    assert len(gone.after) == 2
    assert max(gone.after) < 2.0
    assert max(gone.back_s) < 1.0
    assert gone.known < 0.9


def test_more_that_is_lost_is_less_that_is_known() -> None:
    known = [
        judged(leaning(), Radio("", lost, outage), 3).known
        for lost, outage in ((0.0, 0.0), (0.1, 5.0), (0.1, 15.0))
    ]
    assert known[0] > known[1] > known[2]


@pytest.mark.shared_data
def test_the_chain_is_as_true_on_broad_as_the_filter_alone(shared_data: Path) -> None:
    """Without a magnetometer VQF has 0.72 degrees of inclination over all of BROAD; 0.60 on this
    trial, of which the radio's bytes, its clock and what is lost cost nothing that shows."""
    trial = read_trial(shared_data / BROAD / "01_undisturbed_slow_rotation_A.npz")
    found = judged(trial, RADIOS[0], 1)
    assert found.rmse <= RMSE_DEG
    assert found.rmse == pytest.approx(0.60, abs=0.05)
    lossy = judged(trial, RADIOS[2], 1)
    assert max(lossy.after) <= 2.0


@pytest.mark.shared_data
def test_a_sensor_that_is_thrown_to_and_fro_is_not_told_before_it_is_known(
    shared_data: Path,
) -> None:
    """Begun anew in the middle of a movement, the filter is up to 13 degrees off after half a
    second and 7 after one. Readings that repeat for 10 ms, which this recording has, begin nothing
    anew."""
    trial = read_trial(shared_data / BROAD / "10_undisturbed_slow_translation_A.npz")
    assert judged(trial, RADIOS[0], 1).rmse == pytest.approx(0.30, abs=0.05)
    lossy = judged(trial, RADIOS[2], 1)
    assert len(lossy.after) >= 3
    assert max(lossy.after) <= 2.0


def test_without_its_recordings_it_says_where_they_belong(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--data"):
        evaluate(tmp_path)


def test_the_page_says_what_it_was_made_by() -> None:
    assert "Made by `lengthwise evaluate orientation`" in page(
        [], "lengthwise evaluate orientation"
    )
