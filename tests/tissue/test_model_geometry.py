"""What the anatomical model gets wrong, between two marks and beside the way between them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fake_anatomy import MODEL, usual_bounds
from postures_of_body import anatomical_rad

from lengthwise.contracts.coordinates import ANATOMICAL, Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.reference.constants import constant
from lengthwise.tissue import moments
from lengthwise.tissue.groups import GroupLengths
from lengthwise.tissue.moments import Moment, geometry_covariance_m2
from lengthwise.tissue.window import position_of

ROW = GROUP_INDEX[MuscleGroup.HAMSTRINGS, Side.RIGHT]
TYPICAL_M = usual_bounds().typical_slope_m[ROW]
GROUPS = GroupLengths.over(MODEL)
SCRIPT = Path(__file__).parents[2] / "bench" / "model_geometry.py"


def leg(hip_deg: float, knee_deg: float = 0.0) -> np.ndarray:
    return anatomical_rad(hip_flexion_r=hip_deg, knee_flexion_r=knee_deg)


def moment(posture_rad: np.ndarray) -> Moment:
    _, arms_m = GROUPS.lengths_and_slopes(posture_rad)
    return Moment(posture_rad, arms_m[ROW], np.ones(len(ANATOMICAL), dtype=bool))


def length_m(posture_rad: np.ndarray) -> float:
    return float(GROUPS.lengths_m(posture_rad)[ROW])


def stated(*postures_rad: np.ndarray, carried_m: float | None = None) -> float:
    """Sd of the position of the first posture between the second and the third."""
    there = [moment(q) for q in (postures_rad if carried_m is None else postures_rad[:2])]
    found = geometry_covariance_m2(ROW, there, typical_arms_m=TYPICAL_M, carried_m=carried_m)
    now_m, first_m, last_m = (length_m(q) for q in postures_rad)
    return position_of(now_m, first_m, last_m, found)[1]


@pytest.mark.parametrize("now", [leg(60.0), leg(60.0, 12.0)], ids=["on the way", "knee bent"])
def test_the_stated_sd_is_that_of_drawn_models(now: np.ndarray) -> None:
    """5,000 models, each off by a level, by arms that are off everywhere and by a hundred waves (of
    frequencies as in Matern 3/2: Student's t with three degrees of freedom), all by half as much
    as stated, so that errors of the way do not bend the quotient."""
    whole, rough = (
        constant("tissue", f"geometry_{name}_hamstrings") for name in ("sd_m", "change_sd_m")
    )
    slow, reach = np.sqrt(whole**2 - rough**2), constant("tissue", "geometry_posture_rad")
    at = np.array([now, leg(40.0), leg(70.0)])
    points = at * TYPICAL_M / TYPICAL_M.max() / reach
    draws, waves, rng = 5_000, 100, np.random.default_rng(5)
    level = slow * rng.normal(size=(draws, 1))
    arms = slow * np.sqrt(3.0) * rng.normal(size=(draws, points.shape[1])) @ points.T
    turns = rng.normal(size=(draws, waves, points.shape[1]))
    turns /= np.sqrt(rng.chisquare(3, (draws, waves, 1)) / 3.0)
    phases = rng.uniform(0.0, 2.0 * np.pi, (draws, waves, 1))
    changes = rough * np.sqrt(2.0 / waves) * np.cos(turns @ points.T + phases).sum(axis=1)
    wrong = level + arms + changes
    lengths = np.array([length_m(q) for q in at]) + 0.5 * wrong
    read = (lengths[:, 0] - lengths[:, 1]) / (lengths[:, 2] - lengths[:, 1])
    assert 0.5 * stated(*at) == pytest.approx(read.std(), rel=0.1)


def test_arms_that_are_off_everywhere_cancel_on_the_way_and_tell_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moments, "_GEOMETRY_CHANGE_SD_M", np.zeros_like(moments._GEOMETRY_SD_M))
    marks = leg(40.0), leg(70.0)
    assert stated(leg(60.0), *marks) < 0.005
    assert stated(leg(60.0, 10.0), *marks) > 0.03


def test_more_of_the_error_that_changes_never_makes_the_way_surer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = []
    for share in (0.0, 0.3, 0.6, 1.0):
        changes = share * moments._GEOMETRY_SD_M
        monkeypatch.setattr(moments, "_GEOMETRY_CHANGE_SD_M", changes)
        found.append(stated(leg(60.0), leg(40.0), leg(70.0)))
    assert found == sorted(found)


def test_a_carried_tolerance_lies_where_the_way_leads() -> None:
    way_m = length_m(leg(70.0)) - length_m(leg(40.0))
    marked = stated(leg(60.0), leg(40.0), leg(70.0))
    carried = stated(leg(60.0), leg(40.0), leg(70.0), carried_m=way_m)
    assert carried == pytest.approx(marked, rel=0.1)


@pytest.mark.shared_data
def test_the_differences_from_two_references_are_covered(shared_data: Path) -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT, shared_data / "muscle_reference"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "covered by the stated sd" in done.stdout
