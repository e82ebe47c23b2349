"""What the terminal shows while a session runs: angles, muscles, one cue, and what is fog."""

import time
from collections.abc import Callable
from contextlib import suppress

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from lengthwise.contracts.coordinates import COORDINATES, Side
from lengthwise.contracts.decision import Guidance
from lengthwise.contracts.muscles import GROUP_SIDES, MuscleGroup
from lengthwise.contracts.session import FrameLogged, SessionEvent
from lengthwise.contracts.states import Unseen
from lengthwise.report.words import (
    angle,
    coordinate_name,
    muscle_name,
    range_share,
    unseen_short,
    waiting_short,
)

REDRAW_S = 0.1
BAR = 8


class LiveView:
    """Listens to a session's events and redraws at most every `REDRAW_S`.

    It is a view only: where it cannot be shown (the reader went away, the disk of its file is
    full) the session goes on without it.
    """

    def __init__(
        self,
        console: Console,
        title: str,
        *,
        targets: tuple[tuple[MuscleGroup, Side], ...] = (),
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._live = Live(console=console, auto_refresh=False, transient=False)
        self._title = title
        self._targets = targets
        self._monotonic_s = monotonic_s
        self._due_s = monotonic_s()

    def __enter__(self) -> "LiveView":
        with suppress(OSError):
            self._live.__enter__()
        return self

    def __exit__(self, *problem: object) -> None:
        with suppress(OSError):
            self._live.stop()
            if not self._live.console.is_terminal:
                # In a file or a pipe the last picture is left without its line end.
                self._live.console.line()

    def take(self, event: SessionEvent) -> None:
        if not isinstance(event, FrameLogged) or self._monotonic_s() < self._due_s:
            return
        with suppress(OSError):
            self._live.update(self.picture(event), refresh=True)
        self._due_s = self._monotonic_s() + REDRAW_S

    def picture(self, frame: FrameLogged) -> RenderableType:
        head = Text(f"{self._title}   {frame.body.t_s:5.1f} s", style="bold")
        columns = Table.grid(padding=(0, 4))
        columns.add_row(_angles(frame), _muscles(frame, self._targets))
        parts: list[RenderableType] = [head]
        if frame.guidance is not None:
            parts.append(_guidance(frame.guidance))
        return Group(*parts, columns, _fog(frame))


def _grid(columns: int) -> Table:
    """Rows that are cut at the edge of a narrow terminal and never broken."""
    table = Table.grid(padding=(0, 1))
    for _ in range(columns):
        table.add_column(no_wrap=True)
    return table


def _angles(frame: FrameLogged) -> Table:
    table = _grid(2)
    for coordinate in COORDINATES:
        estimate = frame.body.claimed(coordinate)
        if estimate is not None:
            table.add_row(coordinate_name(coordinate), Text(angle(coordinate, estimate)))
    if not table.rows:
        table.add_row("no joint angle can be seen yet")
    return table


def _muscles(frame: FrameLogged, targets: tuple[tuple[MuscleGroup, Side], ...]) -> Table:
    """The targets first, then the longest known muscles of the moment."""
    known = [gs for i, gs in enumerate(GROUP_SIDES) if frame.tissue.claimed[i]]
    rest = sorted(
        (gs for gs in known if gs not in targets), key=lambda gs: -frame.tissue.fraction(*gs).mean
    )
    table = _grid(3)
    for group, side in [*(gs for gs in targets if gs in known), *rest][:8]:
        estimate = frame.tissue.fraction(group, side)
        style = "bold dark_orange3" if (group, side) in targets else "none"
        table.add_row(
            Text(muscle_name(group, side), style=style),
            Text(bar(estimate.mean), style=style),
            range_share(estimate),
        )
    if not table.rows:
        table.add_row("no muscle length can be told yet")
    return table


def bar(fraction: float) -> str:
    filled = round(min(max(fraction, 0.0), 1.0) * BAR)
    return "█" * filled + "░" * (BAR - filled)


def _guidance(g: Guidance) -> Text:
    side = {Side.LEFT: "left", Side.RIGHT: "right", None: ""}[g.side]
    line = Text(f"{g.phase.value.replace('_', ' ')} {side}  ", style="bold")
    line.append(f"repetition {g.repetition} of {g.repetitions}  ")
    line.append(f"effective {g.effective_s:.0f} of {g.hold_target_s:.0f} s")
    if g.uncertain_s >= 0.5:
        line.append(f"  not known {g.uncertain_s:.0f} s")
    if g.cycles is not None:
        line.append(f"  movements {g.cycles}")
        line.append(f" and {g.unsure_cycles} hollow" if g.unsure_cycles else "")
    if g.gauge is not None:
        line.append(f"  window position {g.gauge.mean:.2f} ± {g.gauge.sd:.2f}")
    if g.countdown is not None:
        line.append(f"  begins in {g.countdown}")
    if g.breath is not None:
        line.append(f"\nbreathe {g.breath.phase.value:<3} {bar(g.breath.progress)}")
    if g.waiting_for:
        line.append(f"\nwaiting: {waiting_short(g.waiting_for[0])}")
    if g.cue_text:
        line.append(f"\n“{g.cue_text}”", style="italic")
    return line


def _fog(frame: FrameLogged) -> Text:
    """Reasons for what is not known, each once, with the coordinates it covers."""
    why: dict[Unseen, list[str]] = {}
    for coordinate, unseen in zip(COORDINATES, frame.body.unseen, strict=True):
        if unseen is not Unseen.CLAIMED:
            why.setdefault(unseen, []).append(coordinate_name(coordinate).lower())
    lines = [f"{unseen_short(u)}: {', '.join(names)}" for u, names in why.items()]
    return Text("\n".join(["not known", *lines]), style="dim") if lines else Text("")
