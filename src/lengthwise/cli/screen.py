"""The console that every command prints tables and pictures on."""

from rich.console import Console


class Screen(Console):
    """A console whose reader may go away: that is for `main` to end, not for the console."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError
