"""`lengthwise evaluate envelope`: none of the laws broken, and the published page is its own."""

from pathlib import Path

import pytest

from lengthwise.cli.main import main

PAGE = Path(__file__).parents[2] / "docs" / "envelope.md"


def test_the_page_is_what_the_command_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "envelope.md"
    asked = ["evaluate", "envelope", "--sequences", "20", "--jobs", "1", "--write", str(written)]
    assert main(asked) == 0
    assert written.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
    assert "The envelope on 20 random sequences" in capsys.readouterr().out
