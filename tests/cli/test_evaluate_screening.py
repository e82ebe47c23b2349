"""`lengthwise evaluate screening`: none of the laws broken, and the published page is its own."""

from pathlib import Path

import pytest

from lengthwise.cli.main import main

PAGE = Path(__file__).parents[2] / "docs" / "screening.md"


def test_the_page_is_what_the_command_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "screening.md"
    assert main(["evaluate", "screening", "--lives", "10", "--write", str(written)]) == 0
    assert written.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
    assert "and 10 random ones" in capsys.readouterr().out
