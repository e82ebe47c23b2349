"""Driver and writer for `landmarks.csv`: pose landmarks of one person in image and world units.

Header comments (all optional): `image_width_px`, `image_height_px` (else the smallest usual size
that holds the first rows), `fps`, `view`, `mirrored`, `posture`, `pose_model` (else unknown),
`started_utc`. Columns: `t_s` and for each BlazePose landmark `<name>_x_px`, `_y_px`,
`_image_z_px`, `_visibility`, optionally `_world_x_m`, `_world_y_m`, `_world_z_m`; optionally
`person_count`, and `audit` (1 in rows that the second pose model found, declared as `audit_model`).
An empty position means that the landmark was not reported; a reported landmark
whose visibility is empty counts as visible (1), as nothing says otherwise.
"""

import math
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import numpy as np

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import (
    LANDMARKS,
    AuditFrame,
    CameraStream,
    LandmarkFrame,
    PoseModel,
    Posture,
    RecordingHeader,
    Rejection,
    RejectionReason,
    View,
)
from lengthwise.sensing import csv_rows
from lengthwise.sensing.csv_rows import Fault
from lengthwise.sensing.driver import Manifest, OpenOptions

_KIND = "landmarks.csv"
_IMAGE = ("x_px", "y_px", "image_z_px", "visibility")
_WORLD = ("world_x_m", "world_y_m", "world_z_m")
_MIRRORED = {"yes": True, "no": False, "unknown": None}
_USUAL_SIZES_PX = ((640, 480), (1280, 720), (1920, 1080), (3840, 2160), (7680, 4320))
_FIRST_ROWS = 300
_FARTHEST_PX = 1e6
_FARTHEST_M = 100.0
_VISIBILITY_SLACK = 0.01

IMAGE_COLUMNS: tuple[str, ...] = tuple(f"{name}_{part}" for name in LANDMARKS for part in _IMAGE)
WORLD_COLUMNS: tuple[str, ...] = tuple(f"{name}_{part}" for name in LANDMARKS for part in _WORLD)


class LandmarksCsvDriver:
    """Reads `landmarks.csv`."""

    manifest = Manifest(
        name="landmarks_csv", reads="landmarks.csv (pose landmarks)", streams=("camera",)
    )

    def accepts(self, path: Path) -> bool:
        if not path.is_file() or path.suffix.lower() not in (".csv", ".txt"):
            return False
        try:
            columns = csv_rows.read_head(path, kind=_KIND).columns
        except InputError:
            return path.name.lower().startswith("landmarks")
        return any(c in columns for c in IMAGE_COLUMNS) or path.name == _KIND

    def open(self, path: Path, options: OpenOptions) -> "LandmarksCsvRecording":
        return LandmarksCsvRecording(path, options)


DRIVER = LandmarksCsvDriver()


