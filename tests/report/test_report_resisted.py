"""What resisted, on the page: only of marked muscles, as an estimate, with its change in a hold."""

from dataclasses import replace

import msgspec
import numpy as np
from report_reading import ReadPage
from report_sessions import lunge, measured

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import TORQUE_COORDINATES, PassiveTorque
from lengthwise.report.holds import holds
from lengthwise.report.page import build_report
from lengthwise.report.resisted import resisted_html

TIMES = (0.0, 122.0)
SESSION = lunge(step_s=0.5)
HOLDS = holds(SESSION.frames)
HIP_L = Coordinate.HIP_FLEXION_L


def _with(frame: FrameLogged, nm: float, sd_nm: float, *, joint: Coordinate = HIP_L) -> FrameLogged:
    at = np.array([c is joint for c in TORQUE_COORDINATES])
    counted = np.zeros((len(TORQUE_COORDINATES), len(frame.tissue.length_m)), dtype=bool)
    counted[at, GROUP_INDEX[MuscleGroup.PSOAS, Side.LEFT]] = True
    torque = PassiveTorque(
        frozen_array(np.where(at, nm, 0.0)),
        frozen_array(np.where(at, sd_nm, 0.0)),
        frozen_array(at, dtype="bool"),
        frozen_array(counted, dtype="bool"),
    )
    return msgspec.structs.replace(
        frame, tissue=msgspec.structs.replace(frame.tissue, torque=torque)
    )


def _eased(frames: list[FrameLogged]) -> list[FrameLogged]:
    """8 N.m at the beginning of each hold and 6 at its end."""
    out = []
    for frame in frames:
        hold = next((h for h in HOLDS if h.start_s <= frame.body.t_s <= h.end_s), None)
        share = (
            0.0 if hold is None else (frame.body.t_s - hold.start_s) / (hold.end_s - hold.start_s)
        )
        out.append(_with(frame, 8.0 - 2.0 * share, 4.0))
    return out


def test_without_marks_there_is_no_such_part() -> None:
    assert resisted_html(SESSION.frames, TIMES, HOLDS, [HIP_L]) == ""
    assert "What resisted" not in ReadPage(build_report(SESSION)).text


def test_it_is_told_as_an_estimate_with_its_muscles_and_what_the_hold_did() -> None:
    frames = _eased(list(SESSION.frames))
    text = ReadPage(resisted_html(frames, TIMES, HOLDS, [HIP_L])).text
    assert "from your own marks, not measured" in text
    assert "pulled towards “bent”" in text and "by psoas, left" in text
    assert "about 8.0 N·m" in text
    assert "Left hold 1: 7.9 N·m at its beginning, 6.1 at its end: eased by 24 %" in text


def test_a_joint_pulled_the_other_way_says_so_and_stays_above_zero() -> None:
    frames = [_with(f, -12.0, 5.0) for f in SESSION.frames]
    text = ReadPage(resisted_html(frames, TIMES, (), ())).text
    assert "pulled towards “stretched back”" in text and "about 12 N·m" in text


def test_more_at_the_end_of_a_hold_is_not_called_easing() -> None:
    frames = [_with(f, 2.0 + 0.1 * f.body.t_s, 1.0) for f in SESSION.frames]
    assert "eased" not in ReadPage(resisted_html(frames, TIMES, HOLDS, ())).text


def test_what_is_too_unsure_is_not_drawn() -> None:
    frames = [_with(f, 8.0, 30.0) for f in SESSION.frames]
    assert resisted_html(frames, TIMES, HOLDS, ()) == ""


def test_only_joints_that_the_exercise_moves_are_shown_where_it_moves_any() -> None:
    frames = [_with(f, 9.0, 3.0, joint=Coordinate.KNEE_FLEXION_R) for f in SESSION.frames]
    assert resisted_html(frames, TIMES, HOLDS, [HIP_L]) == ""
    assert "Right knee bend" in ReadPage(resisted_html(frames, TIMES, HOLDS, ())).text


def test_a_measured_session_with_marks_has_the_part_too() -> None:
    session = measured()
    frames = [_with(f, 9.0, 3.0) for f in session.frames]
    page = ReadPage(build_report(replace(session, frames=frames))).text
    assert "What resisted" in page and "Left hip bend" in page
