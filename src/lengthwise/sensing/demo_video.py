"""Brings the demo video: `Demo/demo.mp4` of the PyPI package sports2d (BSD-3-Clause).

A man raises his arms, jumps, and leaves; a woman walks past. Fetched through the ordinary pip
client as a wheel without its dependencies, checked by digest, kept in `<home>/demo/`.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "sports2d==0.8.34"
_MEMBER = "Sports2D/Demo/demo.mp4"
_SHA256 = "d9a66417185647b112304b57093f0c180f37a768e6a14daca75ca541f3b78039"
_FETCH_TIMEOUT_S = 600


def demo_video_path(home: Path) -> Path:
    return home / "demo" / "demo.mp4"


def demo_video(home: Path, *, wheel: Path | None = None) -> tuple[Path | None, str]:
    """The demo video and an empty reason, or None and why it cannot be had, in one line.

    From the cache where it is whole; `wheel`: a copy of the package already on this machine.
    """
    target = demo_video_path(home)
    try:
        if target.is_file() and _digest(target.read_bytes()) == _SHA256:
            return target, ""
        with tempfile.TemporaryDirectory(prefix="lengthwise-demo-") as scratch:
            if wheel is None:
                wheel = _download(Path(scratch))
            with zipfile.ZipFile(wheel) as package:
                content = package.read(_MEMBER)
        if _digest(content) != _SHA256:
            return None, f"the video in {wheel.name} is not the expected one"
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            partial.write_bytes(content)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except subprocess.TimeoutExpired:
        return None, f"pip gave no answer within {_FETCH_TIMEOUT_S} s"
    except subprocess.CalledProcessError as cause:
        lines = (cause.stderr or "").strip().splitlines()
        return None, f"pip cannot bring {PACKAGE}: {lines[-1] if lines else cause}"
    except (OSError, zipfile.BadZipFile, KeyError) as cause:
        return None, " ".join(str(cause).split())[:160]
    return target, ""


def _download(scratch: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary"]
    subprocess.run(
        [*command, ":all:", PACKAGE],
        cwd=scratch,
        check=True,
        capture_output=True,
        text=True,
        timeout=_FETCH_TIMEOUT_S,
    )
    found = sorted(scratch.glob("*.whl"))
    if not found:
        raise FileNotFoundError(f"pip left no wheel of {PACKAGE}")
    return found[0]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
