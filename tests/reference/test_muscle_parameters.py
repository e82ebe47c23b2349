"""Muscle parameters as data, and why those of the model package are not used."""

import xml.etree.ElementTree as ET
from csv import DictReader
from pathlib import Path

import pytest
from myo_sim import MODELS_DIR

from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.reference.constants import Status, constants
from lengthwise.reference.muscle_groups import muscle_group_table
from lengthwise.reference.muscle_parameters import muscle_parameter_table, parameters_of
from lengthwise.reference.passive_population import usual_tension
from lengthwise.reference.passive_torque import usual_rests


def _upstream() -> dict[str, tuple[float, float]]:
    """Optimal fibre and tendon slack length of each muscle as MuJoCo reads the package.

    MuJoCo documentation, muscle actuators: the operating length range LR of the whole muscle is
    `range` in optimal lengths, L0 = (LR1 - LR0) / (r1 - r0), LT = LR0 - r0 L0.
    """
    found = {}
    for part in ("torso/assets/myotorso_muscle.xml", "leg/assets/myolegs_muscle.xml"):
        for actuator in ET.parse(MODELS_DIR / part).getroot().iter():
            if "lengthrange" not in actuator.attrib:
                continue
            low_m, high_m = (float(v) for v in actuator.get("lengthrange", "").split())
            r0, r1 = (float(v) for v in actuator.get("gainprm", "").split()[:2])
            fibre_m = (high_m - low_m) / (r1 - r0)
            name = actuator.get("name", "").replace(".", "_").replace("-", "_")
            found[name] = (fibre_m, low_m - r0 * fibre_m)
    return found


def test_upstream_parameters_are_no_anatomy_tendons_below_zero_and_fibres_of_a_metre() -> None:
    """Half of the tendons are shorter than nothing; ours are those of the published model."""
    upstream = _upstream()
    assert len(upstream) == 290
    negative = sum(slack_m < 0.0 for _, slack_m in upstream.values())
    assert negative > 0.45 * len(upstream)
    assert max(fibre_m for fibre_m, _ in upstream.values()) > 1.0
    ours = muscle_parameter_table().values()
    assert min(p.tendon_slack_length_m for p in ours) > 0.0
    assert max(p.optimal_fibre_length_m for p in ours) < 0.35


def test_upstream_fibres_are_seldom_those_of_the_source() -> None:
    upstream = _upstream()
    ratios = [
        upstream[f.muscle][0] / parameters_of(f).optimal_fibre_length_m
        for f in muscle_group_table()
        if f.muscle in upstream
    ]
    close = sum(0.9 < r < 1.1 for r in ratios)
    assert close < 0.4 * len(ratios)


def test_every_fascicle_of_every_group_has_parameters_and_no_row_is_left_over() -> None:
    named = {f.muscle.removesuffix(f"_{f.side.value}") for f in muscle_group_table()}
    assert named == set(muscle_parameter_table())


@pytest.mark.shared_data
def test_parameters_and_neutral_lengths_are_those_of_the_source(shared_data: Path) -> None:
    """The right side of the Pose2Sim model; composite psoas fascicles have those of their Ps_*."""
    folder = shared_data / "muscle_reference"
    with (folder / "muscle_parameters.csv").open(encoding="utf-8") as file:
        rows = [r for r in DictReader(file) if r["model"] == "pose2sim_fullbody"]
    source = {r["muscle"].replace(".", "_").replace("-", "_"): r for r in rows}
    with (folder / "lengths_mm_pose2sim_fullbody.csv").open(encoding="utf-8") as file:
        upright = next(r for r in DictReader(file) if r["pose_id"] == "neutral")
    neutral_mm = {k.replace(".", "_").replace("-", "_"): v for k, v in upright.items()}
    for name, p in muscle_parameter_table().items():
        theirs = name.replace("psoas_composite_", "Ps_") + "_r"
        row = source[theirs]
        assert p.optimal_fibre_length_m == float(row["optimal_fibre_length_m"])
        assert p.tendon_slack_length_m == float(row["tendon_slack_length_m"])
        assert p.pennation_rad == float(row["pennation_rad"])
        assert p.neutral_length_m == pytest.approx(float(neutral_mm[theirs]) / 1000.0, abs=1e-6)


def test_strength_is_the_weight_within_the_group() -> None:
    for fascicle in muscle_group_table():
        assert parameters_of(fascicle).max_isometric_force_n == fascicle.weight_n


def test_lengths_are_those_of_a_body() -> None:
    """The source's whole fascicle holds its tendon, and the shortest fibre is of multifidus."""
    for name, p in muscle_parameter_table().items():
        assert 0.01 < p.optimal_fibre_length_m < 0.35, name
        assert p.tendon_slack_length_m < p.neutral_length_m, name
        assert 0.0 <= p.pennation_rad < 0.45, name


def test_the_population_is_stated_for_every_group_with_a_wide_sd_and_a_source() -> None:
    assert set(usual_tension()) == set(MuscleGroup)
    for group, usual in usual_tension().items():
        assert usual.slack_shift_sd_m >= 0.015, group
        assert abs(usual.slack_shift_m) < 0.05, group
        assert usual.source, group
        if usual.status is not Status.EXPERT_DEFAULT:
            assert usual.source != "expert default", group


def test_rests_are_stated_for_the_joints_that_were_measured() -> None:
    assert set(usual_rests()) == {"hip_flexion", "knee_flexion", "ankle_dorsiflexion"}


@pytest.mark.parametrize("name", sorted(constants("tension")))
def test_constants_lie_in_their_own_range_and_have_a_source(name: str) -> None:
    entry = constants("tension")[name]
    assert entry.low <= entry.value <= entry.high
    assert entry.source
    assert entry.note
    if entry.status is not Status.EXPERT_DEFAULT:
        assert entry.source != "expert default"
