"""`lengthwise evaluate stretches`: the published page is what the command prints now."""

from pathlib import Path

import pytest

from lengthwise.cli.main import main
from lengthwise.reference.stretches import stretches

PAGE = Path(__file__).parents[2] / "docs" / "stretches.md"


def test_the_published_page_is_current(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "stretches.md"
    assert main(["evaluate", "stretches", "--write", str(written)]) == 0
    printed = capsys.readouterr().out
    for stretch in stretches():
        assert stretch.name in printed
    assert written.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
