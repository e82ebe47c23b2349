"""Shared fixtures: where the evaluation data is, and what is skipped when it is not there."""

import gc
import os
from collections.abc import Callable, Generator, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

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

_LONGEST = (
    "tests/cli/test_analyze_command.py", "tests/cli/test_ramp_command.py",
    "tests/live/test_room.py", "tests/body/test_side_lying.py", "tests/record/test_kill_recover.py",
    "tests/live/test_evaluation", "tests/live/test_assess_session.py",
    "tests/live/test_observability.py", "tests/coach/test_ramp_led_laws.py",
    "tests/browser/test_way_through.py", "tests/browser/test_plan_page.py",
    "tests/browser/test_ramp_page.py", "tests/browser/test_keys_and_away.py",
    "tests/browser/test_fog.py",
    "tests/web/test_schema_fuzz.py", "tests/browser/test_eyes_and_stops.py",
)  # fmt: skip
_WAIT = ("tests/browser", "tests/web")
"""For a browser, a server or the clock of the wall, more than they compute."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: a long one that begins last keeps one core waiting for the others.
    And one that waits after each one that computes, so that not all of them wait at once."""

    def rank(file: str) -> int:
        return next((n for n, name in enumerate(_LONGEST) if file.startswith(name)), len(_LONGEST))

    files = {item.path: item.path.relative_to(ROOT).as_posix() for item in items}
    longest = sorted(files, key=lambda path: rank(files[path]))
    wait = [path for path in longest if files[path].startswith(_WAIT)]
    compute = [path for path in longest if path not in wait]
    mixed = (path for pair in zip_longest(compute, wait) for path in pair if path is not None)
    place = {path: n for n, path in enumerate(mixed)}
    items.sort(key=lambda item: place[item.path])


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: no pass of the collector looks at it, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the evaluation data beside the checkout; skips, with the reason, without it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("evaluation data (../shared/data) is not here: this check needs it")
    return folder


@pytest.fixture(scope="module")
def sparse() -> Iterator[None]:
    """Simulated sensors half as often as usual, in half of the time: for what hangs on no rate."""
    from lengthwise.sim import recording

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "RATE_HZ", 50.0)
        patch.setattr(recording, "CAMERA_HZ", 15.0)
        yield


@pytest.fixture(scope="module")
def small_pictures() -> Iterator[None]:
    """Reports with the body a fifth as high, in a sixth of the time: for tests of what a page says.
    How the body is drawn is asked in `tests/report`, at its full size."""
    from lengthwise.report import moments

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moments, "_LONG_SIDE_PX", 120)
        yield


_MADE: dict[tuple[str, bytes], Any] = {}


@pytest.fixture(scope="module")
def tables_once() -> Iterator[None]:
    """A table that each new home keeps is made once for all homes of this process."""
    from lengthwise.contracts.codec import encode
    from lengthwise.live import params, plan_effects

    kept_once = params.kept_once

    def kept(home: Path, name: str, key: object, kind: type, make: Callable[[], Any]) -> Any:
        def made() -> Any:
            at = name, encode(key)
            if at not in _MADE:
                _MADE[at] = make()
            return _MADE[at]

        return kept_once(home, name, key, kind, made)

    with pytest.MonkeyPatch.context() as patch:
        for module in (params, plan_effects):
            patch.setattr(module, "kept_once", kept)
        yield


@pytest.fixture(scope="module")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> None:
    """LSL that stays on this machine; it reads where to once, as it is first imported."""
    config: Path = tmp_path_factory.mktemp("lsl") / "lsl_api.cfg"
    config.write_text(
        "[multicast]\nResolveScope = machine\nListenAddress = 127.0.0.1\n"
        "[lab]\nKnownPeers = {127.0.0.1}\n[ports]\nIPv6 = disable\n[log]\nlevel = -2\n"
    )
    os.environ.setdefault("LSLAPICFG", str(config))
    pytest.importorskip("pylsl", reason="pylsl is not installed: no LSL streams")
