"""How estimates of the body are judged: statistics of errors, simulated films, and faults."""

from pathlib import Path

import numpy as np
import pytest

from lengthwise.cli.main import main
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate
from lengthwise.contracts.observation import SignalKind
from lengthwise.contracts.states import BodyState, MarkedPose, Unseen
from lengthwise.live.evaluation import body, differences, faults, synthetic, windows
from lengthwise.live.evaluation.delivery import Delivery
from lengthwise.live.evaluation.fault_names import FaultName, Staying
from lengthwise.live.evaluation.fault_tables import is_named
from lengthwise.live.evaluation.statistics import nees, nees_of_claimed
from lengthwise.live.evaluation.track import track_from


def _drawn(count: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Errors drawn from covariances of their own."""
    rng = np.random.default_rng(5)
    root = np.tril(rng.normal(size=(count, size, size))) + 2.0 * np.eye(size)
    error = np.einsum("nij,nj->ni", root, rng.standard_normal((count, size)))
    return error, root @ root.transpose(0, 2, 1)


def test_nees_of_drawn_errors_is_one_per_degree_of_freedom() -> None:
    error, covariance = _drawn(20_000, 5)
    found, freedom = nees(error, covariance)
    assert freedom == 5
    assert found.mean() / freedom == pytest.approx(1.0, abs=0.03)
    assert nees(3.0 * error, covariance)[0].mean() / freedom == pytest.approx(9.0, abs=0.3)


def test_coordinates_that_follow_from_others_add_no_freedom() -> None:
    """A sum of two coordinates says nothing new, and its error nothing worse."""
    error, covariance = _drawn(500, 3)
    derive = np.vstack([np.eye(3), [1.0, 1.0, 0.0]])
    whole, freedom = nees(error @ derive.T, derive @ covariance @ derive.T)
    assert freedom == 3
    assert whole == pytest.approx(nees(error, covariance)[0], rel=1e-4)


def test_only_claimed_coordinates_count_towards_the_joint_error() -> None:
    error, covariance = _drawn(400, 3)
    claimed = np.ones((400, 3), dtype=bool)
    claimed[200:, 0] = False
    error[200:, 0] = 1e6
    total, freedom = nees_of_claimed(error, covariance, claimed)
    assert freedom == 200 * 3 + 200 * 2
    assert total / freedom == pytest.approx(1.0, abs=0.2)
    assert nees_of_claimed(error, covariance, np.zeros((400, 3), dtype=bool)) == (0.0, 0)


def test_what_reading_and_mark_share_cancels_in_their_difference() -> None:
    """Both err by one bias of sd 10 degrees and by 1 degree of their own."""
    hip = Coordinate.HIP_FLEXION_L
    i, k = ANATOMICAL.index(hip), INDEX[hip]
    bias, own = np.radians(10.0) ** 2, np.radians(1.0) ** 2
    mean, covariance = np.zeros(21), np.eye(21) * (bias + own)
    mean[k] = 0.9
    marked = np.zeros(13)
    marked[i] = 0.5
    mark = MarkedPose(
        1.0,
        SignalKind.FIRST_RESISTANCE,
        (),
        marked,
        np.eye(13) * (bias + own),
        np.eye(13) * bias,
        np.empty((0, 13, 13)),
    )
    now = BodyState(2.0, mean, covariance, (Unseen.CLAIMED,) * 21, 1.0)
    found = differences.difference(now, mark, hip)
    assert found.mean == pytest.approx(0.4)
    assert np.degrees(found.sd) == pytest.approx(np.sqrt(2.0))


def test_an_estimate_that_is_the_truth_is_covered_and_unclaimed_ones_are_not_counted() -> None:
    piece = synthetic.Piece("side_bend", 0, stands=False)
    found = synthetic.tallies(piece)
    assert set(found) == set(synthetic.SENSOR_SETS)
    for name, tally in found.items():
        assert (tally.covered <= tally.claimed).all() and (tally.claimed <= tally.frames).all()
        assert np.isfinite(tally.joint).all(), name
    turns = [COORDINATES.index(c) for c in synthetic._TURNS]
    assert all(tally.claimed[turns].sum() == 0 for tally in found.values())
    assert found["4 IMUs"].claimed.sum() > 0


def test_a_lying_person_is_not_seen_standing_from_overhead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Which sensors are asked, not what they make of it."""
    monkeypatch.setattr(synthetic, "estimated", lambda *_, **__: None)
    monkeypatch.setattr(synthetic, "tally", lambda *_: None)
    found = synthetic.tallies(synthetic.Piece("leg_raise", 0, stands=True))
    assert "front" not in found and "side" in found


@pytest.mark.parametrize(
    "name",
    [FaultName.FROZEN_IMU, FaultName.FUTURE_FRAMES, FaultName.MIRRORED, FaultName.DUPLICATES],
)
def test_a_fault_is_named_and_over_when_it_ends(name: FaultName) -> None:
    found = faults.outcome(faults.Piece(0, (name,)))
    assert is_named((name,), found)
    assert found.back_s is not None and found.back_s <= 1.0


def test_what_arrives_within_the_lag_is_all_used() -> None:
    found = faults.outcome(faults.Piece(0, (FaultName.OUT_OF_ORDER,)))
    assert not found.felt and not found.named


def test_a_run_from_a_point_on_the_way_is_the_run_from_the_beginning() -> None:
    clean = faults.clean_run(0)
    point = clean.points[3]
    items = Delivery(faults._LAG_S, point.delivery).all_of(clean.stream[point.at :])
    seen = track_from(clean.params, point.state, items)
    np.testing.assert_array_equal(seen.mean_rad, clean.seen.mean_rad[-len(seen.t_s) :])


def test_without_a_sensor_none_can_fail() -> None:
    camera_only = next(seed for seed in range(4) if len(faults.sensors_of(seed)[0]) == 1)
    assert not faults.can_happen(camera_only, (FaultName.MIRRORED, FaultName.FROZEN_IMU))
    assert not faults.can_happen(camera_only, (Staying.IMU_SLIPPED,))
    assert faults.can_happen(camera_only, (FaultName.MIRRORED, FaultName.DUPLICATES))


def test_back_is_when_nothing_differs_for_a_second() -> None:
    t_s = np.arange(30) / 10
    as_before = np.ones(30, dtype=bool)
    as_before[[2, 3, 4, 6]] = False
    assert faults._back_s(t_s, as_before, 0.4) == pytest.approx(0.3)
    assert faults._back_s(t_s, as_before, 0.75) == 0.0
    assert faults._back_s(t_s, ~as_before, 0.8) is None
    assert faults._back_s(t_s, as_before, 2.5) is None


def test_the_page_says_how_it_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differences, "evaluate", lambda seeds, **_: [])
    target = tmp_path / "page.md"
    words = ["evaluate", "body", "--only", "differences", "--seeds", "3", "--write", str(target)]
    assert main(words) == 0
    assert "`lengthwise evaluate body --only differences --seeds 3`" in target.read_text()


