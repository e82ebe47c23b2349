"""Every decision that code or a page refers to is there, and each number stands for one."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
DECISIONS = ROOT / "docs" / "decisions"
_PATH = re.compile(r"\b(\d{4}-[a-z0-9-]+\.md)")


def _texts() -> list[Path]:
    found = [p for f in ("src", "docs") for p in (ROOT / f).rglob("*") if p.is_file()]
    return [p for p in (*found, ROOT / "README.md") if p.suffix in (".md", ".py", ".toml")]


def test_every_decision_that_is_named_exists() -> None:
    named = {
        (name, str(path.relative_to(ROOT)))
        for path in _texts()
        for name in _PATH.findall(path.read_text(encoding="utf-8"))
    }
    assert named
    assert [x for x in sorted(named) if not (DECISIONS / x[0]).exists()] == []


def test_each_number_stands_for_one_decision() -> None:
    numbers = [p.name[:4] for p in DECISIONS.glob("*.md") if p.name[:4].isdigit()]
    assert sorted(set(numbers)) == sorted(numbers)
