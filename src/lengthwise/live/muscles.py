"""Use case: poses in, muscle-tendon lengths out.

In: poses.csv (`pose_id`, then any of the anatomical coordinates as `<coordinate>_deg`; a column
that is not there is 0 for every pose), or an OpenSim motion (.mot, .sto; see `live.motion_file`).
The attitude of the pelvis is accepted and changes no length: muscles span joints, and the attitude
of the pelvis is not one.

Out, as CSV: `pose_id` (of a motion its time, as that file writes it), `<muscle>_length_mm` for
every muscle, in the order of the model; with moment arms also
`<muscle>_moment_arm_<coordinate>_mm` for every coordinate the muscle spans: minus the change of
length per radian, so that + means that pull turns the joint in the coordinate's + direction. With
`groups` instead `group_<group>_<side>_length_mm` and `group_<group>_<side>_range_fraction`. As
.sto, where the output's name ends so: the same columns in metres, without `_length_mm` and `_mm`.

The output appears whole or not at all.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.home import data_home
from lengthwise.live.pose_files import Progress
from lengthwise.live.pose_opening import open_poses
from lengthwise.live.whole_file import whole_file

if TYPE_CHECKING:
    from lengthwise.live.muscle_tables import MuscleTable
    from lengthwise.tissue.joint_ends import PersonEnds


_ENDINGS = (".csv", ".sto")


class MusclesWritten(Struct, frozen=True):
    """`notes`: what was passed over or taken for granted in reading, a sentence each."""

    poses: int
    out: Path
    notes: tuple[str, ...]


def muscles(
    input_file: Path,
    output_file: Path,
    *,
    moment_arms: bool = False,
    groups: bool = False,
    height_m: float | None = None,
    ends: "PersonEnds | None" = None,
    knees_negative: bool = False,
    progress: Progress = lambda _: None,
) -> MusclesWritten:
    """Write the lengths of every pose. `ends`: of the joints; None: everybody's.

    Raises InputError with one line for what cannot be used, StorageError where the output cannot
    be written.
    """
    check_output(output_file, input_file)
    if output_file.suffix.lower() not in _ENDINGS:
        raise InputError(
            "--out",
            value=output_file,
            allowed=f"a name that ends in {' or '.join(_ENDINGS)}",
            remedy="rename it; OpenSim reads .sto",
        )
    source = open_poses(input_file, knees_negative=knees_negative)
    poses = source.poses(progress)
    first = next(poses)
    from lengthwise.live.muscle_tables import write_csv, write_sto

    table = _table(height_m, ends, groups=groups, moment_arms=moment_arms)
    write = write_sto if output_file.suffix.lower() == ".sto" else write_csv
    with whole_file(output_file) as part, part.open("w", encoding="utf-8", newline="") as file:
        count = write(file, table, first, poses)
    return MusclesWritten(count, output_file, source.notes())


def muscle_paths(output: Path, *, height_m: float | None = None) -> int:
    """Write what lengths are computed from (`body.muscle_binary`); the number of muscles.

    Raises InputError for an implausible height, StorageError where it cannot be written.
    """
    content, count = packed_paths(height_m=height_m)
    with whole_file(output) as part:
        part.write_bytes(content)
    return count


def packed_paths(*, height_m: float | None = None) -> tuple[bytes, int]:
    """The same as bytes, and the number of muscles."""
    from lengthwise.body.anatomy import Anatomy, BodyMeasures
    from lengthwise.body.muscle_binary import packed

    paths = Anatomy.build(BodyMeasures(height_m=height_m)).paths
    return packed(paths), len(paths.names)


def check_output(output_file: Path, input_file: Path | None = None) -> None:
    """Raises InputError where the output would take the place of the input or of a folder."""
    if not output_file.exists():
        return
    if input_file is not None and input_file.exists() and output_file.samefile(input_file):
        raise InputError(
            "--out", value=output_file, allowed="another file than the input", remedy="rename it"
        )
    if not output_file.is_file():
        raise InputError(
            "--out", value=output_file, allowed="a new or an ordinary file", remedy="name another"
        )


def _table(
    height_m: float | None, ends: "PersonEnds | None", *, groups: bool, moment_arms: bool
) -> "MuscleTable":
    from lengthwise.body.anatomy import Anatomy, BodyMeasures
    from lengthwise.live.muscle_tables import fascicle_table, group_table

    anatomy = Anatomy.build(BodyMeasures(height_m=height_m))
    if not groups:
        return fascicle_table(anatomy, moment_arms=moment_arms)
    from lengthwise.live.params import range_bounds
    from lengthwise.tissue.joint_ends import EVERYBODY

    bounds = range_bounds(anatomy, data_home(), ends or EVERYBODY)
    return group_table(anatomy, bounds, moment_arms=moment_arms)