def test_no_seeds_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "body", "--seeds", "0"]) == 2
    told = capsys.readouterr().err.strip()
    assert "allowed: a whole number from 1 to 1000" in told and "\n" not in told


def test_every_section_can_be_asked_for() -> None:
    from lengthwise.cli import evaluate

    assert evaluate._SECTIONS == body.SECTIONS


def test_a_window_seen_without_error_is_found_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person's lunge, held for a third of the time that is evaluated: every reading has a
    position, and most lie within their interval.

    The psoas' may have none: its marks are too close together for what is known of the lumbar
    spine.
    """
    monkeypatch.setattr(windows, "_SHARES", (*windows._SHARES[:-1], (47.0, 0.85)))
    held = {"hold of 45 s": (31.5, 46.5)}
    monkeypatch.setattr(windows, "_READINGS", windows._READINGS | held)
    found = windows.readings_of(windows.Piece("lunge", 1))
    assert {key[2] for key in found} == {"psoas", "iliacus"}
    for key, readings in found.items():
        assert len(readings.error) > 300
        told = np.isfinite(readings.error)
        assert told.all() or (key[2] == "psoas" and not told.any())
        assert (readings.sd[told] > 0.0).all()
        assert 10.0 < readings.window_deg[0] < 15.0
    worn = windows._pooled([r for key, r in found.items() if key[1]])
    assert np.mean(np.abs(worn.error) <= 1.96 * worn.sd) > 0.8
