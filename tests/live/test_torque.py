"""A measured torque beside a recording: extensibility and tolerance, two results."""

import json
from math import exp, radians
from pathlib import Path

import numpy as np
import pytest

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.session import FrameLogged, ObservationLogged
from lengthwise.contracts.states import BodyState, TissueState, Unseen
from lengthwise.live.range_results import RangeCount, summary_entries
from lengthwise.live.torque_file import MeasuredTorque, read_torque
from lengthwise.reference.exercises import exercise
from lengthwise.report.how_far import RangeReport, how_far_html
from lengthwise.tissue.measured_torque import RangeAbsent, RangeKind, ramp

HIP_L = Coordinate.HIP_FLEXION_L
_COUNT = len(GROUP_SIDES)
_TISSUE = TissueState(
    0.0, *(frozen_array(np.zeros(_COUNT)) for _ in range(4)), (False,) * _COUNT, (None,) * _COUNT
)


def frame(
    t_s: float, hip_deg: float, *, seen: bool = True, side: Side | None = None
) -> FrameLogged:
    mean = np.zeros(len(COORDINATES))
    mean[INDEX[HIP_L]] = radians(hip_deg)
    unseen = [Unseen.CLAIMED if seen else Unseen.OCCLUDED] * len(COORDINATES)
    body = BodyState(
        t_s,
        frozen_array(mean),
        frozen_array(np.eye(len(COORDINATES)) * radians(2.0) ** 2),
        tuple(unseen),
        1.0,
    )
    guidance = None
    if side is not None:
        guidance = Guidance(
            t_s=t_s, phase=Phase.HOLD, exercise_id="supine_hamstring", side=side, repetition=1,
            repetitions=2, phase_s=0.0, effective_s=0.0, uncertain_s=0.0, hold_target_s=30.0,
            in_window=None, gauge=None, waiting_for=(),
        )  # fmt: skip
    return FrameLogged(body, _TISSUE, guidance)


def resisting_nm(hip_deg: float) -> float:
    """2 N.m at 20 degrees, growing by e every 20: 15 N.m at 60.3 degrees."""
    return 2.0 * exp((hip_deg - 20.0) / 20.0)


def raised(
    *,
    away: float = 1.0,
    standard_nm: float = 15.0,
    tolerance_s: float | None = None,
    seen: bool = True,
    sd_nm: float = 0.0,
) -> RangeReport:
    """A leg raised from 20 to 80 degrees in 12 s after a trial half as far, and let down again."""
    t_s = np.arange(0.0, 30.0, 0.05)
    hip = np.interp(t_s, [0, 5, 8, 10, 22, 26, 30], [20, 50, 20, 20, 80, 20, 20])
    torque = MeasuredTorque(
        HIP_L, t_s, np.array([resisting_nm(h) for h in hip]), sd_nm, standard_nm, tolerance_s
    )
    count = RangeCount(None, torque)
    for t, h in zip(t_s.tolist(), hip.tolist(), strict=True):
        count.take(frame(t, away * h, seen=seen))
    found = count.report()
    assert found is not None
    return found


def degrees_of(found: RangeReport, kind: RangeKind) -> float:
    return float(np.degrees(next(r for r in found.results if r.kind is kind).angle_rad.mean))


def test_extensibility_is_the_angle_at_the_standard_torque() -> None:
    assert degrees_of(raised(), RangeKind.EXTENSIBILITY) == pytest.approx(60.3, abs=0.3)
    assert degrees_of(raised(standard_nm=8.0), RangeKind.EXTENSIBILITY) == pytest.approx(
        47.7, abs=0.3
    )


def test_a_stretch_into_the_negative_direction_reads_the_same_with_the_other_sign() -> None:
    assert degrees_of(raised(away=-1.0), RangeKind.EXTENSIBILITY) == pytest.approx(-60.3, abs=0.3)


def test_tolerance_is_where_the_file_says_and_carries_its_own_torque() -> None:
    found = raised(tolerance_s=20.0)
    borne = next(r for r in found.results if r.kind is RangeKind.TOLERANCE)
    assert np.degrees(borne.angle_rad.mean) == pytest.approx(70.0, abs=0.3)
    assert borne.resisting_nm is not None
    assert borne.resisting_nm.mean == pytest.approx(resisting_nm(70.0), rel=0.02)
    assert degrees_of(found, RangeKind.EXTENSIBILITY) == pytest.approx(60.3, abs=0.3)


def test_the_doubt_of_the_torque_is_doubt_of_the_angle() -> None:
    """1.5 N.m of 15 where it grows by e in 20 degrees: 2 degrees beside the 2 of the angle."""
    sure, unsure = (next(iter(raised(sd_nm=sd).results)).angle_rad.sd for sd in (0.0, 1.5))
    assert np.degrees(sure) == pytest.approx(2.0, abs=0.01)
    assert np.degrees(unsure) == pytest.approx(np.hypot(2.0, 2.0), rel=0.1)


