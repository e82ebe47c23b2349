"""What the load bench says of what its pages heard."""

import os
import sys

import pytest

from lengthwise.live.load.memory import alone, held
from lengthwise.live.load.pages import Heard
from lengthwise.live.load.person import drawn
from lengthwise.live.load.run import shares_ms, told


def test_the_same_person_is_drawn_again() -> None:
    a, b = drawn(2, seconds=3.0), drawn(2, seconds=3.0)
    assert a == b
    assert len(a.steps) == pytest.approx(90, abs=2)
    assert drawn(3, seconds=3.0).steps != a.steps


def test_what_was_never_answered_is_counted_and_takes_part_in_no_time() -> None:
    heard = Heard(4, ((0.0, 0.002), (0.1, 0.004), (0.2, 0.006)), (), (0.0,) * 4, 0, None)
    ran = told((heard, heard), seconds=1.0, cores=0.0, most=None)
    assert (ran.images, ran.unanswered) == (8, 2)
    assert ran.answer_ms == pytest.approx((4.0, 6.0, 6.0))
    assert shares_ms([]) != shares_ms([]), "no number, as nothing was heard"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is of Linux")
def test_memory_alone_is_what_is_no_file_and_files_that_are_shared_with_others_or_not() -> None:
    now, whole = alone(os.getpid()), held(os.getpid())
    assert now is not None and whole is not None
    own_mb, files_mb = now
    assert own_mb == pytest.approx(whole.own_mb, rel=0.1)
    assert whole.pss_mb - whole.own_mb < files_mb + 1.0
    assert files_mb < 1.1 * whole.rss_mb - own_mb