class LandmarksCsvRecording:
    """An open `landmarks.csv`, read line by line."""

    def __init__(self, path: Path, options: OpenOptions) -> None:
        self._path = path
        self._head = csv_rows.read_head(path, kind=_KIND)
        self._world = any(name in self._head.columns for name in WORLD_COLUMNS)
        wanted = ("t_s", *IMAGE_COLUMNS, *(WORLD_COLUMNS if self._world else ()))
        csv_rows.require_columns(self._head, wanted, path, kind=_KIND)
        if next(csv_rows.rows(path, self._head), None) is None:
            raise csv_rows.unusable(path, _KIND, "no rows")
        at = self._head.index()
        self._t_at = at["t_s"]
        self._image_at = [at[name] for name in IMAGE_COLUMNS]
        self._world_at = [at[name] for name in WORLD_COLUMNS] if self._world else []
        self._count_at = at.get("person_count")
        self._audit_at = at.get("audit")
        self._notes: tuple[str, ...] = ()
        self._stream = self._declared_stream(options)
        self.header = RecordingHeader(
            name=path.name,
            driver=DRIVER.manifest.name,
            streams=(self._stream,),
            duration_s=csv_rows.last_time_s(path, self._head),
            observation_count=csv_rows.count_lines(path, self._head),
            started_utc=self._head.declared.get("started_utc") or None,
            simulated=self._stream.pose_model is PoseModel.SIMULATED,
            notes=self._notes,
        )

    def read(self) -> Iterator[LandmarkFrame | AuditFrame | Rejection]:
        last_s: dict[bool, float] = {}
        for row in csv_rows.rows(self._path, self._head):
            audit = self._is_audit(row)
            t_s, fault = csv_rows.row_time(row, self._t_at, last_s.get(audit))
            if fault is not None or row.cells is None:
                yield _rejected(t_s, *(fault or (RejectionReason.UNDECODABLE, "")))
                continue
            last_s[audit] = t_s
            try:
                frame, doubt = self._frame(t_s, row.cells)
            except ValueError as cause:
                yield _rejected(t_s, RejectionReason.UNDECODABLE, f"line {row.line}: {cause}")
                continue
            if doubt is not None:
                yield _rejected(t_s, doubt[0], f"line {row.line}: {doubt[1]}")
            if frame.present.any():
                yield AuditFrame(frame) if audit else frame
            elif doubt is None:
                yield _rejected(t_s, RejectionReason.NO_PERSON, f"line {row.line}: no landmark")

    def close(self) -> None:
        """Nothing is held open between reads."""

    def _is_audit(self, row: csv_rows.Row) -> bool:
        if self._audit_at is None or row.cells is None:
            return False
        return row.cells[self._audit_at].strip() not in ("", "0")

    def _frame(self, t_s: float, cells: list[str]) -> tuple[LandmarkFrame, Fault | None]:
        """The frame, and what of it could not be used. Raises ValueError for a non-number."""
        values, empty = csv_rows.numbers([cells[i] for i in self._image_at])
        image, blank = values.reshape(33, 4), empty.reshape(33, 4)
        reported = ~blank[:, :3].any(axis=1)
        visibility = np.where(blank[:, 3], 1.0, image[:, 3])
        stated = np.column_stack([image[:, :3], visibility])
        finite = np.isfinite(stated).all(axis=1)
        with np.errstate(invalid="ignore"):
            inside = (np.abs(image[:, :3]) <= _FARTHEST_PX).all(axis=1) & (
                np.abs(visibility - 0.5) <= 0.5 + _VISIBILITY_SLACK
            )
        present = reported & finite & inside
        frame = LandmarkFrame(
            t_s=t_s,
            xy_px=frozen_array(np.where(present[:, None], image[:, :2], 0.0)),
            image_z_px=frozen_array(np.where(present, image[:, 2], 0.0)),
            visibility=frozen_array(np.where(present, np.clip(visibility, 0.0, 1.0), 0.0)),
            present=frozen_array(present, dtype="?"),
            world_m=self._world_m(cells, present),
            person_count=self._person_count(cells),
        )
        if (reported & ~finite).any():
            return frame, (RejectionReason.NON_FINITE, _named(reported & ~finite))
        if (reported & ~inside).any():
            return frame, (RejectionReason.OUT_OF_RANGE, _named(reported & ~inside))
        return frame, None

    def _world_m(self, cells: list[str], present: np.ndarray) -> np.ndarray | None:
        """World landmarks (33, 3), None unless each present landmark has one."""
        if not self._world_at:
            return None
        values, _ = csv_rows.numbers([cells[i] for i in self._world_at])
        world = values.reshape(33, 3)
        with np.errstate(invalid="ignore"):
            usable = (np.abs(world) <= _FARTHEST_M).all(axis=1)
        if not usable[present].all():
            return None
        return frozen_array(np.where((usable & present)[:, None], world, 0.0))

    def _person_count(self, cells: list[str]) -> int:
        if self._count_at is None:
            return 1
        value = csv_rows.number(cells[self._count_at])
        if value is None:
            return 1
        if not (0 <= value <= 1000 and value == int(value)):
            raise ValueError(f"person_count {value:g}")
        return int(value)

    def _declared_stream(self, options: OpenOptions) -> CameraStream:
        declared, path = self._head.declared, self._path
        width = csv_rows.declared_number(declared, "image_width_px", path, low=1, high=1e5)
        height = csv_rows.declared_number(declared, "image_height_px", path, low=1, high=1e5)
        if width is None or height is None:
            size = self._smallest_usual_size()
            self._notes += (f"image size is not stated: {size[0]} x {size[1]} px is taken",)
            width, height = width or size[0], height or size[1]

        def word(key: str, choices: Iterable[str]) -> str:
            return csv_rows.declared_choice(
                declared, key, path, choices=tuple(choices), default="unknown"
            )

        mirrored = _MIRRORED[word("mirrored", _MIRRORED)]
        return CameraStream(
            image_width_px=round(width),
            image_height_px=round(height),
            fps_hz=csv_rows.declared_number(declared, "fps", path, low=0.1, high=1000),
            view=options.view or View(word("view", View)),
            mirrored=mirrored if options.mirrored is None else options.mirrored,
            posture=options.posture or Posture(word("posture", Posture)),
            pose_model=PoseModel(word("pose_model", PoseModel)),
            has_world=self._world,
            audit_model=self._audit_model(word("audit_model", PoseModel)),
        )

    def _audit_model(self, declared: str) -> PoseModel | None:
        """Rows of a second pose model are read only where there are any."""
        return None if self._audit_at is None else PoseModel(declared)

    def _smallest_usual_size(self) -> tuple[int, int]:
        """Of the usual image sizes the smallest that holds the landmarks of the first rows."""
        reach = np.zeros(2)
        for row in islice(csv_rows.rows(self._path, self._head), _FIRST_ROWS):
            if row.cells is None:
                continue
            try:
                values, _ = csv_rows.numbers([row.cells[i] for i in self._image_at])
            except ValueError:
                continue
            xy = values.reshape(33, 4)[:, :2]
            # Landmarks are extrapolated beyond the image: their middle says where the person is.
            if np.isfinite(xy).any(axis=0).all():
                reach = np.maximum(reach, np.nanmedian(xy, axis=0))
        fitting = (s for s in _USUAL_SIZES_PX if s[0] >= reach[0] and s[1] >= reach[1])
        return next(fitting, _USUAL_SIZES_PX[-1])


