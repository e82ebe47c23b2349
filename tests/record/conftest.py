"""What tests of the record share."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def _small_pictures(small_pictures: None) -> None:
    """Nobody here looks at the pictures of a report."""
