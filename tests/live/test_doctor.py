"""The doctor tries what it says and names a remedy that works where it runs."""

import sys
from pathlib import Path

from lengthwise.live.doctor import Finding, Health, examine, install_command

HERE = Path(__file__).resolve().parents[2]


def finding(home: Path, name: str) -> Finding:
    (found,) = [f for f in examine(home) if f.name == name]
    return found


def test_storage_is_tried(tmp_path: Path) -> None:
    assert finding(tmp_path / "not" / "yet", "storage").health is Health.OK
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    for home in (tmp_path / "file", tmp_path / "file" / "below", Path("/dev/null")):
        found = finding(home, "storage")
        assert found.health is Health.NEEDED
        assert "LENGTHWISE_HOME" in found.remedy


def test_the_demo_video_is_looked_for(tmp_path: Path) -> None:
    missing = finding(tmp_path, "demo video")
    assert (missing.health, missing.remedy) == (Health.OPTIONAL, "for the demo: lengthwise setup")
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "demo.mp4").write_bytes(b"x" * 2_000_000)
    assert finding(tmp_path, "demo video") == Finding("demo video", Health.OK, "2.0 MB")


def test_a_checkout_is_installed_from_itself(tmp_path: Path) -> None:
    command = install_command(extra="video")
    assert command == f"{sys.executable} -m pip install -e '{HERE}[video]'"
    elsewhere = install_command(extra="video", checkout=tmp_path)
    assert elsewhere == f"{sys.executable} -m pip install 'lengthwise[video]'"
    assert install_command(checkout=tmp_path).endswith(" install lengthwise")
