"""The README names every command, with an example that the parser takes."""

import argparse
import re
import shlex
from pathlib import Path

import pytest

from lengthwise.cli.main import parser

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z-]+)` \| (.+?) \| `lengthwise (.+?)` \|$", README, flags=re.M)
BLOCKS = re.findall(r"^lengthwise (.+?)(?:  +#.*| #.*)?$", README, flags=re.M)


def commands() -> set[str]:
    actions = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return set(actions[0].choices)


def test_every_command_has_its_row_and_no_other_has() -> None:
    assert {name for name, _, _ in ROWS} == commands()
    assert len(ROWS) == len(commands())


@pytest.mark.parametrize("line", [*(example for _, _, example in ROWS), *BLOCKS])
def test_every_example_is_one_that_the_command_takes(line: str) -> None:
    """Bad usage would leave with exit code 2."""
    assert callable(parser().parse_args(shlex.split(line)).run)


def test_the_example_of_a_row_is_of_its_command() -> None:
    assert [name for name, _, example in ROWS if example.split()[0] != name] == []


def test_every_page_of_the_documents_is_named_under_further_reading() -> None:
    named = set(re.findall(r"`docs/([a-z-]+\.md)`", README.partition("## Further")[2]))
    assert named == {page.name for page in (ROOT / "docs").glob("*.md")}
