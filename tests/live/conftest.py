"""What tests of the use cases share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lengthwise.live import guided
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProfileStore]:
    """A new profile whose safety questions are answered well."""
    with ProfileStore.open(tmp_path, "anna") as opened:
        good = {q.id: q.good for q in screening().question}
        guided.answer(opened, good, version=screening().version)
        yield opened


@pytest.fixture(scope="module", autouse=True)
def _quicker(small_pictures: None, tables_once: None) -> None:
    """Nobody here looks at the pictures of a report, or at how the tables of a home are made."""
