"""Pose bundles are built from exactly the published weights, once, whole or not at all."""

import hashlib
import io
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lengthwise.contracts.errors import InputError, MissingPartError, StorageError
from lengthwise.contracts.home import data_home
from lengthwise.sensing import demo_video, pose_models
from lengthwise.sensing.blazepose import missing_video_part
from lengthwise.sensing.pose_models import SIZES, build_pose_models, built_pose_models


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The npm package with tiny models in place of the published weights."""
    missing = missing_video_part()
    if missing is not None:
        pytest.skip(str(missing))
    import flatbuffers
    from mediapipe.tasks.metadata import schema_py_generated as stored

    def tiny(note: bytes) -> bytes:
        model = stored.ModelT(version=3, description=note, buffers=[stored.BufferT()])
        builder = flatbuffers.Builder(0)
        builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
        return bytes(builder.Output())

    weights = {name: tiny(name.encode()) for name in ("detector", *SIZES)}
    digests = {name: hashlib.sha256(w).hexdigest() for name, w in weights.items()}
    monkeypatch.setattr(pose_models, "_SHA256", digests)
    monkeypatch.setattr(pose_models, "_DETECTOR_BYTES", len(weights["detector"]))
    members = {f"package/pose_landmark_{size}.tflite": weights[size] for size in SIZES}
    members["package/pose_solution_packed_assets.data"] = weights["detector"] + b"more"
    path = tmp_path / "pose.tgz"
    with tarfile.open(path, "w:gz") as package:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            package.addfile(entry, io.BytesIO(content))
    yield path


def silent(_: str) -> None:
    """No progress shown."""


@pytest.mark.video
def test_each_model_says_how_its_pixels_are_scaled(archive: Path, tmp_path: Path) -> None:
    from mediapipe.tasks.metadata import metadata_schema_py_generated as described
    from mediapipe.tasks.metadata import schema_py_generated as stored

    scaling = {"pose_detector.tflite": (127.5, 127.5), "pose_landmarks_detector.tflite": (0, 255)}
    for path in build_pose_models(tmp_path / "models", progress=silent, archive=archive):
        with zipfile.ZipFile(path) as bundle:
            assert {i.filename for i in bundle.infolist()} == set(scaling)
            for info in bundle.infolist():
                model = stored.ModelT.InitFromPackedBuf(bundle.read(info), 0)
                (entry,) = model.metadata
                assert entry.name == b"TFLITE_METADATA"
                raw = bytes(model.buffers[entry.buffer].data)
                assert raw[4:8] == b"M001"
                metadata = described.ModelMetadataT.InitFromPackedBuf(raw, 0)
                (unit,) = metadata.subgraphMetadata[0].inputTensorMetadata[0].processUnits
                assert (unit.options.mean[0], unit.options.std[0]) == scaling[info.filename]


@pytest.mark.video
def test_the_contents_of_a_bundle_are_stored_and_aligned(archive: Path, tmp_path: Path) -> None:
    for path in build_pose_models(tmp_path / "models", progress=silent, archive=archive):
        raw = path.read_bytes()
        with zipfile.ZipFile(path) as bundle:
            for info in bundle.infolist():
                assert info.compress_type == zipfile.ZIP_STORED
                assert raw.find(bundle.read(info)) % 64 == 0


@pytest.mark.video
def test_building_again_changes_nothing_and_a_damaged_bundle_is_built_again(
    archive: Path, tmp_path: Path
) -> None:
    paths = build_pose_models(tmp_path / "models", progress=silent, archive=archive)
    before = [(p.stat().st_mtime_ns, p.read_bytes()) for p in paths]
    build_pose_models(tmp_path / "models", progress=silent, archive=archive)
    assert [(p.stat().st_mtime_ns, p.read_bytes()) for p in paths] == before
    paths[1].write_bytes(before[1][1][:-100])
    assert built_pose_models(tmp_path)["full"] is None
    build_pose_models(tmp_path / "models", progress=silent, archive=archive)
    assert paths[1].read_bytes() == before[1][1]
    assert sorted(p.name for p in (tmp_path / "models").iterdir()) == sorted(p.name for p in paths)


@pytest.mark.video
def test_other_weights_than_the_published_ones_are_refused(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pose_models._SHA256, "full", "0" * 64)
    with pytest.raises(InputError, match="npm pack"):
        build_pose_models(tmp_path / "models", progress=silent, archive=archive)
    assert list(built_pose_models(tmp_path).values()) == [None, None, None]


@pytest.mark.video
@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b" + bytes(50)])
def test_what_is_no_package_is_refused(archive: Path, tmp_path: Path, content: bytes) -> None:
    archive.write_bytes(content)
    with pytest.raises(InputError) as caught:
        build_pose_models(tmp_path / "models", progress=silent, archive=archive)
    assert "\n" not in str(caught.value)


@pytest.mark.video
def test_weights_that_cannot_be_fetched_leave_a_remedy(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing = [sys.executable, "-c", "import sys; sys.exit('network\\nunreachable')"]
    monkeypatch.setattr(pose_models, "_npm", lambda _: (refusing, {}))
    with pytest.raises(MissingPartError, match=r"unreachable.*lengthwise setup"):
        build_pose_models(tmp_path / "models", progress=silent)


@pytest.mark.video
def test_a_folder_that_cannot_be_written_is_said_in_one_line(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file in the way")
    with pytest.raises(StorageError, match="LENGTHWISE_HOME"):
        build_pose_models(tmp_path / "models", progress=silent, archive=archive)


def test_a_demo_video_that_is_not_the_expected_one_is_not_used(tmp_path: Path) -> None:
    wheel = tmp_path / "package.whl"
    with zipfile.ZipFile(wheel, "w") as package:
        package.writestr("Sports2D/Demo/demo.mp4", b"another film")
    path, reason = demo_video.demo_video(tmp_path, wheel=wheel)
    assert path is None and "not the expected one" in reason
    path, reason = demo_video.demo_video(tmp_path, wheel=tmp_path / "none.whl")
    assert path is None and reason


def test_the_demo_video_is_taken_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_video, "_SHA256", hashlib.sha256(b"film").hexdigest())
    wheel = tmp_path / "package.whl"
    with zipfile.ZipFile(wheel, "w") as package:
        package.writestr("Sports2D/Demo/demo.mp4", b"film")
    expected = (tmp_path / "demo" / "demo.mp4", "")
    assert demo_video.demo_video(tmp_path, wheel=wheel) == expected
    wheel.unlink()
    assert demo_video.demo_video(tmp_path, wheel=wheel) == expected


def test_home_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path / "here"))
    assert data_home() == tmp_path / "here"
    monkeypatch.setenv("LENGTHWISE_HOME", " ")
    assert data_home().is_absolute() and data_home().name == "lengthwise"
