"""A slow screen holds up nobody and shows the present; decisions are never left out."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from lengthwise.web.lines import CREDIT_AT_FIRST, MOST_CREDIT, MOST_WAITING, Line


def drained(line: Line) -> list[bytes]:
    """What goes out now, without waiting for more."""
    return list(iter(line.ready, None))


events = st.lists(
    st.one_of(st.just("view"), st.just("told"), st.integers(-3, 9), st.just("drain")), max_size=60
)


@given(events)
def test_nothing_decided_is_lost_and_a_view_is_never_older_than_the_newest(
    script: list[str | int],
) -> None:
    line, told, sent, newest = Line(), [], [], b""
    credit = CREDIT_AT_FIRST
    for n, what in enumerate(script):
        if what == "view":
            newest = b"v%d" % n
            line.put(newest, newest=True)
        elif what == "told":
            told.append(b"t%d" % n)
            line.put(told[-1])
        elif what == "drain":
            out = drained(line)
            views = [raw for raw in out if raw.startswith(b"v")]
            assert views in ([], [newest])
            credit -= len(views)
            assert credit >= 0
            sent += [raw for raw in out if raw.startswith(b"t")]
        else:
            assert isinstance(what, int)
            line.credit(what)
            credit = min(credit + max(what, 0), MOST_CREDIT)
    sent += [raw for raw in drained(line) if raw.startswith(b"t")]
    assert sent == told


def test_a_screen_that_reads_nothing_is_let_go() -> None:
    line = Line()
    for _ in range(MOST_WAITING + 2):
        line.put(b"told")
    assert line.closed


def test_what_waits_goes_out_before_the_end() -> None:
    line = Line()
    line.put(b"over")
    line.close()
    assert asyncio.run(both(line)) == [b"over", None]


async def both(line: Line) -> list[bytes | None]:
    return [await line.next(), await line.next()]
