"""The personal window in torque: positions between the torques at the two marks."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import Window
from lengthwise.contracts.session import ObservationLogged
from lengthwise.live.torque_file import MeasuredTorque, read_torque
from lengthwise.live.torque_window import TorqueWindowCount, summary_entry
from lengthwise.reference.exercises import exercise
from lengthwise.report.how_far import RangeReport, TorqueWindow, how_far_html
from lengthwise.tissue.measured_torque import TorqueWindowAbsent

HIP_L = Coordinate.HIP_FLEXION_L
T_S = np.arange(0.0, 20.0, 0.1)


def rising(**changes: object) -> MeasuredTorque:
    """1 N.m a second up to 20 s."""
    return replace(MeasuredTorque(HIP_L, T_S, T_S.copy(), 1.5, 15.0, None), **changes)


def said(kind: SignalKind, t_s: float) -> ObservationLogged:
    return ObservationLogged(PersonSignal(t_s, kind))


def test_positions_are_linear_between_the_torques_at_the_marks() -> None:
    """Worked: 4 and 14 N.m at the marks."""
    count = TorqueWindowCount(rising(first_resistance_s=4.0, tolerance_s=14.0))
    positions = [count.at(t) for t in (4.0, 9.0, 14.0, 16.5)]
    assert [p.mean for p in positions if p] == pytest.approx([0.0, 0.5, 1.0, 1.25])


def test_the_sd_is_that_of_three_torques_and_of_two_words() -> None:
    """Worked, half way: 0.5 N.m of its own; of each mark hypot(0.5, 0.2 s x 1 N.m/s), by half."""
    torque = rising(first_resistance_s=4.0, tolerance_s=14.0, own_sd_nm=0.5)
    half = TorqueWindowCount(torque).at(9.0)
    assert half is not None
    mark_nm = np.hypot(0.5, 0.2)
    assert half.sd == pytest.approx(np.sqrt(0.5**2 + 2 * (0.5 * mark_nm) ** 2) / 10.0)


@given(st.floats(0.2, 10.0))
def test_an_error_of_the_lever_moves_no_position(factor: float) -> None:
    """All torques of a file share it as a factor."""
    marks = {"first_resistance_s": 4.0, "tolerance_s": 14.0}
    here = TorqueWindowCount(rising(resisting_nm=factor * T_S, own_sd_nm=factor, **marks)).at(9.0)
    there = TorqueWindowCount(rising(own_sd_nm=1.0, **marks)).at(9.0)
    assert here is not None and there is not None
    assert (here.mean, here.sd) == pytest.approx((there.mean, there.sd))


def test_nothing_is_told_before_both_marks_are_known() -> None:
    count = TorqueWindowCount(rising())
    assert count.at(9.0) is None
    count.take(said(SignalKind.FIRST_RESISTANCE, 4.0))
    assert count.at(9.0) is None
    count.take(said(SignalKind.TOLERANCE, 14.0))
    here = count.at(9.0)
    assert here is not None and here.mean == pytest.approx(0.5)


def test_the_latest_word_counts_and_the_file_stands_above_it() -> None:
    count = TorqueWindowCount(rising(tolerance_s=14.0))
    for t_s in (2.0, 4.0):
        count.take(said(SignalKind.FIRST_RESISTANCE, t_s))
    count.take(said(SignalKind.TOLERANCE, 19.0))
    here = count.at(9.0)
    assert here is not None and here.mean == pytest.approx(0.5)


def test_without_a_torque_beside_it_a_moment_has_no_position() -> None:
    count = TorqueWindowCount(rising(first_resistance_s=4.0, tolerance_s=14.0))
    assert count.at(25.0) is None


@pytest.mark.parametrize(
    ("marks", "why"),
    [
        ({"tolerance_s": 14.0}, TorqueWindowAbsent.FIRST_NOT_MARKED),
        ({"first_resistance_s": 4.0}, TorqueWindowAbsent.TOLERANCE_NOT_MARKED),
        ({"first_resistance_s": 4.0, "tolerance_s": 40.0}, TorqueWindowAbsent.NO_TORQUE_THERE),
        ({"first_resistance_s": 4.0, "tolerance_s": 4.5}, TorqueWindowAbsent.TOO_CLOSE),
        ({"first_resistance_s": 14.0, "tolerance_s": 4.0}, TorqueWindowAbsent.TOO_CLOSE),
    ],
)
def test_what_is_missing_is_named(marks: dict[str, float], why: TorqueWindowAbsent) -> None:
    found = TorqueWindowCount(rising(**marks)).report()
    assert found is not None and found.absent is why and found.furthest is None
    assert "Not reported" in how_far_html(RangeReport(()), found)
    entry = json.loads(json.dumps(summary_entry(found)))["torque_window"]
    assert entry["absent"] == why.value and entry["furthest_position"] is None


def test_every_reason_has_its_words() -> None:
    for why in TorqueWindowAbsent:
        page = how_far_html(RangeReport(()), TorqueWindow(HIP_L, None, None, absent=why))
        assert "Not reported" in page


def test_without_a_measured_torque_nothing_is_told() -> None:
    count = TorqueWindowCount(None)
    count.take(said(SignalKind.TOLERANCE, 4.0))
    assert count.report() is None and count.at(4.0) is None
    assert summary_entry(None) == {"torque_window": None}


def test_seconds_in_the_window_are_those_of_the_window_in_length() -> None:
    """0.60 to 0.85 between 4 and 14 N.m at 1 N.m/s: 2.5 s, and less of it surely."""
    torque = rising(first_resistance_s=4.0, tolerance_s=14.0)
    about = exercise("supine_hamstring")
    found = TorqueWindowCount(torque, about).report()
    assert found is not None and found.likely_in_window_s == pytest.approx(2.5, abs=0.2)
    assert found.in_window_s is not None and found.in_window_s < found.likely_in_window_s
    wide = (Window(MuscleGroup.HAMSTRINGS, Side.LEFT, low=0.4, high=0.85),)
    wider = TorqueWindowCount(torque, about, wide).report()
    assert wider is not None and wider.likely_in_window_s == pytest.approx(4.5, abs=0.2)
    without = TorqueWindowCount(torque).report()
    assert without is not None and without.likely_in_window_s is None


def test_a_position_beyond_tolerance_is_told_as_it_is() -> None:
    found = TorqueWindowCount(rising(first_resistance_s=4.0, tolerance_s=14.0)).report()
    assert found is not None and found.furthest is not None
    assert found.furthest.mean == pytest.approx(1.59, abs=0.02)
    page = how_far_html(RangeReport(()), found)
    assert "first gentle pull at 4.0" in page and "tolerance at 14.0" in page


def test_a_force_has_its_own_sd_without_the_lever(tmp_path: Path) -> None:
    path = tmp_path / "torque.csv"
    head = "# lever_m=0.4\n# first_resistance_s=0.5\nt_s,hip_flexion_l_force_n\n"
    path.write_text(head + "0,10\n1,12\n2,20\n")
    found = read_torque(path)
    assert found.own_sd_nm == pytest.approx(1.2)
    assert found.sd_nm > found.own_sd_nm
    assert found.first_resistance_s == 0.5