@pytest.mark.parametrize(
    ("standard_nm", "why"),
    [(60.0, RangeAbsent.NOT_REACHED), (1.0, RangeAbsent.FROM_THE_START)],
)
def test_nothing_is_read_beyond_what_was_pulled(standard_nm: float, why: RangeAbsent) -> None:
    found = raised(standard_nm=standard_nm)
    assert found.absent[RangeKind.EXTENSIBILITY] is why
    assert all(r.kind is not RangeKind.EXTENSIBILITY for r in found.results)


def test_an_angle_that_was_not_seen_gives_neither() -> None:
    found = raised(seen=False, tolerance_s=20.0)
    assert found.results == ()
    assert set(found.absent.values()) == {RangeAbsent.NOT_SEEN}


def test_the_way_into_the_stretch_is_the_last_one_and_only_goes_on() -> None:
    angle = np.array([0.0, 0.5, 0.2, 0.0, 0.3, 0.2, 0.6])
    chosen, way = ramp(angle, np.exp(angle))
    assert chosen.tolist() == [3, 4, 6] and way == 1.0
    chosen, way = ramp(-angle, np.exp(angle))
    assert chosen.tolist() == [3, 4, 6] and way == -1.0


def test_without_a_force_only_tolerance_is_told_and_named() -> None:
    count = RangeCount(exercise("supine_hamstring"), None)
    for n in range(100):
        count.take(frame(0.1 * n, 20.0 + 0.5 * n, side=Side.LEFT))
    count.take(ObservationLogged(PersonSignal(9.95, SignalKind.TOLERANCE)))
    found = count.report()
    assert found is not None
    assert [r.kind for r in found.results] == [RangeKind.TOLERANCE]
    assert found.absent == {RangeKind.EXTENSIBILITY: RangeAbsent.NO_FORCE}
    page = how_far_html(found)
    assert "Only tolerance can be" in page and "Left hip bend" in page and "No force" in page
    entries = json.loads(json.dumps(summary_entries(found)))
    assert entries["range_results"][0]["torque_nm"] is None


def test_where_nobody_said_enough_neither_is_told() -> None:
    count = RangeCount(exercise("supine_hamstring"), None)
    count.take(frame(0.0, 20.0, side=Side.LEFT))
    found = count.report()
    assert found is not None and found.results == ()
    assert found.absent[RangeKind.TOLERANCE] is RangeAbsent.NOT_MARKED
    for other in (None, exercise("bird_dog"), exercise("cat_cow")):
        assert RangeCount(other, None).report() is None


def test_every_reason_has_its_words() -> None:
    for kind in RangeKind:
        for why in RangeAbsent:
            if (kind, why) in _NEVER:
                continue
            assert "Not reported" in how_far_html(RangeReport((), {kind: why}))


_NEVER = {
    (RangeKind.TOLERANCE, why)
    for why in (RangeAbsent.NO_FORCE, RangeAbsent.NOT_REACHED, RangeAbsent.FROM_THE_START)
}


def written(folder: Path, text: str) -> Path:
    path = folder / "torque.csv"
    path.write_text(text)
    return path


def test_a_force_becomes_a_torque_by_its_lever(tmp_path: Path) -> None:
    """10 N at 0.4 m: 4 N.m. 3 N x 0.4 m beside 15 N.m / 0.4 m x 0.01 m: sd 1.26."""
    found = read_torque(
        written(tmp_path, "# lever_m=0.4\nt_s,hip_flexion_l_force_n\n0,10\n1,\n2,20\n")
    )
    assert found.resisting_nm.tolist() == pytest.approx([4.0, 8.0])
    assert found.t_s.tolist() == [0.0, 2.0]
    assert found.standard_nm == 15.0
    assert found.sd_nm == pytest.approx(np.hypot(1.2, 0.375))
    assert read_torque(tmp_path / "torque.csv", standard_nm=20.0).standard_nm == 20.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("t_s,hip_flexion_l_force_n\n0,1\n1,2\n", "lever_m"),
        ("t_s,hip_l_torque_nm\n0,1\n1,2\n", "hip_flexion_l"),
        ("t_s,hip_flexion_l_torque_nm,knee_flexion_l_torque_nm\n0,1,1\n1,2,2\n", "one joint"),
        ("t_s,hip_flexion_l_torque_nm\n0,1\n0,2\n", "later than"),
        ("t_s,hip_flexion_l_torque_nm\n0,1\n1,900\n", "unit"),
        ("t_s,hip_flexion_l_torque_nm\n0,1\n1,x\n", "number"),
        ("t_s,hip_flexion_l_torque_nm\n0,1\n", "two or more"),
        ("# standard_nm=much\nt_s,hip_flexion_l_torque_nm\n0,1\n1,2\n", "standard_nm"),
        ("# lever_m=40\nt_s,hip_flexion_l_force_n\n0,1\n1,2\n", "0.02 to 2"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(InputError, match=says) as refused:
        read_torque(written(tmp_path, text))
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="torque"):
        read_torque(tmp_path / "none.csv")
