"""What tests of the edge share."""

from collections.abc import Iterator

import pytest

from forked import with_a_nursery


@pytest.fixture(scope="module", autouse=True)
def _nursery() -> Iterator[None]:
    """Where the server runs in this process: of the one that all servers of the tests have."""
    with with_a_nursery():
        yield