def write_landmarks_csv(
    path: Path,
    stream: CameraStream,
    frames: Iterable[LandmarkFrame | AuditFrame],
    *,
    started_utc: str | None = None,
    with_person_count: bool = False,
) -> None:
    """Write frames so that reading gives exactly the same numbers. Raises StorageError."""
    words = {value: word for word, value in _MIRRORED.items()}
    declared = [
        ("image_width_px", str(stream.image_width_px)),
        ("image_height_px", str(stream.image_height_px)),
        ("fps", "unknown" if stream.fps_hz is None else repr(stream.fps_hz)),
        ("view", stream.view.value),
        ("mirrored", words[stream.mirrored]),
        ("posture", stream.posture.value),
        ("pose_model", stream.pose_model.value),
        *([("audit_model", stream.audit_model.value)] if stream.audit_model else []),
        *([("started_utc", started_utc)] if started_utc else []),
    ]
    columns = [
        f"{name}_{part}"
        for name in LANDMARKS
        for part in (*_IMAGE[:3], *(_WORLD if stream.has_world else ()), _IMAGE[3])
    ]
    count_column = ["person_count"] if with_person_count else []
    audit_column = [] if stream.audit_model is None else ["audit"]

    def cells(item: LandmarkFrame | AuditFrame) -> list[str]:
        frame, audit = (item.frame, "1") if isinstance(item, AuditFrame) else (item, "0")
        counted = [str(frame.person_count)] if with_person_count else []
        said = [audit] if audit_column else []
        return [*_cells(frame, has_world=stream.has_world), *counted, *said]

    head = ["t_s", *columns, *count_column, *audit_column]
    csv_rows.write_rows(path, declared, chain([head], map(cells, frames)))


def _cells(frame: LandmarkFrame, *, has_world: bool) -> list[str]:
    blocks = [frame.xy_px, frame.image_z_px[:, None]]
    if has_world:
        world = np.full((33, 3), np.nan) if frame.world_m is None else frame.world_m
        blocks.append(world)
    blocks.append(frame.visibility[:, None])
    values = np.where(frame.present[:, None], np.hstack(blocks), np.nan)
    return [
        csv_rows.cell(frame.t_s),
        *("" if math.isnan(v) else repr(v) for v in values.ravel().tolist()),
    ]


def _named(which: np.ndarray) -> str:
    names = [LANDMARKS[i] for i in np.flatnonzero(which)]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if names[3:] else "")


def _rejected(t_s: float, reason: RejectionReason, detail: str) -> Rejection:
    return Rejection(t_s=t_s, source="camera", reason=reason, detail=detail)
