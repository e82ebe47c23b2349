"""What a command says, where it does what it is asked and where it refuses."""

import re

import pytest

from lengthwise.cli.main import main

TRACE = re.compile(r"Traceback|File \"|Error:")


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that a refused command prints."""
    try:
        code = main(arguments)
    except SystemExit as left:
        code = int(left.code or 0)
    printed = capsys.readouterr()
    assert code == 2, printed
    lines = printed.err.strip().splitlines()
    assert len(lines) == 1, printed.err
    assert not TRACE.search(printed.err)
    return lines[0]


def printed(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    assert main(list(argv)) == 0
    return capsys.readouterr().out
