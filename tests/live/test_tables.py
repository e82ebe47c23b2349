"""The session's tables: an unknown value is an empty cell, never a number."""

import csv
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.errors import StorageError
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import (
    BodyState,
    Estimate,
    LevelLoad,
    LumbarLoad,
    NerveStrain,
    Precision,
    SideStrain,
    TissueState,
    Unseen,
)
from lengthwise.live.tables import BODY_HEADER, TISSUE_HEADER, SessionTables, body_row, tissue_row


def body(claimed: set[Coordinate]) -> BodyState:
    n = len(COORDINATES)
    return BodyState(
        t_s=1.5,
        mean_rad=frozen_array(np.linspace(-1, 1, n)),
        covariance_rad2=frozen_array(np.eye(n) * 0.01),
        unseen=tuple(Unseen.CLAIMED if c in claimed else Unseen.VIEW for c in COORDINATES),
        quality=0.5,
    )


def tissue(claimed: set[tuple[MuscleGroup, Side]]) -> TissueState:
    n = len(GROUP_SIDES)
    hams = GROUP_INDEX[MuscleGroup.HAMSTRINGS, Side.LEFT]
    windows: list[Estimate | None] = [None] * n
    windows[hams] = Estimate(0.7, 0.05)
    return TissueState(
        t_s=1.5,
        length_m=frozen_array(np.full(n, 0.4)),
        length_sd_m=frozen_array(np.full(n, 0.002)),
        range_fraction=frozen_array(np.full(n, 0.6)),
        range_fraction_sd=frozen_array(np.full(n, 0.03)),
        claimed=tuple(gs in claimed for gs in GROUP_SIDES),
        window_position=tuple(windows),
        precision=(Precision(Side.LEFT, 0.9, 0.5), Precision(Side.RIGHT, None, None)),
    )


def test_only_claimed_coordinates_carry_numbers() -> None:
    row = dict(zip(BODY_HEADER, body_row(body({Coordinate.KNEE_FLEXION_L})), strict=True))
    filled = {name for name, cell in row.items() if cell}
    assert filled == {"t_s", "quality", "knee_flexion_l_deg", "knee_flexion_l_sd_deg"}
    expected_deg = np.degrees(
        np.linspace(-1, 1, len(COORDINATES))[INDEX[Coordinate.KNEE_FLEXION_L]]
    )
    assert float(row["knee_flexion_l_deg"]) == pytest.approx(expected_deg, abs=1e-3)
    assert float(row["knee_flexion_l_sd_deg"]) == pytest.approx(np.degrees(0.1), abs=1e-3)


def test_only_known_muscles_carry_numbers() -> None:
    known = (MuscleGroup.HAMSTRINGS, Side.LEFT)
    row = dict(zip(TISSUE_HEADER, tissue_row(tissue({known}), Side.LEFT), strict=True))
    filled = {name for name, cell in row.items() if cell}
    assert filled == {
        "t_s",
        "hamstrings_l_length_mm",
        "hamstrings_l_range_fraction",
        "hamstrings_l_range_fraction_sd",
        "hamstrings_l_length_sd_mm",
        "hamstrings_l_window_position",
        "line_alignment",
        "selectivity",
    }
    assert float(row["hamstrings_l_length_mm"]) == pytest.approx(400.0)


def _level(ratio: Estimate) -> LevelLoad:
    return LevelLoad(ratio, Estimate(600.0, 100.0), None)


def test_loads_and_strains_stand_beside_their_sd_and_are_empty_where_too_unsure() -> None:
    sure, unsure = Estimate(0.02, 0.004), Estimate(0.02, 0.03)
    state = replace(
        tissue(set()),
        lumbar=LumbarLoad(l4l5=_level(Estimate(2.7, 0.68)), l5s1=_level(Estimate(1.2, 0.6))),
        nerve=NerveStrain(
            left=SideStrain(sure, unsure, 0.01, True), right=SideStrain(unsure, sure, 0.0, True)
        ),
    )
    row = dict(zip(TISSUE_HEADER, tissue_row(state, Side.LEFT), strict=True))
    assert (row["lumbar_load_l4l5_ratio"], row["lumbar_load_l4l5_ratio_sd"]) == ("2.7000", "0.6800")
    assert row["lumbar_load_l5s1_ratio"] == row["lumbar_load_l5s1_ratio_sd"] == ""
    assert (row["sciatic_strain_l_ratio"], row["sciatic_strain_r_ratio"]) == ("0.0200", "")
    assert (row["femoral_strain_l_ratio"], row["femoral_strain_r_ratio_sd"]) == ("", "0.0040")
    without = dict(zip(TISSUE_HEADER, tissue_row(tissue(set()), Side.LEFT), strict=True))
    assert {v for k, v in without.items() if "load" in k or "strain" in k} == {""}


def test_precision_belongs_to_the_working_side() -> None:
    row = dict(zip(TISSUE_HEADER, tissue_row(tissue(set()), Side.RIGHT), strict=True))
    assert row["selectivity"] == "" and row["line_alignment"] == ""


def test_files_have_one_row_a_frame(tmp_path: Path) -> None:
    tables = SessionTables(tmp_path)
    for _ in range(3):
        tables.take(FrameLogged(body(set()), tissue(set()), None))
    tables.close()
    for name, header in (("body.csv", BODY_HEADER), ("tissue.csv", TISSUE_HEADER)):
        with (tmp_path / name).open() as file:
            rows = list(csv.reader(file))
        assert rows[0] == header
        assert [len(r) for r in rows] == [len(header)] * 4


def test_a_full_disk_is_one_clear_line(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full to stand for a full disk")
    (tmp_path / "body.csv").symlink_to(full)
    tables = SessionTables(tmp_path)
    with pytest.raises(StorageError, match="No space left"):
        for _ in range(100):
            tables.take(FrameLogged(body(set()), tissue(set()), None))
        tables.close()
