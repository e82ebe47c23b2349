"""Shared fixtures: where the evaluation data is, and what is skipped when it is not there."""

from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes on a busy machine says nothing about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the evaluation data beside the checkout; skips, with the reason, without it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("evaluation data (../shared/data) is not here: this check needs it")
    return folder
