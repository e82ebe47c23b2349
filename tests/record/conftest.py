"""What tests of the record share."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def _quicker(small_pictures: None, tables_once: None) -> None:
    """Nobody here looks at the pictures of a report, or at how the tables of a home are made."""
