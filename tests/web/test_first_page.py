"""What a browser loads before the first page can be used is small: wasm and the drawn body wait."""

import gzip
import re
from pathlib import Path

import pytest

import lengthwise.web

STATIC = Path(lengthwise.web.__file__).with_name("static")
MOST_BYTES = 150_000
_NAMED = re.compile(r'(?:src|href)="(/assets/[^"]+)"')
_IMPORTED = re.compile(r'(?:from|import)\s*"\./([^"]+\.js)"')
"""Of built modules: what is imported at once; `import("./x.js")` waits until it is wanted."""


def loaded_first(page: Path) -> dict[str, bytes]:
    html = page.read_text(encoding="utf-8")
    found = {page.name: page.read_bytes()}
    waiting = [name.removeprefix("/assets/") for name in _NAMED.findall(html)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = (page.parent / "assets" / name).read_bytes()
            if name.endswith(".js"):
                waiting += _IMPORTED.findall(found[name].decode("utf-8"))
    return found


@pytest.fixture
def first() -> dict[str, bytes]:
    if not (STATIC / "index.html").is_file():
        pytest.skip("the page is not weighed: it is built by make setup, with Node")
    return loaded_first(STATIC / "index.html")


def test_the_first_page_is_small(first: dict[str, bytes]) -> None:
    packed = {name: len(gzip.compress(raw, 9)) for name, raw in first.items()}
    assert sum(packed.values()) <= MOST_BYTES, packed
    assert any(name.startswith("index") and name.endswith(".js") for name in packed)
    assert any(name.endswith(".css") for name in packed)


def test_what_is_heavy_waits(first: dict[str, bytes]) -> None:
    for later in ("pose.worker", "drawing", "playback"):
        assert list((STATIC / "assets").glob(f"{later}-*.js")), later
        assert not [name for name in first if name.startswith(later)], later
