"""What tests of the command line share."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def _small_pictures(small_pictures: None) -> None:
    """Nobody here looks at the pictures of a report."""
