"""Shared fixtures: where the evaluation data is, and what is skipped when it is not there."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Matrices here are small: a second thread of the linear algebra only waits, and burns a core that
# another worker could use. Read when NumPy is first imported, which is after this file.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# How long an example takes on a busy machine says nothing about the code. The same examples every
# time, so that a change is judged by what it changes; `make fuzz` draws new ones.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("new", deadline=None, print_blob=True)
settings.load_profile("same")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the evaluation data beside the checkout; skips, with the reason, without it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("evaluation data (../shared/data) is not here: this check needs it")
    return folder
