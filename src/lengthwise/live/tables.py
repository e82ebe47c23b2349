"""The files of a session that other programs read: body.csv, tissue.csv, events.jsonl, and
body_smoothed.csv where it is asked for.

An unknown value is an empty cell, never 0.
"""

from collections.abc import Sequence
from math import degrees
from pathlib import Path
from typing import TextIO

import msgspec
import numpy as np

from lengthwise.contracts.coordinates import COORDINATES, Side
from lengthwise.contracts.errors import StorageError
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.session import DecisionLogged, FrameLogged, SessionEvent
from lengthwise.contracts.states import TORQUE_COORDINATES, BodyState, Estimate, TissueState, Unseen
from lengthwise.live.torque_window import TorqueWindowCount
from lengthwise.tissue.told import told_loads, told_strains, told_tensions, told_torques
from lengthwise.vault.files import open_writing_text

BODY_HEADER = ["t_s"]
for _c in COORDINATES:
    BODY_HEADER += [f"{_c.value}_deg", f"{_c.value}_sd_deg"]
BODY_HEADER.append("quality")

_GROUP_COLUMNS = (
    "length_mm",
    "range_fraction",
    "range_fraction_sd",
    "length_sd_mm",
    "window_position",
)
TISSUE_HEADER = ["t_s"]
for _g, _s in GROUP_SIDES:
    TISSUE_HEADER += [f"{_g.value}_{_s.value}_{column}" for column in _GROUP_COLUMNS]
_BORNE = (
    "lumbar_load_l4l5_ratio",
    "lumbar_load_l5s1_ratio",
    "sciatic_strain_l_ratio",
    "sciatic_strain_r_ratio",
    "femoral_strain_l_ratio",
    "femoral_strain_r_ratio",
)
TISSUE_HEADER += ["line_alignment", "selectivity", *_BORNE, *(f"{name}_sd" for name in _BORNE)]
for _g, _s in GROUP_SIDES:
    TISSUE_HEADER += [f"{_g.value}_{_s.value}_tension_n", f"{_g.value}_{_s.value}_tension_sd_n"]
for _c in TORQUE_COORDINATES:
    TISSUE_HEADER += [f"{_c.value}_passive_torque_nm", f"{_c.value}_passive_torque_sd_nm"]
TISSUE_HEADER += ["torque_window_position", "torque_window_position_sd"]


def body_row(state: BodyState) -> list[str]:
    """Cells in the order of BODY_HEADER; only claimed coordinates carry numbers."""
    sd_rad = np.sqrt(np.maximum(np.diagonal(state.covariance_rad2), 0.0))
    cells = [f"{state.t_s:.4f}"]
    for i, unseen in enumerate(state.unseen):
        if unseen is Unseen.CLAIMED:
            cells += [f"{degrees(state.mean_rad[i]):.3f}", f"{degrees(sd_rad[i]):.3f}"]
        else:
            cells += ["", ""]
    cells.append(f"{state.quality:.3f}")
    return cells


def tissue_row(
    state: TissueState, side: Side | None, in_torque: Estimate | None = None
) -> list[str]:
    """Cells in the order of TISSUE_HEADER; `side` is the working side, if there is one.

    `in_torque`: window position of a measured torque.
    """
    cells = [f"{state.t_s:.4f}"]
    for i, claimed in enumerate(state.claimed):
        if not claimed:
            cells += [""] * len(_GROUP_COLUMNS)
            continue
        window = state.window_position[i]
        cells += [
            f"{1e3 * state.length_m[i]:.3f}",
            f"{state.range_fraction[i]:.4f}",
            f"{state.range_fraction_sd[i]:.4f}",
            f"{1e3 * state.length_sd_m[i]:.3f}",
            "" if window is None else f"{window.mean:.4f}",
        ]
    precision = next((p for p in state.precision if p.side is side), None)
    for value in (precision.line_alignment, precision.selectivity) if precision else (None, None):
        cells.append(_cell(value))
    borne = (*told_loads(state), *told_strains(state))
    means, sds = (
        [None if e is None else e.mean for e in borne],
        [None if e is None else e.sd for e in borne],
    )
    return [
        *cells,
        *(_cell(value) for value in (*means, *sds)),
        *_pairs((*told_tensions(state), *told_torques(state))),
        *(_cell(v) for v in ((in_torque.mean, in_torque.sd) if in_torque else (None, None))),
    ]


def _pairs(found: Sequence[Estimate | None]) -> list[str]:
    cells = []
    for e in found:
        cells += ["", ""] if e is None else [f"{e.mean:.2f}", f"{e.sd:.2f}"]
    return cells


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


class SessionTables:
    """Writes the tables of a session as it runs. A full disk becomes one clear line.

    `smoothed`: also a table of what is known afterwards, with the rows of body.csv.
    """

    def __init__(self, folder: Path, *, smoothed: bool = False) -> None:
        self.folder = folder
        self._body = self._open("body.csv", BODY_HEADER)
        self._tissue = self._open("tissue.csv", TISSUE_HEADER)
        self._events = self._open("events.jsonl", None)
        self._smoothed = self._open("body_smoothed.csv", BODY_HEADER) if smoothed else None

    def _open(self, name: str, header: list[str] | None) -> TextIO:
        try:
            file = open_writing_text(self.folder / name)
            if header is not None:
                file.write(",".join(header) + "\n")
        except OSError as cause:
            raise _cannot_write(self.folder / name, cause) from cause
        return file

    def take(self, event: SessionEvent, torque: TorqueWindowCount | None = None) -> None:
        """`torque`: what says the position of a torque that was measured beside a frame."""
        try:
            if isinstance(event, FrameLogged):
                side = event.guidance.side if event.guidance else None
                self._body.write(",".join(body_row(event.body)) + "\n")
                in_torque = None if torque is None else torque.at(event.tissue.t_s)
                self._tissue.write(",".join(tissue_row(event.tissue, side, in_torque)) + "\n")
            elif isinstance(event, DecisionLogged):
                self._events.write(msgspec.json.encode(event.decision).decode() + "\n")
        except OSError as cause:
            raise _cannot_write(self.folder, cause) from cause

    def take_smoothed(self, states: Sequence[BodyState]) -> None:
        if self._smoothed is None:
            return
        try:
            self._smoothed.writelines(",".join(body_row(state)) + "\n" for state in states)
        except OSError as cause:
            raise _cannot_write(self.folder, cause) from cause

    def close(self) -> None:
        """Raises StorageError where the last lines did not fit on the disk."""
        failed: OSError | None = None
        for file in (self._body, self._tissue, self._events, self._smoothed):
            if file is None:
                continue
            try:
                file.close()
            except OSError as cause:
                failed = cause
        if failed is not None:
            raise _cannot_write(self.folder, failed) from failed


def _cannot_write(path: Path, cause: OSError) -> StorageError:
    return StorageError(
        f"writing {path}",
        cause=cause.strerror or str(cause),
        remedy="free some space or choose another --out; what was written before is kept",
    )
