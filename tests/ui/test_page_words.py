"""The words of the page are calm in every language that it speaks."""

import re
from pathlib import Path

import pytest

from lengthwise.reference.translations import translation
from lengthwise.reference.words import alarming_words

TEXTS = Path(__file__).parents[2] / "ui" / "src" / "texts"
_TEXT = re.compile(r'"[a-z0-9_.A-Z]+":\s*"((?:[^"\\\\]|\\\\.)*)"')


def texts(language: str) -> list[str]:
    files = sorted(TEXTS.glob(f"{language}*.ts"))
    return [text for file in files for text in _TEXT.findall(file.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_text_of_the_page_alarms_or_blames(language: str) -> None:
    found = texts(language)
    assert len(found) > 150
    assert [t for t in found if alarming_words(t)] == []
    spoken = translation(language)
    if spoken is not None:
        assert [t for t in found if spoken.alarming_words(t)] == []
